// Rows that change capture sends again, in new records.
#include "conductor_world.hpp"

namespace sluice::engine {
namespace {

// The row that stands at that place of a log, committed at that second.
Origin row(std::uint64_t place, int second = 1, std::uint64_t source = 1) {
  return {source, place / 10 * 10, place, Timestamp(seconds(second)), place};
}

class ConductorOrigin : public ConductorWorld {
 protected:
  // What is known below the safe position.
  [[nodiscard]] Origins known() { return conductor().position(first_partition)->settled.origins; }
  void restart(std::int64_t from, const Origins& origins) {
    conductor().revoke(first_partition);
    conductor().forget(first_partition);
    journal_origins = origins;
    assign(first_partition, from);
  }
};

TEST_F(ConductorOrigin, a_suffix_that_is_sent_again_is_passed_over_and_counted_apart) {
  read({event(0).inc("a").from(row(11)), event(1).inc("a").from(row(12)), event(2).inc("b").from(row(21))});
  read({event(3).inc("a").from(row(12)), event(4).inc("b").from(row(21)), event(5).inc("a").from(row(31))});
  EXPECT_EQ(settled(), "e3:repeated e4:repeated");
  expect_write("a:0-5 b:2", Outcome::applied);
  EXPECT_EQ(settled(), "e0:applied e1:applied e5:applied e2:applied");
  EXPECT_EQ(safe(), 6);
}

TEST_F(ConductorOrigin, what_is_repeated_counts_as_settled_only_behind_the_first_one) {
  read({event(0).inc("a").from(row(11)), event(1).inc("a").from(row(11))});
  EXPECT_EQ(settled(), "e1:repeated");
  EXPECT_EQ(safe(), 0);
  expect_write("a:0", Outcome::applied);
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorOrigin, a_repeated_row_gets_no_letter_of_its_own) {
  read({event(0).handled_as(Handling::refused).from(row(11)),
        event(1).handled_as(Handling::refused).from(row(11))});
  auto out = letters();
  EXPECT_EQ(out.size(), 1U);
  letters_written(std::move(out));
  EXPECT_EQ(settled(), "e1:repeated e0:dead_letter");
  EXPECT_EQ(safe(), 2);
}

TEST_F(ConductorOrigin, rows_of_two_databases_in_one_topic_are_told_apart) {
  read({event(0).inc("a").from(row(9'011)), event(1).inc("a").from(row(11, 1, 2)),
        event(2).inc("a").from(row(9'021)), event(3).inc("a").from(row(12, 1, 2)),
        event(4).inc("a").from(row(11, 1, 2))});
  EXPECT_EQ(settled(), "e4:repeated");
  expect_write("a:0-3", Outcome::applied);
}

TEST_F(ConductorOrigin, rows_without_an_origin_always_count) {
  read({event(0).inc("a").from(row(11)), event(1).inc("a"), event(2).inc("a").from(row(11)),
        event(3).inc("a")});
  EXPECT_EQ(settled(), "e2:repeated");
  expect_write("a:0-3", Outcome::applied);
}

TEST_F(ConductorOrigin, the_newest_origin_goes_with_the_safe_position) {
  read({event(0).inc("a").from(row(11)), event(1).inc("b").from(row(12)), event(2).inc("a").from(row(13))});
  EXPECT_TRUE(known().empty());
  auto batch = send();
  ASSERT_EQ(batch.text, "a:0-2 b:1");
  answer(batch, {Outcome::applied, Outcome::retry});
  EXPECT_EQ(safe(), 1);
  Origins first;
  EXPECT_TRUE(first.add(row(11)));
  EXPECT_EQ(known(), first) << "not the newest of what is applied behind the safe position";
  const auto moved = conductor().moved_positions();
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].settled, (Progress{{1}, first}));
}

TEST_F(ConductorOrigin, after_a_restart_it_knows_what_was_sent_before) {
  read({event(0).inc("a").from(row(11)), event(1).inc("b").from(row(12))});
  expect_write("a:0 b:1", Outcome::applied);
  restart(2, known());
  EXPECT_EQ(settled(), "e0:applied e1:applied");
  read({event(2).inc("a").from(row(11)), event(3).inc("b").from(row(12)), event(4).inc("c").from(row(13))});
  EXPECT_EQ(settled(), "e2:repeated e3:repeated");
  expect_write("c:4", Outcome::applied);
}

TEST_F(ConductorOrigin, at_a_position_that_was_set_by_hand_everything_counts_anew) {
  read({event(0).inc("a").from(row(11)), event(1).inc("b").from(row(12))});
  expect_write("a:0 b:1", Outcome::applied);
  restart(0, {});
  read({event(0).inc("a").from(row(11)), event(1).inc("b").from(row(12))});
  expect_write("a:0 b:1", Outcome::already_applied);
}

TEST_F(ConductorOrigin, a_partition_that_is_revoked_while_rows_are_unfinished_takes_none_of_them_along) {
  read({event(0).inc("a").from(row(11))});
  restart(0, known());
  read({event(0).inc("a").from(row(11))});
  expect_write("a:0", Outcome::applied);
}

}  // namespace
}  // namespace sluice::engine
