#include "pipeline/witnesses.hpp"

#include <gtest/gtest.h>

#include "core/source.hpp"

namespace sluice::engine {
namespace {

constexpr PartitionId orders{0};
constexpr PartitionId bills{1};
constexpr std::chrono::seconds interval{10};

// A chunk of such records: partition and position, with values that differ.
class Records {
 public:
  struct Place {
    PartitionId partition;
    std::int64_t position;
  };
  explicit Records(std::initializer_list<Place> places) {
    values_.reserve(places.size());
    for (const Place& place : places) {
      Record& record = chunk_.records.emplace_back();
      record.partition = place.partition;
      record.position = {place.position};
      record.value = values_.emplace_back("value " + std::to_string(place.position));
    }
  }
  [[nodiscard]] const Chunk& chunk() const { return chunk_; }
  [[nodiscard]] Witness witness(std::size_t index) const {
    return {chunk_.records[index].position, record_checksum(chunk_.records[index])};
  }

 private:
  std::vector<std::string> values_;
  Chunk chunk_;
};

class WitnessesTest : public testing::Test {
 protected:
  std::optional<Witnesses::Look> read(const Records& records, std::chrono::milliseconds at) {
    return witnesses.read(records.chunk(), start + at);
  }

  const Instant start{std::chrono::hours(1)};
  Witnesses witnesses{interval};
};

TEST_F(WitnessesTest, the_first_record_is_one_where_none_is_known) {
  witnesses.add(orders, {"orders", 0}, {}, start);
  EXPECT_FALSE(witnesses.of(orders).known());
  const Records records({{orders, 4}, {orders, 5}});
  EXPECT_FALSE(read(records, {}));
  EXPECT_EQ(witnesses.of(orders), records.witness(0));
}

TEST_F(WitnessesTest, the_journals_stays_until_a_look_has_passed) {
  const Witness known{{3}, 33};
  witnesses.add(orders, {"orders", 0}, known, start);
  const Records records({{orders, 7}, {orders, 9}});
  EXPECT_FALSE(read(records, interval - milliseconds(1)));
  const auto look = read(records, interval * 2);
  ASSERT_TRUE(look);
  EXPECT_EQ(look->partition, orders);
  EXPECT_EQ(look->known.partition, (TopicPartition{"orders", 0}));
  EXPECT_EQ(look->known.witness, known);
  EXPECT_EQ(look->known.next, Position{4});
  EXPECT_EQ(witnesses.of(orders), known);
  witnesses.passed(*look);
  EXPECT_EQ(witnesses.of(orders), records.witness(1));
}

TEST_F(WitnessesTest, a_look_that_could_not_tell_is_followed_by_one_with_the_same_witness) {
  const Witness known{{3}, 33};
  witnesses.add(orders, {"orders", 0}, known, start);
  EXPECT_TRUE(read(Records({{orders, 7}}), interval));
  EXPECT_FALSE(read(Records({{orders, 8}}), interval * 2 - milliseconds(1)));
  const auto again = read(Records({{orders, 9}}), interval * 3);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->known.witness, known);
}

TEST_F(WitnessesTest, partitions_take_turns) {
  witnesses.add(orders, {"orders", 0}, {{3}, 33}, start);
  witnesses.add(bills, {"bills", 0}, {{4}, 44}, start + milliseconds(1));
  const Records both({{bills, 7}, {orders, 7}, {bills, 8}, {orders, 8}, {bills, 9}});
  const auto first = read(both, interval * 2);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->partition, orders) << "for the longest time";
  EXPECT_EQ(first->next, both.witness(3));
  EXPECT_FALSE(read(both, interval * 2 + milliseconds(999))) << "a tenth of the interval between two";
  const auto second = read(both, interval * 2 + milliseconds(1000));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->partition, bills);
  EXPECT_EQ(second->next, both.witness(4));
}

TEST_F(WitnessesTest, what_was_taken_away_is_looked_at_no_more) {
  witnesses.add(orders, {"orders", 0}, {{3}, 33}, start);
  const Records records({{orders, 7}});
  const auto look = read(records, interval);
  ASSERT_TRUE(look);
  witnesses.remove(orders);
  witnesses.passed(*look);
  EXPECT_FALSE(witnesses.of(orders).known());
  EXPECT_FALSE(read(records, interval * 3));
}

}  // namespace
}  // namespace sluice::engine
