// Batches and documents that are too large, and unique values that are taken.
#include "scene.hpp"

namespace sluice::engine::mongodb {
namespace {

using Limits = Scene;

TEST_F(Limits, a_batch_larger_than_a_command_goes_in_several) {
  const std::string filler(2'000'000, 'x');
  std::vector<Writing> batch;
  for (int i = 0; i < 20; ++i) batch.push_back(insert(std::to_string(i), "{'big':'" + filler + "'}"));
  EXPECT_EQ(write(batch).outcome(), "applied");
  EXPECT_EQ(database().find("users").size(), 20U);
}

TEST_F(Limits, one_document_too_large_is_refused_alone) {
  const std::string filler(std::size_t{16} << 20U, 'x');
  const Written written = write({insert("a"), insert("b", "{'big':'" + filler + "'}"), insert("c")});
  EXPECT_EQ(written.results[0].outcome, Outcome::applied);
  EXPECT_EQ(written.results[1].outcome, Outcome::rejected);
  EXPECT_NE(written.results[1].reason.find("16777216"), std::string::npos) << written.results[1].reason;
  EXPECT_EQ(written.results[2].outcome, Outcome::applied);
  EXPECT_FALSE(written.error);
}

TEST_F(Limits, a_document_that_would_grow_too_large_is_refused_and_stays) {
  const std::string filler(std::size_t{9} << 20U, 'x');
  ASSERT_EQ(write({insert("a", "{'big':'" + filler + "','n':1}")}).outcome(), "applied");
  const Written written =
      write({Writing(ChangeKind::patch, "users", "'a'").set("more", "'" + filler + "'").at(6)});
  EXPECT_EQ(written.outcome(), "rejected");
  EXPECT_EQ(n_of("a"), 1);
}

TEST_F(Limits, a_taken_unique_value_waits_and_an_applied_change_is_not_taken_for_it) {
  const std::vector<CollectionSpec> collections{{"users", {{.keys = {{"email"}}, .unique = true}}, false}};
  ASSERT_TRUE(store().prepare(collections));
  ASSERT_EQ(write({insert("a", "{'email':'x'}")}).outcome(), "applied");
  const Written written =
      write({insert("b", "{'email':'x'}"), insert("a", "{'email':'x'}"), insert("c", "{'email':'y'}")});
  EXPECT_EQ(written.results[0].outcome, Outcome::waiting);
  EXPECT_EQ(written.results[0].code, Code::store_conflict);
  EXPECT_NE(written.results[0].reason.find("email"), std::string::npos);
  EXPECT_EQ(written.results[1].outcome, Outcome::already_applied);
  EXPECT_EQ(written.results[2].outcome, Outcome::applied);
}

TEST_F(Limits, a_validator_refuses_a_change_but_not_the_memory_of_an_applied_one) {
  database().run("{'collMod':'users','validator':{'$jsonSchema':{'required':['name']}}}");
  const Writing named = Writing(ChangeKind::insert, "users", "'a'").content("{'name':'Anna','n':0}").at(4);
  ASSERT_EQ(write({named}).outcome(), "applied");
  ASSERT_EQ(write({count("a")}).outcome(), "applied");
  const Written written = write({count("a"), count("b")});
  EXPECT_EQ(written.results[0].outcome, Outcome::already_applied)
      << "as an upsert it tries to insert, and the validator speaks before the index";
  EXPECT_EQ(written.results[1].outcome, Outcome::rejected);
  EXPECT_NE(written.results[1].reason.find("DocumentValidationFailure (121)"), std::string::npos);
  EXPECT_EQ(n_of("a"), 1);
}

TEST_F(Limits, mixed_operators_on_one_array_are_carried_out_in_their_order) {
  const auto mixed = [](std::int64_t sequence) {
    return Writing(ChangeKind::patch, "users", "'a'")
        .op(Operator::push, "a", "1")
        .op(Operator::pull, "a", "2")
        .op(Operator::add_to_set, "a", "3")
        .at(sequence);
  };
  EXPECT_EQ(write({mixed(1)}).outcome(), "applied");
  EXPECT_EQ(write({Writing(ChangeKind::patch, "users", "'a'").op(Operator::push, "a", "2").at(2)}).outcome(),
            "applied");
  EXPECT_EQ(write({mixed(3)}).outcome(), "applied");
  EXPECT_EQ(write({mixed(3)}).outcome(), "already_applied");
  EXPECT_EQ(write({mixed(4).skip_if_contains("a", "3")}).outcome(), "skipped");
  EXPECT_EQ(write({mixed(4)}).outcome(), "already_applied");
  EXPECT_EQ(json(database().find("users").front().view()),
            json(Document("{'_id':'a','a':[1,3,1],'_sluice':{'k3vq2xha_0':4}}").view()));
}

}  // namespace
}  // namespace sluice::engine::mongodb
