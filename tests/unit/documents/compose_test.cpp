#include "documents/compose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "documents/apply.hpp"
#include "support/document.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

// Changes of one document, their values written as JSON.
class ComposeTest : public testing::Test {
 protected:
  struct Op {
    Operator op;
    std::string_view path;
    std::string_view value;
  };
  static constexpr auto inc = Operator::inc;
  static constexpr auto set = Operator::set;
  static constexpr auto unset = Operator::unset;
  static constexpr auto min = Operator::min;
  static constexpr auto max = Operator::max;
  static constexpr auto push = Operator::push;
  static constexpr auto add_to_set = Operator::add_to_set;
  static constexpr auto pull = Operator::pull;
  static constexpr auto set_on_insert = Operator::set_on_insert;

  Change patch(std::initializer_list<Op> operations) {
    std::vector<Operation>& made = operations_.emplace_back();
    for (const Op& op : operations)
      made.push_back({op.op, op.path, op.op == Operator::unset ? bson::Value{} : value(op.value)});
    Change change = of_kind(ChangeKind::patch);
    change.operations = made;
    return change;
  }
  Change waiting(std::initializer_list<Op> operations) {
    Change change = patch(operations);
    change.wait_until_exists = true;
    return change;
  }
  Change conditional(std::initializer_list<Op> operations) {
    Change change = patch(operations);
    auto& made = conditions_.emplace_back();
    made.push_back({ConditionKind::skip_if_exists, "gone", {}});
    change.conditions = made;
    return change;
  }
  Change whole(ChangeKind kind, std::string_view content = "{}") {
    Change change = of_kind(kind);
    change.content = documents_.emplace_back(content).view();
    return change;
  }
  Change remove() { return of_kind(ChangeKind::remove); }

  // The document after these changes one by one, on a document or (empty text) on none.
  std::string apply_all(const std::vector<Change>& changes, std::string_view before) {
    std::optional<Document> document;
    if (!before.empty()) document.emplace(before);
    for (const Change& change : changes) {
      bson::Writer writer;
      const Applied applied =
          apply(change, document ? std::optional(document->view()) : std::nullopt, writer);
      if (applied.outcome != Outcome::applied) return std::string(to_text(applied.outcome));
      if (applied.removed)
        document.reset();
      else
        document.emplace(writer.finish());
    }
    return document ? json(document->view()) : "none";
  }

  // Coalesces from the first on as far as it goes; gives how many joined.
  std::size_t coalesce(const std::vector<Change>& changes) {
    Coalescer coalescer;
    coalescer.start(changes[0]);
    std::size_t joined = 1;
    while (joined < changes.size() && coalescer.add(changes[joined])) ++joined;
    group_ = coalescer.finish(arena_);
    return joined;
  }
  // All join, and the result is the same as one by one on each of these documents.
  void expect_one(const std::vector<Change>& changes,
                  std::initializer_list<std::string_view> documents = {"", "{}"}) {
    ASSERT_EQ(coalesce(changes), changes.size());
    for (const std::string_view document : documents)
      EXPECT_EQ(apply_all({group_}, document), apply_all(changes, document)) << "on " << document;
  }
  void expect_apart(const std::vector<Change>& changes) { EXPECT_EQ(coalesce(changes), 1U); }

  std::string composed(const Change& first, const Change& second, std::string_view before) {
    const auto both = compose(first, second, arena_);
    return both ? apply_all({*both}, before) : both.error().message;
  }

  bson::Value value(std::string_view text) {
    return documents_.emplace_back("{'v':" + std::string(text) + "}").at("v");
  }

  Arena arena_;
  Change group_;

 private:
  static Change of_kind(ChangeKind kind) {
    Change change;
    change.kind = kind;
    change.document.collection = "things";
    return change;
  }
  std::deque<Document> documents_;
  std::deque<std::vector<Operation>> operations_;
  std::deque<std::vector<Condition>> conditions_;
};

TEST_F(ComposeTest, knows_when_one_path_lies_in_the_other) {
  EXPECT_TRUE(overlap("a", "a"));
  EXPECT_TRUE(overlap("a", "a.b"));
  EXPECT_TRUE(overlap("a.b.c", "a.b"));
  EXPECT_FALSE(overlap("a", "ab"));
  EXPECT_FALSE(overlap("a.b", "a.c"));
  EXPECT_FALSE(overlap("a.b", "a.bc"));
}

using Coalescing = ComposeTest;

TEST_F(Coalescing, leaves_a_change_alone_as_it_is) {
  const Change only = patch({{inc, "n", "1"}});
  EXPECT_EQ(coalesce({only}), 1U);
  EXPECT_EQ(group_.operations.data(), only.operations.data());
}

TEST_F(Coalescing, adds_up_what_is_added) {
  expect_one({patch({{inc, "n", "1"}}), patch({{inc, "n", "2"}}), patch({{inc, "n", "-7"}})},
             {"", "{'n':5}", "{'n':1.5}"});
  EXPECT_EQ(group_.operations.size(), 1U);
  EXPECT_EQ(group_.operations[0].value.type, bson::Type::int32) << "as single ones would leave it";
}

TEST_F(Coalescing, grows_into_the_wider_integer) {
  expect_one({patch({{inc, "n", "2000000000"}}), patch({{inc, "n", "2000000000"}})});
  expect_one({patch({{inc, "n", "1"}}), patch({{inc, "n", "{'$numberLong':'1'}"}})}, {"", "{'n':1}"});
  EXPECT_EQ(group_.operations[0].value.type, bson::Type::int64);
}

TEST_F(Coalescing, does_not_add_up_what_would_overflow_or_round) {
  expect_apart({patch({{inc, "n", "9223372036854775807"}}), patch({{inc, "n", "1"}})});
  expect_apart({patch({{inc, "n", "0.1"}}), patch({{inc, "n", "0.2"}})});
}

TEST_F(Coalescing, keeps_the_extreme_of_minimum_and_maximum) {
  expect_one({patch({{max, "x", "3"}, {min, "y", "3"}}), patch({{max, "x", "5"}, {min, "y", "5"}}),
              patch({{max, "x", "4"}, {min, "y", "1"}})},
             {"", "{'x':4,'y':2}", "{'x':9,'y':0}", "{'x':'text','y':'text'}"});
  EXPECT_EQ(group_.operations.size(), 2U);
}

TEST_F(Coalescing, keeps_the_order_of_what_goes_into_arrays) {
  expect_one(
      {patch({{push, "a", "1"}}), patch({{push, "a", "2"}, {push, "a", "1"}}), patch({{push, "a", "3"}})},
      {"", "{'a':[9]}"});
  expect_one(
      {patch({{add_to_set, "a", "1"}}), patch({{add_to_set, "a", "2"}}), patch({{add_to_set, "a", "1"}})},
      {"", "{'a':[2]}"});
  expect_one({patch({{pull, "a", "1"}}), patch({{pull, "a", "2"}})}, {"", "{'a':[1,2,3,1]}"});
}

TEST_F(Coalescing, joins_what_touches_different_places) {
  expect_one({patch({{set, "a", "1"}}), patch({{set, "b", "2"}}), patch({{unset, "c", ""}})},
             {"", "{'c':1}"});
}

TEST_F(Coalescing, leaves_apart_what_meets_in_one_place) {
  expect_apart({patch({{set, "a", "1"}}), patch({{set, "a", "2"}})});
  expect_apart({patch({{set, "a.b", "1"}}), patch({{unset, "a", ""}})});
  expect_apart({patch({{inc, "n", "1"}}), patch({{set, "n", "1"}})});
  expect_apart({patch({{push, "a", "1"}}), patch({{pull, "a", "1"}})});
  expect_apart({patch({{min, "n", "1"}}), patch({{max, "n", "1"}})});
}

TEST_F(Coalescing, joins_all_of_a_change_or_nothing) {
  EXPECT_EQ(coalesce({patch({{inc, "n", "1"}}), patch({{inc, "n", "1"}, {set, "n.m", "1"}})}), 1U);
  EXPECT_EQ(apply_all({group_}, ""), "{ \"n\" : 1 }");
}

TEST_F(Coalescing, forgets_what_is_for_new_documents_once_there_is_one) {
  expect_one({patch({{set_on_insert, "made", "1"}, {inc, "n", "1"}}),
              patch({{set_on_insert, "made", "2"}, {inc, "n", "1"}}),
              patch({{set_on_insert, "late", "3"}, {inc, "n", "1"}})},
             {"", "{'n':5}"});
}

TEST_F(Coalescing, lets_a_replace_take_the_place_of_what_was_before) {
  expect_one({patch({{inc, "n", "1"}}), whole(ChangeKind::replace, "{'a':1}"),
              whole(ChangeKind::replace, "{'a':2}")},
             {"", "{'n':5}"});
}

TEST_F(Coalescing, leaves_apart_whatever_depends_on_the_document) {
  const Change plain = patch({{inc, "n", "1"}});
  expect_apart({plain, waiting({{inc, "n", "1"}})});
  expect_apart({waiting({{inc, "n", "1"}}), plain});
  expect_apart({plain, conditional({{inc, "n", "1"}})});
  expect_apart({whole(ChangeKind::insert), plain});
  expect_apart({plain, whole(ChangeKind::insert)});
  expect_apart({whole(ChangeKind::insert), whole(ChangeKind::replace)});
  expect_apart({whole(ChangeKind::replace), plain});
  expect_apart({plain, remove()});
  expect_apart({remove(), plain});
  expect_apart({remove(), whole(ChangeKind::replace)});
}

TEST_F(Coalescing, ends_a_group_of_very_many_places) {
  std::deque<std::string> paths;
  std::vector<Change> changes;
  for (int i = 0; i < 1000; ++i)
    changes.push_back(patch({{push, paths.emplace_back("p" + std::to_string(i)), "1"}}));
  EXPECT_EQ(coalesce(changes), 256U);
}

TEST_F(Coalescing, is_the_same_as_one_by_one_for_whatever_joins) {
  const std::vector<Op> all{{inc, "n", "1"},  {inc, "n", "-2"},          {inc, "m.n", "3"},
                            {max, "x", "4"},  {max, "x", "2"},           {min, "y", "4"},
                            {set, "s", "1"},  {set, "m.s", "2"},         {unset, "u", ""},
                            {push, "a", "1"}, {push, "a", "2"},          {add_to_set, "b", "1"},
                            {pull, "c", "1"}, {set_on_insert, "o", "1"}, {set, "m", "{}"}};
  for (unsigned seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    std::vector<Change> changes;
    for (int i = 0; i < 6; ++i) {
      const Op& one = all[random() % all.size()];
      const Op& other = all[random() % all.size()];
      changes.push_back(overlap(one.path, other.path) ? patch({one}) : patch({one, other}));
    }
    changes.resize(coalesce(changes));
    for (const std::string_view document :
         {"", "{}", "{'n':1,'x':3,'a':[1],'c':[1,2],'u':1,'m':{'n':1}}", "{'n':'text'}"}) {
      const std::string single = apply_all(changes, document);
      ASSERT_EQ(apply_all({group_}, document), single) << "seed " << seed << " on " << document;
    }
  }
}

using Composing = ComposeTest;

TEST_F(Composing, makes_one_patch_of_two_on_different_places) {
  EXPECT_EQ(composed(patch({{set, "a", "1"}}), patch({{inc, "n", "2"}}), "{}"), "{ \"a\" : 1, \"n\" : 2 }");
}

TEST_F(Composing, merges_what_commutes_so_that_each_place_is_named_once) {
  const auto both = compose(patch({{inc, "n", "1"}, {max, "x", "3"}, {min, "y", "3"}}),
                            patch({{inc, "n", "2"}, {max, "x", "5"}, {min, "y", "5"}}), arena_);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->operations.size(), 3U);
  EXPECT_EQ(apply_all({*both}, ""), "{ \"n\" : 3, \"x\" : 5, \"y\" : 3 }");
}

TEST_F(Composing, adds_integers_to_doubles) {
  EXPECT_EQ(composed(patch({{inc, "n", "1"}}), patch({{inc, "n", "0.5"}}), ""), "{ \"n\" : 1.5 }");
}

TEST_F(Composing, keeps_the_order_of_what_goes_into_arrays) {
  EXPECT_EQ(composed(patch({{push, "a", "1"}}), patch({{push, "a", "2"}}), ""), "{ \"a\" : [ 1, 2 ] }");
}

TEST_F(Composing, waits_if_one_of_them_waits) {
  const auto both = compose(patch({{inc, "n", "1"}}), waiting({{inc, "m", "1"}}), arena_);
  ASSERT_TRUE(both);
  EXPECT_TRUE(both->wait_until_exists);
}

TEST_F(Composing, lets_a_replace_or_remove_take_the_place_of_a_patch) {
  EXPECT_EQ(composed(patch({{inc, "n", "1"}}), whole(ChangeKind::replace, "{'a':1}"), "{}"), "{ \"a\" : 1 }");
  EXPECT_EQ(composed(patch({{inc, "n", "1"}}), remove(), "{}"), "none");
  EXPECT_EQ(composed(whole(ChangeKind::replace, "{'a':1}"), whole(ChangeKind::replace, "{'b':1}"), "{}"),
            "{ \"b\" : 1 }");
}

TEST_F(Composing, tells_the_author_what_cannot_be_one_change) {
  const auto refused = [this](const Change& first, const Change& second, std::string_view why) {
    const auto both = compose(first, second, arena_);
    ASSERT_FALSE(both) << why;
    EXPECT_EQ(both.error().code, Code::handler_invalid_change);
    EXPECT_THAT(both.error().message, HasSubstr("\"things\""));
    EXPECT_THAT(both.error().message, HasSubstr(std::string(why)));
  };
  const Change plain = patch({{push, "a", "1"}});
  refused(plain, patch({{set, "a.0", "1"}}), "both write to \"a.0\"");
  refused(patch({{set, "a", "1"}}), patch({{set, "a", "1"}}), "both write to \"a\"");
  refused(patch({{inc, "n", "9223372036854775807"}}), patch({{inc, "n", "1"}}), "the sum");
  refused(plain, conditional({{inc, "n", "1"}}), "a condition");
  refused(conditional({{inc, "n", "1"}}), plain, "a condition");
  refused(remove(), plain, "removes");
  refused(remove(), whole(ChangeKind::insert), "removes");
  refused(whole(ChangeKind::insert), plain, "whole document");
  refused(whole(ChangeKind::insert), remove(), "whole document");
  refused(whole(ChangeKind::replace), plain, "whole document");
  refused(plain, whole(ChangeKind::insert), "whole document");
}

}  // namespace
}  // namespace sluice::engine
