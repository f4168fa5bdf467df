#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "documents/change_list.hpp"
#include "support/document.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class ChangeListTest : public testing::Test {
 protected:
  bson::Value value(std::string_view text) {
    return documents_.emplace_back("{'v':" + std::string(text) + "}").at("v");
  }

  Change patch(std::vector<Operation> operations, std::string_view id = "'a'") {
    Change change;
    change.document.collection = "things";
    change.document.id = value(id);
    change.operations = kept_.emplace_back(std::move(operations));
    return change;
  }
  Change inc(std::string_view path, std::string_view id = "'a'") {
    return patch({{Operator::inc, path, value("1")}}, id);
  }
  void expect_refused(const Change& change, std::string_view why) {
    const auto added = list.add(change);
    ASSERT_FALSE(added) << why;
    EXPECT_EQ(added.error().code, Code::handler_invalid_change);
    EXPECT_THAT(added.error().message, HasSubstr(std::string(why)));
    EXPECT_THAT(list.changes(), SizeIs(0));
  }

  Arena arena;
  ChangeList list{arena};

 private:
  std::deque<Document> documents_;
  std::deque<std::vector<Operation>> kept_;
};

TEST_F(ChangeListTest, keeps_copies_of_everything) {
  std::string path = "n";
  std::string collection = "things";
  {
    const Document gone("{'v':'a','one':1}");
    Change change = patch({{Operator::inc, path, gone.at("one")}});
    change.document.collection = collection;
    change.document.id = gone.at("v");
    ASSERT_TRUE(list.add(change));
  }
  path = "?";
  collection = "??????";
  const Change& kept = list.changes()[0];
  EXPECT_EQ(kept.document.collection, "things");
  EXPECT_EQ(kept.document.id.as_text(), "a");
  EXPECT_EQ(kept.operations[0].path, "n");
  EXPECT_EQ(kept.operations[0].value.as_int64(), 1);
  EXPECT_EQ(kept.document.hash, document_hash("things", kept.document.id));
}

TEST_F(ChangeListTest, keeps_the_order_in_which_documents_were_first_named) {
  ASSERT_TRUE(list.add(inc("n", "'b'")));
  ASSERT_TRUE(list.add(inc("n", "'a'")));
  ASSERT_TRUE(list.add(inc("m", "'b'")));
  ASSERT_THAT(list.changes(), SizeIs(2));
  EXPECT_EQ(list.changes()[0].document.id.as_text(), "b");
  EXPECT_THAT(list.changes()[0].operations, SizeIs(2));
}

TEST_F(ChangeListTest, knows_one_document_by_equal_ids) {
  ASSERT_TRUE(list.add(inc("n", "1")));
  ASSERT_TRUE(list.add(inc("m", "1.0")));
  ASSERT_TRUE(list.add(inc("o", "{'$numberLong':'1'}")));
  ASSERT_TRUE(list.add(inc("p", "'1'")));
  EXPECT_THAT(list.changes(), SizeIs(2)) << "the text is another";
}

TEST_F(ChangeListTest, tells_apart_documents_of_different_collections) {
  ASSERT_TRUE(list.add(inc("n")));
  Change other = inc("n");
  other.document.collection = "others";
  ASSERT_TRUE(list.add(other));
  EXPECT_THAT(list.changes(), SizeIs(2));
}

TEST_F(ChangeListTest, refuses_what_is_no_name_or_id) {
  Change change = inc("n");
  change.document.collection = "system.users";
  expect_refused(change, "system.users");
  change.document.collection = "";
  expect_refused(change, "");
  change = inc("n");
  change.document.id = value("1.5");
  expect_refused(change, "not whole");
  change.document.id = value("''");
  expect_refused(change, "");
  change.document.id = value("null");
  expect_refused(change, "");
}

TEST_F(ChangeListTest, refuses_operations_that_mean_nothing) {
  expect_refused(inc(""), "");
  expect_refused(inc("$where"), "$where");
  expect_refused(inc("_sluice.k"), "_sluice");
  expect_refused(inc("_id"), "_id");
  expect_refused(patch({{Operator::inc, "n", value("'text'")}}), "needs a number");
  expect_refused(patch({{Operator::set, "n", {}}}), "needs a value");
  expect_refused(patch({{Operator::unset, "n", value("1")}}), "takes no value");
}

TEST_F(ChangeListTest, refuses_two_operations_in_one_place_but_for_the_repeatable_ones) {
  expect_refused(patch({{Operator::set, "a", value("1")}, {Operator::inc, "a.b", value("1")}}), "\"a.b\"");
  expect_refused(patch({{Operator::inc, "n", value("1")}, {Operator::inc, "n", value("1")}}), "\"n\"");
  EXPECT_TRUE(list.add(patch({{Operator::push, "a", value("1")}, {Operator::push, "a", value("2")}})));
}

TEST_F(ChangeListTest, refuses_parts_of_a_patch_in_other_changes) {
  Change replace = inc("n");
  replace.kind = ChangeKind::replace;
  expect_refused(replace, "belong to a patch alone");
  Change remove = patch({});
  remove.kind = ChangeKind::remove;
  remove.wait_until_exists = true;
  expect_refused(remove, "belong to a patch alone");
}

TEST_F(ChangeListTest, refuses_conditions_without_what_they_compare) {
  const Condition condition{ConditionKind::skip_if_contains, "a", {}};
  Change change = inc("n");
  change.conditions = {&condition, 1};
  expect_refused(change, "needs a value");
}

TEST_F(ChangeListTest, knows_the_condition_on_the_whole_document) {
  const Condition condition{ConditionKind::skip_if_exists, "", {}};
  Change change = inc("n");
  change.conditions = {&condition, 1};
  EXPECT_TRUE(list.add(change));
}

TEST_F(ChangeListTest, passes_on_what_cannot_be_composed) {
  ASSERT_TRUE(list.add(patch({{Operator::set, "a", value("1")}})));
  const auto added = list.add(patch({{Operator::set, "a", value("2")}}));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Code::handler_invalid_change);
}

}  // namespace
}  // namespace sluice::engine
