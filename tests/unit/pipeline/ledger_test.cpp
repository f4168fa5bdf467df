#include "pipeline/ledger.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sluice::engine {
namespace {

Ledger::Slot begin(Ledger& ledger, std::int64_t position) { return ledger.begin({{position}, {}}); }

TEST(Ledger, starts_with_nothing_unfinished) {
  const Ledger ledger({7});
  EXPECT_EQ(ledger.safe().value, 7);
  EXPECT_EQ(ledger.next().value, 7);
  EXPECT_EQ(ledger.last().position.value, -1);
  EXPECT_EQ(ledger.held(), 0U);
}

TEST(Ledger, keeps_the_position_while_an_earlier_event_is_unfinished) {
  Ledger ledger({0});
  const auto first = begin(ledger, 0);
  const auto second = begin(ledger, 1);
  ledger.finish(second);
  EXPECT_EQ(ledger.safe().value, 0);
  ledger.finish(first);
  EXPECT_EQ(ledger.safe().value, 2);
}

TEST(Ledger, passes_over_gaps_up_to_the_next_unfinished_position) {
  Ledger ledger({0});
  const auto first = begin(ledger, 3);
  const auto second = begin(ledger, 10);
  ledger.finish(first);
  EXPECT_EQ(ledger.safe().value, 10) << "between them there is nothing that could still come";
  ledger.finish(second);
  EXPECT_EQ(ledger.safe().value, 11);
}

TEST(Ledger, remembers_the_last_settled_record_below_the_safe_position) {
  Ledger ledger({0});
  const auto first = ledger.begin({{4}, Timestamp(std::chrono::seconds(1))});
  const auto second = ledger.begin({{5}, Timestamp(std::chrono::seconds(2))});
  const auto third = ledger.begin({{9}, Timestamp(std::chrono::seconds(3))});
  ledger.finish(second);
  EXPECT_EQ(ledger.last().position.value, -1);
  ledger.finish(first);
  EXPECT_EQ(ledger.last().position.value, 5);
  EXPECT_EQ(ledger.last().timestamp, Timestamp(std::chrono::seconds(2)));
  ledger.finish(third);
  EXPECT_EQ(ledger.last().timestamp, Timestamp(std::chrono::seconds(3)));
}

TEST(Ledger, knows_the_newest_origins_below_the_safe_position_and_no_others) {
  const auto origin = [](std::uint64_t place) { return Origin{.place = place}; };
  Origins before;
  EXPECT_TRUE(before.add(origin(5)));
  Ledger ledger({0}, before);
  const auto first = ledger.begin({{0}, {}}, origin(6));
  const auto without = begin(ledger, 1);
  const auto second = ledger.begin({{2}, {}}, origin(7));
  ledger.finish(second);
  EXPECT_EQ(ledger.origins(), before);
  ledger.finish(first);
  Origins after;
  EXPECT_TRUE(after.add(origin(6)));
  EXPECT_EQ(ledger.origins(), after);
  ledger.finish(without);
  EXPECT_TRUE(after.add(origin(7)));
  EXPECT_EQ(ledger.origins(), after);
}

TEST(Ledger, agrees_with_a_plain_set_whatever_the_order_in_which_events_finish) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    Ledger ledger({0});
    std::set<std::int64_t> unfinished;
    std::vector<std::pair<std::int64_t, Ledger::Slot>> open;
    std::int64_t next = 0;
    for (int step = 0; step < 400; ++step) {
      if (open.empty() || random() % 2 == 0) {
        const std::int64_t position = next + static_cast<std::int64_t>(random() % 3);
        open.emplace_back(position, begin(ledger, position));
        unfinished.insert(position);
        next = position + 1;
      } else {
        const std::size_t pick = random() % open.size();
        ledger.finish(open[pick].second);
        unfinished.erase(open[pick].first);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(pick));
        // A finish is what moves the position; what began since only shows then.
        ASSERT_EQ(ledger.safe().value, unfinished.empty() ? next : *unfinished.begin()) << "seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::engine
