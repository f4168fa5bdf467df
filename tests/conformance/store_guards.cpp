// Exactly once: the watermarks, groups, generations, tombstones and replays.
#include <thread>

#include "store_suite.hpp"

namespace sluice::engine {
namespace {

using StoreGuards = StoreSuite;
INSTANTIATE_TEST_SUITE_P(Store, StoreGuards, testing::ValuesIn(all_stores()), kind_name);

TEST_P(StoreGuards, what_was_applied_is_not_applied_again) {
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(5)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(5)), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(4)), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(6)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':2}"));
}

TEST_P(StoreGuards, every_kind_is_guarded) {
  for (const ChangeKind kind :
       {ChangeKind::insert, ChangeKind::replace, ChangeKind::patch, ChangeKind::remove}) {
    const std::string id = "'" + std::to_string(static_cast<int>(kind)) + "'";
    ASSERT_EQ(write(insert(id).at(7)), Outcome::applied);
    Writing again(kind, "users", id);
    if (kind == ChangeKind::patch)
      again.inc("n", "1");
    else
      again.content("{'n':9}");
    EXPECT_EQ(write(again.at(7)), Outcome::already_applied);
    EXPECT_EQ(document(id), same("{'n':1}"));
  }
}

TEST_P(StoreGuards, each_key_has_a_watermark_of_its_own) {
  EXPECT_EQ(write(patch("'a'").inc("n", "1").key("k3vq2xha_0").at(100)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").key("k3vq2xha_1").at(3)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").key("abcdefgh_0").at(3)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").key("k3vq2xha_1").at(3)), Outcome::already_applied);
  EXPECT_EQ(document("'a'"), same("{'n':3}"));
}

TEST_P(StoreGuards, a_replace_keeps_the_watermarks_of_others) {
  ASSERT_EQ(write(patch("'a'").inc("n", "1").key("other_0").at(50)), Outcome::applied);
  ASSERT_EQ(write(replace("'a'").at(1)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").key("other_0").at(50)), Outcome::already_applied);
}

TEST_P(StoreGuards, a_group_is_checked_with_its_first_and_leaves_its_last) {
  EXPECT_EQ(write(patch("'a'").inc("n", "3").group(5, 9)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(9)), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "5").group(8, 12)), Outcome::already_applied)
      << "a part of it was applied: the whole group is not";
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(10)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':4}"));
}

TEST_P(StoreGuards, what_is_skipped_stays_skipped) {
  ASSERT_EQ(write(insert("'a'", "{'n':1,'tags':['x']}").at(1)), Outcome::applied);
  const Writing skipped = patch("'a'").skip_if_contains("tags", "'x'").inc("n", "1").at(2);
  EXPECT_EQ(write(skipped), Outcome::skipped);
  ASSERT_EQ(write(patch("'a'").op(Operator::pull, "tags", "'x'").key("other_0").at(1)), Outcome::applied);
  EXPECT_EQ(write(skipped), Outcome::already_applied);
  EXPECT_EQ(document("'a'"), same("{'n':1,'tags':[]}"));
}

TEST_P(StoreGuards, what_is_rejected_moves_nothing) {
  ASSERT_EQ(write(insert("'a'", "{'n':'text'}").at(1)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(9)), Outcome::rejected);
  EXPECT_EQ(write(patch("'a'").set("n", "1").at(2)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(9)), Outcome::applied);
}

TEST_P(StoreGuards, a_newer_generation_counts_anew_and_fences_the_older) {
  const auto at = [](int generation, std::int64_t position) {
    return Sequence::of(generation, Position{position}).value();
  };
  ASSERT_EQ(write(patch("'a'").inc("n", "1").at(at(0, 1000))), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(at(1, 1))), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(at(0, 2000))), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(at(127, Sequence::max_position))), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(at(127, Sequence::max_position))), Outcome::already_applied);
}

TEST_P(StoreGuards, watermarks_outlive_a_restart) {
  ASSERT_EQ(write(patch("'a'").inc("n", "1").at(5)), Outcome::applied);
  restart();
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(5)), Outcome::already_applied);
  EXPECT_EQ(document("'a'"), same("{'n':1}"));
}

TEST_P(StoreGuards, a_tombstone_keeps_the_watermarks_and_is_no_document) {
  prepare({{"users", {}, true}});
  ASSERT_EQ(write(insert("'a'").at(1)), Outcome::applied);
  ASSERT_EQ(write(remove("'a'").at(2)), Outcome::applied);
  EXPECT_EQ(document("'a'"), "none");
  EXPECT_EQ(world().count("users"), 0U);
  EXPECT_EQ(write(insert("'a'").at(1)), Outcome::already_applied);
  EXPECT_EQ(write(remove("'a'").at(2)), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").wait_until_exists().at(3)), Outcome::waiting);
  EXPECT_EQ(
      write(patch("'a'").inc("n", "1").skip_if_exists("").op(Operator::set_on_insert, "made", "true").at(4)),
      Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':1,'made':true}"));
  ASSERT_EQ(write(remove("'a'").at(5)), Outcome::applied);
  EXPECT_EQ(write(insert("'a'", "{'n':6}").at(6)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':6}"));
}

TEST_P(StoreGuards, a_tombstone_stands_also_where_no_document_was) {
  prepare({{"users", {}, true}});
  ASSERT_EQ(write(remove("'a'").at(2)), Outcome::applied);
  EXPECT_EQ(write(insert("'a'").at(1)), Outcome::already_applied);
  EXPECT_EQ(document("'a'"), "none");
}

TEST_P(StoreGuards, a_tombstone_does_not_hold_a_unique_value) {
  prepare({{"users", {{.keys = {{"n"}}, .unique = true}}, true}});
  ASSERT_EQ(write(insert("'a'").at(1)), Outcome::applied);
  ASSERT_EQ(write(remove("'a'").at(2)), Outcome::applied);
  EXPECT_EQ(write(insert("'b'").at(3)), Outcome::applied);
}

TEST_P(StoreGuards, a_letter_is_replayed_once_whatever_the_watermark_says) {
  ASSERT_EQ(write(patch("'a'").inc("n", "1").at(100)), Outcome::applied);
  const Writing replayed = patch("'a'").inc("n", "10").at(50).replay("p/\"t\"/0/50");
  EXPECT_EQ(write(replayed), Outcome::applied);
  EXPECT_EQ(write(replayed), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "10").at(51).replay("p/\"t\"/0/51")), Outcome::applied);
  restart();
  EXPECT_EQ(write(replayed), Outcome::already_applied);
  EXPECT_EQ(document("'a'"), same("{'n':21}"));
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(100)), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(101)), Outcome::applied);
  EXPECT_EQ(write(replayed), Outcome::already_applied) << "later changes keep the memory of replays";
}

TEST_P(StoreGuards, a_replay_does_not_move_the_watermark) {
  ASSERT_EQ(write(patch("'a'").inc("n", "1").at(50).replay("p/t/0/50")), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(20)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':2}"));
}

TEST_P(StoreGuards, a_replay_does_not_overwrite_what_is_newer_unless_forced) {
  ASSERT_EQ(write(patch("'a'").set("n", "100").at(100)), Outcome::applied);
  const WriteResult refused = result_of(patch("'a'").set("n", "50").at(50).replay("p/t/0/50", true));
  EXPECT_EQ(refused.outcome, Outcome::rejected);
  EXPECT_FALSE(refused.reason.empty());
  EXPECT_EQ(write(replace("'a'").at(50).replay("p/t/0/50", true)), Outcome::rejected);
  EXPECT_EQ(write(remove("'a'").at(50).replay("p/t/0/50", true)), Outcome::rejected);
  EXPECT_EQ(write(insert("'a'").at(50).replay("p/t/0/50", true)), Outcome::rejected);
  EXPECT_EQ(document("'a'"), same("{'n':100}"));
  EXPECT_EQ(write(patch("'a'").inc("n", "1").at(50).replay("p/t/0/50", true)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").set("n", "51").at(51).replay("p/t/0/51", false)), Outcome::applied);
  EXPECT_EQ(write(patch("'a'").set("m", "1").at(100).replay("p/t/0/100", true)), Outcome::applied)
      << "nothing newer than the letter itself";
}

TEST_P(StoreGuards, a_replayed_insert_still_meets_conflicts) {
  ASSERT_EQ(write(insert("'a'").key("other_0").at(1)), Outcome::applied);
  EXPECT_EQ(write(insert("'a'").at(5).replay("p/t/0/5")), Outcome::rejected);
  EXPECT_EQ(write(insert("'b'").at(5).replay("p/t/0/5")), Outcome::applied);
  EXPECT_EQ(write(insert("'b'").at(5).replay("p/t/0/5")), Outcome::already_applied);
}

TEST_P(StoreGuards, sessions_of_several_threads_do_each_change_once) {
  constexpr int rounds = 60;
  const unsigned count = std::min(store().max_sessions(), 2U);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < count; ++t) {
    threads.emplace_back([this, t] {
      const auto session = store().open_session();
      const std::string key = "abcdefgh_" + std::to_string(t);
      for (int i = 1; i <= rounds; ++i) {
        // Every write is sent twice, as after a lost acknowledgement.
        for (int twice = 0; twice < 2; ++twice) {
          const Writing shared = patch("'shared'").inc("n", "1").key(key).at(i);
          const Writing own = patch(std::to_string(t)).inc("n", "1").key(key).at(i);
          const std::vector<Write> writes{shared.write(), own.write()};
          std::vector<WriteResult> results(writes.size());
          const auto written = session->write(writes, results);
          EXPECT_TRUE(written);
          for (const WriteResult& result : results)
            EXPECT_EQ(result.outcome, twice == 0 ? Outcome::applied : Outcome::already_applied);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(document("'shared'"), same("{'n':" + std::to_string(rounds * static_cast<int>(count)) + "}"));
  EXPECT_EQ(document("0"), same("{'n':" + std::to_string(rounds) + "}"));
}

}  // namespace
}  // namespace sluice::engine
