#include "documents/apply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "documents/validate.hpp"
#include "support/document.hpp"

namespace sluice::engine {
namespace {

// A patch under test: its values are written as JSON, its outcome is given as text.
class PatchOf {
 public:
  PatchOf() = default;
  PatchOf(const PatchOf&) = delete;  // the operations look into the values
  PatchOf& operator=(const PatchOf&) = delete;

  PatchOf& op(Operator op, std::string_view path, std::string_view value = "null") {
    values_.emplace_back("{'v':" + std::string(value) + "}");
    operations_.push_back({op, path, op == Operator::unset ? bson::Value{} : values_.back().at("v")});
    return *this;
  }
  PatchOf& set(std::string_view path, std::string_view value) { return op(Operator::set, path, value); }
  PatchOf& skip_if_contains(std::string_view path, std::string_view value) {
    values_.emplace_back("{'v':" + std::string(value) + "}");
    conditions_.push_back({ConditionKind::skip_if_contains, path, values_.back().at("v")});
    return *this;
  }
  PatchOf& skip_if_exists(std::string_view path) {
    conditions_.push_back({ConditionKind::skip_if_exists, path, {}});
    return *this;
  }
  PatchOf& wait_until_exists() {
    waits_ = true;
    return *this;
  }

  // The new document as JSON, or the outcome's name where there is none.
  std::string on(std::string_view document) {
    const Document before(document);
    return run(before.view());
  }
  std::string on_none() { return run(std::nullopt); }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  std::string run(const std::optional<bson::View>& document) {
    Change change;
    change.kind = ChangeKind::patch;
    change.wait_until_exists = waits_;
    change.operations = operations_;
    change.conditions = conditions_;
    bson::Writer writer;
    const Applied applied = apply(change, document, writer);
    reason_ = applied.reason;
    if (applied.outcome != Outcome::applied) return std::string(to_text(applied.outcome));
    std::string text = json(writer.finish());
    std::erase(text, ' ');
    return text;
  }

  std::deque<Document> values_;
  std::vector<Operation> operations_;
  std::vector<Condition> conditions_;
  bool waits_ = false;
  std::string reason_;
};

PatchOf patch() { return {}; }

TEST(Set, puts_a_value_in_the_place_of_the_old_one) {
  EXPECT_EQ(patch().set("b", "2").on("{'a':1,'b':1,'c':1}"), R"({"a":1,"b":2,"c":1})");
}

TEST(Set, makes_what_is_missing_on_its_way) {
  EXPECT_EQ(patch().set("a.b.c", "'x'").on("{'k':1}"), R"({"k":1,"a":{"b":{"c":"x"}}})");
}

TEST(Set, adds_new_fields_in_the_order_of_the_operations) {
  EXPECT_EQ(patch().set("z", "1").set("m.b", "2").set("a", "3").set("m.a", "4").on("{}"),
            R"({"z":1,"m":{"b":2,"a":4},"a":3})");
}

TEST(Set, starts_from_the_empty_document_when_there_is_none) {
  EXPECT_EQ(patch().set("a", "1").on_none(), R"({"a":1})");
}

TEST(Set, leads_through_arrays_by_index) {
  EXPECT_EQ(patch().set("a.1.x", "5").on("{'a':[{'x':1},{'x':2,'y':0}]}"),
            R"({"a":[{"x":1},{"x":5,"y":0}]})");
  EXPECT_EQ(patch().set("a.2", "9").on("{'a':[1,2]}"), R"({"a":[1,2,9]})");
  EXPECT_EQ(patch().set("a.3", "4").set("a.2", "3").on("{'a':[1,2]}"), R"({"a":[1,2,3,4]})");
}

TEST(Set, is_refused_beyond_the_end_of_an_array_and_by_name_in_it) {
  EXPECT_EQ(patch().set("a.3", "9").on("{'a':[1,2]}"), "rejected");
  EXPECT_EQ(patch().set("a.name", "9").on("{'a':[1,2]}"), "rejected");
  EXPECT_EQ(patch().set("a.01", "9").on("{'a':[1,2]}"), "rejected");
}

TEST(Set, is_refused_through_a_value_that_is_no_document) {
  PatchOf through_text;
  through_text.set("a.b", "1");
  EXPECT_EQ(through_text.on("{'a':'x'}"), "rejected");
  EXPECT_THAT(through_text.reason(), testing::HasSubstr("'a.b'"));
  EXPECT_EQ(patch().set("a.b", "1").on("{'a':null}"), "rejected");
}

TEST(Set, takes_a_number_as_a_field_of_a_document) {
  EXPECT_EQ(patch().set("a.0", "1").on("{'a':{}}"), R"({"a":{"0":1}})");
  EXPECT_EQ(patch().set("a.0", "1").on("{}"), R"({"a":{"0":1}})");
}

TEST(SetOnInsert, acts_only_when_the_document_is_made) {
  EXPECT_EQ(patch().op(Operator::set_on_insert, "a", "1").set("b", "2").on_none(), R"({"a":1,"b":2})");
  EXPECT_EQ(patch().op(Operator::set_on_insert, "a", "1").set("b", "2").on("{}"), R"({"b":2})");
  EXPECT_EQ(patch().op(Operator::set_on_insert, "a.b", "1").on("{'a':5}"), R"({"a":5})");
}

TEST(Unset, removes_a_field_and_makes_nothing) {
  EXPECT_EQ(patch().op(Operator::unset, "a.b").on("{'a':{'b':1,'c':2}}"), R"({"a":{"c":2}})");
  EXPECT_EQ(patch().op(Operator::unset, "x.y.z").on("{'a':1}"), R"({"a":1})");
  EXPECT_EQ(patch().op(Operator::unset, "a.b").on("{'a':1}"), R"({"a":1})");
  EXPECT_EQ(patch().op(Operator::unset, "a.x").on("{'a':[1]}"), R"({"a":[1]})");
}

TEST(Unset, leaves_null_in_an_array_so_that_the_others_keep_their_numbers) {
  EXPECT_EQ(patch().op(Operator::unset, "a.0").on("{'a':[1,2]}"), R"({"a":[null,2]})");
  EXPECT_EQ(patch().op(Operator::unset, "a.5").on("{'a':[1,2]}"), R"({"a":[1,2]})");
}

TEST(Inc, adds_and_sets_what_is_missing) {
  EXPECT_EQ(patch().op(Operator::inc, "n", "2").on("{'n':40}"), R"({"n":42})");
  EXPECT_EQ(patch().op(Operator::inc, "a.n", "2").on("{}"), R"({"a":{"n":2}})");
  EXPECT_EQ(patch().op(Operator::inc, "n", "-3").on("{'n':1.5}"), R"({"n":-1.5})");
  EXPECT_EQ(patch().op(Operator::inc, "n", "0.5").on("{'n':1}"), R"({"n":1.5})");
}

TEST(Inc, grows_from_32_to_64_bits_and_refuses_to_go_beyond) {
  EXPECT_EQ(patch().op(Operator::inc, "n", "1").on("{'n':2147483647}"), R"({"n":2147483648})");
  PatchOf overflow;
  overflow.op(Operator::inc, "n", "1");
  EXPECT_EQ(overflow.on("{'n':{'$numberLong':'9223372036854775807'}}"), "rejected");
  EXPECT_THAT(overflow.reason(), testing::HasSubstr("64 bits"));
}

TEST(Inc, is_refused_of_what_is_no_number) {
  EXPECT_EQ(patch().op(Operator::inc, "n", "1").on("{'n':'5'}"), "rejected");
  EXPECT_EQ(patch().op(Operator::inc, "n", "1").on("{'n':null}"), "rejected");
  EXPECT_EQ(patch().op(Operator::inc, "n", "{'$numberDecimal':'1'}").on("{'n':1}"), "rejected");
}

TEST(MinAndMax, keep_the_lesser_and_the_greater_by_the_order_of_values) {
  EXPECT_EQ(patch().op(Operator::min, "n", "3").on("{'n':5}"), R"({"n":3})");
  EXPECT_EQ(patch().op(Operator::min, "n", "7").on("{'n':5}"), R"({"n":5})");
  EXPECT_EQ(patch().op(Operator::max, "n", "7").on("{'n':5}"), R"({"n":7})");
  EXPECT_EQ(patch().op(Operator::max, "n", "3").on("{'n':5}"), R"({"n":5})");
  EXPECT_EQ(patch().op(Operator::max, "n", "'text'").on("{'n':5}"), R"({"n":"text"})");
  EXPECT_EQ(patch().op(Operator::min, "n", "'text'").on("{'n':5}"), R"({"n":5})");
  EXPECT_EQ(patch().op(Operator::max, "a.n", "1").on("{}"), R"({"a":{"n":1}})");
}

TEST(Push, appends_and_makes_the_array) {
  EXPECT_EQ(patch().op(Operator::push, "a", "3").on("{'a':[1,2]}"), R"({"a":[1,2,3]})");
  EXPECT_EQ(patch().op(Operator::push, "x.a", "3").on("{}"), R"({"x":{"a":[3]}})");
  EXPECT_EQ(patch().op(Operator::push, "a", "1").op(Operator::push, "a", "2").on("{}"), R"({"a":[1,2]})");
  EXPECT_EQ(patch().op(Operator::push, "a", "1").on("{'a':1}"), "rejected");
  EXPECT_EQ(patch().op(Operator::push, "a", "[1]").on("{'a':[]}"), R"({"a":[[1]]})");
}

TEST(AddToSet, appends_what_is_not_there_by_value) {
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "3").on("{'a':[1,3]}"), R"({"a":[1,3]})");
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "1.0").on("{'a':[1]}"), R"({"a":[1]})");
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "2").on("{'a':[1]}"), R"({"a":[1,2]})");
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "'x'").op(Operator::add_to_set, "a", "'x'").on("{}"),
            R"({"a":["x"]})");
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "{'p':1,'q':2}").on("{'a':[{'q':2,'p':1}]}"),
            R"({"a":[{"q":2,"p":1},{"p":1,"q":2}]})");
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "{'p':1.0}").on("{'a':[{'p':1}]}"), R"({"a":[{"p":1}]})");
  EXPECT_EQ(patch().op(Operator::add_to_set, "a", "1").on("{'a':{}}"), "rejected");
}

TEST(Pull, removes_all_that_are_equal) {
  EXPECT_EQ(patch().op(Operator::pull, "a", "1").on("{'a':[1,2,1,1.0,'1']}"), R"({"a":[2,"1"]})");
  EXPECT_EQ(patch().op(Operator::pull, "a.b", "1").on("{'k':0}"), R"({"k":0})");
  EXPECT_EQ(patch().op(Operator::pull, "a.b", "1").on("{'a':1}"), R"({"a":1})");
  EXPECT_EQ(patch().op(Operator::pull, "a", "1").on("{'a':1}"), "rejected");
}

TEST(ArrayOperators, act_in_the_order_they_come_in) {
  EXPECT_EQ(patch().op(Operator::pull, "a", "1").op(Operator::push, "a", "1").on("{'a':[1,2]}"),
            R"({"a":[2,1]})");
  EXPECT_EQ(patch().op(Operator::push, "a", "1").op(Operator::pull, "a", "1").on("{'a':[1,2]}"),
            R"({"a":[2]})");
}

TEST(ArrayOperators, keep_the_numbering_beyond_ten_items) {
  PatchOf many;
  std::string expected;
  for (int i = 0; i < 120; ++i) {
    many.op(Operator::push, "a", std::to_string(i));
    expected += (i == 0 ? "" : ",") + std::to_string(i);
  }
  EXPECT_EQ(many.on("{}"), R"({"a":[)" + expected + "]}");
  EXPECT_EQ(patch().set("a.11", "99").on("{'a':[0,1,2,3,4,5,6,7,8,9,10,11,12]}"),
            R"({"a":[0,1,2,3,4,5,6,7,8,9,10,99,12]})");
}

TEST(Patch, refuses_paths_that_overlap) {
  EXPECT_EQ(patch().set("a", "1").set("a.b", "2").on("{'a':{}}"), "rejected");
  EXPECT_EQ(patch().set("a.b", "1").set("a", "2").on_none(), "rejected");
  EXPECT_EQ(patch().set("a", "1").op(Operator::inc, "a", "2").on("{'a':1}"), "rejected");
  EXPECT_EQ(patch().op(Operator::push, "a", "1").set("a", "2").on("{}"), "rejected");
}

TEST(Patch, touches_only_the_first_of_two_fields_of_one_name) {
  bson::Writer twice;
  twice.int32("a", 1).int32("a", 1);
  const Document before(twice.finish());
  Change change;
  const Document two("{'v':2}");
  const Operation operation{Operator::set, "a", two.at("v")};
  change.operations = {&operation, 1};
  bson::Writer result;
  ASSERT_EQ(apply(change, before.view(), result).outcome, Outcome::applied);
  EXPECT_EQ(result.finish().find("a").as_int64(), 2);
}

TEST(Patch, waits_for_its_document_when_it_shall) {
  EXPECT_EQ(patch().set("a", "1").wait_until_exists().on_none(), "waiting");
  EXPECT_EQ(patch().set("a", "1").wait_until_exists().on("{}"), R"({"a":1})");
}

TEST(Patch, is_skipped_when_one_of_its_conditions_holds) {
  EXPECT_EQ(patch().skip_if_contains("a", "2").set("b", "1").on("{'a':[1,2]}"), "skipped");
  EXPECT_EQ(patch().skip_if_contains("a", "2.0").set("b", "1").on("{'a':[1,2]}"), "skipped");
  EXPECT_EQ(patch().skip_if_contains("a", "3").set("b", "1").on("{'a':[1,2]}"), R"({"a":[1,2],"b":1})");
  EXPECT_EQ(patch().skip_if_contains("a", "3").set("b", "1").on("{'a':3}"), R"({"a":3,"b":1})");
  EXPECT_EQ(patch().skip_if_contains("x", "3").skip_if_exists("a.b").set("b", "1").on("{'a':{'b':null}}"),
            "skipped");
  EXPECT_EQ(patch().skip_if_exists("").set("b", "1").on("{}"), "skipped");
  EXPECT_EQ(patch().skip_if_exists("").set("b", "1").on_none(), R"({"b":1})");
}

TEST(Patch, is_refused_when_the_document_would_be_nested_too_deep) {
  std::string path = "p";
  for (int i = 1; i < DocumentLimits::depth; ++i) path += ".p";
  EXPECT_NE(patch().set(path, "1").on("{}"), "rejected");
  EXPECT_EQ(patch().set(path, "{'a':1}").on("{}"), "rejected");
  EXPECT_EQ(patch().op(Operator::push, path, "[]").on("{}"), "rejected");
}

TEST(Patch, is_refused_when_the_document_would_be_too_large) {
  const std::string half(DocumentLimits::bytes / 2, 'x');
  PatchOf grows;
  grows.set("b", "'" + half + "'");
  EXPECT_EQ(grows.on("{'a':'" + half + "'}"), "rejected");
  EXPECT_THAT(grows.reason(), testing::HasSubstr("16777216"));
}

TEST(Insert, is_a_conflict_when_there_is_a_document) {
  const Document content("{'a':1}");
  Change change;
  change.kind = ChangeKind::insert;
  change.content = content.view();
  bson::Writer result;
  EXPECT_EQ(apply(change, std::nullopt, result).outcome, Outcome::applied);
  EXPECT_EQ(json(result.finish()), json(content.view()));
  const Applied second = apply(change, content.view(), result);
  EXPECT_EQ(second.outcome, Outcome::rejected);
  EXPECT_EQ(second.code, Code::store_conflict);
}

TEST(Replace, puts_the_content_whether_there_is_a_document_or_not) {
  const Document content("{'a':1}");
  const Document old("{'b':1}");
  Change change;
  change.kind = ChangeKind::replace;
  change.content = content.view();
  bson::Writer result;
  EXPECT_EQ(apply(change, old.view(), result).outcome, Outcome::applied);
  EXPECT_EQ(json(result.finish()), json(content.view()));
}

TEST(Remove, leaves_no_document_whether_there_is_one_or_not) {
  Change change;
  change.kind = ChangeKind::remove;
  bson::Writer result;
  const Applied applied = apply(change, std::nullopt, result);
  EXPECT_EQ(applied.outcome, Outcome::applied);
  EXPECT_TRUE(applied.removed);
}

}  // namespace
}  // namespace sluice::engine
