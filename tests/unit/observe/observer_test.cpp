#include "observe/observer.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

class ObserverTest : public testing::Test {
 protected:
  SettledEvent event(Settled how, std::string_view type, std::string_view id = "1",
                     Code code = Code::internal) {
    return {how,
            code,
            id,
            type,
            {.created = {},
             .captured = {},
             .appended = {},
             .started = clock.wall(),
             .settled = clock.wall() + milliseconds(2)}};
  }
  void settle(std::vector<SettledEvent> events) { observer.settled(events); }

  ManualClock clock;
  Observer observer{clock};
};

TEST_F(ObserverTest, counts_events_by_how_they_settled) {
  settle({event(Settled::applied, "A"), event(Settled::applied, "B"), event(Settled::ignored, "C")});
  settle({event(Settled::passed_over, ""), event(Settled::dead_letter, "A", "7", Code::handler_rejected)});
  const Figures figures = observer.figures();
  EXPECT_EQ(figures.applied, 2U);
  EXPECT_EQ(figures.ignored, 1U);
  EXPECT_EQ(figures.passed_over, 1U);
  EXPECT_EQ(figures.dead_letters, 1U);
  EXPECT_EQ(figures.total(), 5U);
  EXPECT_EQ(figures.errors[static_cast<std::size_t>(Code::handler_rejected)], 1U);
  EXPECT_EQ(figures.types.at("A").count, 2U);
  EXPECT_EQ(figures.types.at("A").dead_letters, 1U);
}

TEST_F(ObserverTest, counts_what_is_repeated_apart_and_for_no_type) {
  settle({event(Settled::repeated, "A")});
  EXPECT_EQ(observer.figures().repeated, 1U);
  EXPECT_EQ(observer.figures().total(), 1U);
  EXPECT_TRUE(observer.figures().types.empty());
  EXPECT_TRUE(observer.figures().last_events.empty());
}

TEST_F(ObserverTest, does_not_count_a_type_for_what_could_not_be_decoded) {
  settle({event(Settled::dead_letter, "", "", Code::decode_not_json)});
  EXPECT_TRUE(observer.figures().types.empty());
}

TEST_F(ObserverTest, measures_latencies_of_applied_events_alone) {
  settle({event(Settled::applied, "A"), event(Settled::dead_letter, "A"), event(Settled::ignored, "A")});
  EXPECT_EQ(observer.figures().latencies[Stage::processing].count(), 1U);
  EXPECT_DOUBLE_EQ(observer.figures().latencies[Stage::processing].figures().avg, 2);
}

TEST_F(ObserverTest, counts_types_beyond_its_bound_together) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < Observer::max_types + 50; ++i) names.push_back("Type" + std::to_string(i));
  for (const std::string& name : names) settle({event(Settled::applied, name)});
  const Figures figures = observer.figures();
  EXPECT_EQ(figures.types.size(), Observer::max_types + 1);
  EXPECT_EQ(figures.types.at(std::string(Observer::other_types)).count, 50U);
}

TEST_F(ObserverTest, keeps_the_last_five_events_newest_first) {
  settle({event(Settled::applied, "A", "1"), event(Settled::applied, "A", "2"),
          event(Settled::applied, "A", "3")});
  settle({event(Settled::applied, "A", "4"), event(Settled::dead_letter, "B", "5"),
          event(Settled::passed_over, ""), event(Settled::applied, "A", "6")});
  std::vector<std::string> ids;
  for (const LastEvent& last : observer.figures().last_events) ids.push_back(last.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"6", "5", "4", "3", "2"}));
}

TEST_F(ObserverTest, adds_up_batches_by_target_and_retries_by_code) {
  observer.batch_written("store", 10, 30, microseconds(500));
  observer.batch_written("store", 5, 5, microseconds(300));
  observer.batch_written("mail", 1, 1, microseconds(100));
  observer.retried(Code::store_unavailable, 7);
  const Figures figures = observer.figures();
  EXPECT_EQ(figures.targets.at("store").batches, 2U);
  EXPECT_EQ(figures.targets.at("store").writes, 15U);
  EXPECT_EQ(figures.targets.at("store").changes, 35U);
  EXPECT_EQ(figures.targets.at("store").took.sum(), microseconds(800));
  EXPECT_EQ(figures.targets.at("mail").batches, 1U);
  EXPECT_EQ(figures.retries[static_cast<std::size_t>(Code::store_unavailable)], 7U);
}

}  // namespace
}  // namespace sluice::engine
