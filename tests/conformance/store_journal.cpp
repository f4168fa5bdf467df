// What a pipeline remembers beside the documents.
#include <algorithm>
#include <tuple>

#include "store_suite.hpp"

namespace sluice::engine {
namespace {

using StoreJournal = StoreSuite;
INSTANTIATE_TEST_SUITE_P(Store, StoreJournal, testing::ValuesIn(all_stores()), kind_name);

PositionRecord position(std::string topic, std::int32_t partition, Share share, std::int64_t next) {
  return {{std::move(topic), partition},
          share,
          Position{next},
          {Position{next - 1}, 0xfedcba9876543210U},
          Timestamp(microseconds(1'763'700'000'123'456))};
}

std::vector<PositionRecord> sorted(std::vector<PositionRecord> records) {
  std::sort(records.begin(), records.end(), [](const PositionRecord& a, const PositionRecord& b) {
    return std::tie(a.partition, a.share) < std::tie(b.partition, b.share);
  });
  return records;
}

TEST_P(StoreJournal, positions_are_kept_for_each_partition_and_share) {
  Journal& journal = store().journal();
  EXPECT_TRUE(journal.positions("p").value().empty());
  const std::vector<PositionRecord> records{position("t", 0, {0, 1}, 10), position("t", 1, {0, 2}, 20),
                                            position("t", 1, {1, 2}, 30),
                                            position("o'dd \"topic\"", 0, {}, 1)};
  ASSERT_TRUE(journal.save_positions("p", records));
  const std::vector<PositionRecord> moved{position("t", 0, {0, 1}, 11)};
  ASSERT_TRUE(journal.save_positions("p", moved));
  ASSERT_TRUE(journal.save_positions("other", moved));
  restart();

  const auto read = sorted(store().journal().positions("p").value());
  ASSERT_EQ(read.size(), 4U);
  EXPECT_EQ(read[0].partition.topic, "o'dd \"topic\"");
  EXPECT_EQ(read[1].next, Position{11});
  EXPECT_EQ(read[1].witness, (Witness{{10}, 0xfedcba9876543210U}));
  EXPECT_EQ(read[1].last_timestamp, Timestamp(microseconds(1'763'700'000'123'456)));
  EXPECT_EQ(read[3].share, (Share{1, 2}));
  EXPECT_EQ(read[3].next, Position{30});
}

TEST_P(StoreJournal, positions_keep_their_origins) {
  PositionRecord with = position("t", 0, {}, 10);
  for (const std::uint64_t source : {1U, 2U})
    ASSERT_TRUE(with.origins.add(
        {source, 26'511'848, ~std::uint64_t{0}, Timestamp(microseconds(1'763'700'000'123'000)), 7}));
  const std::vector<PositionRecord> records{with, position("t", 1, {}, 20)};
  ASSERT_TRUE(store().journal().save_positions("p", records));
  restart();
  const auto read = sorted(store().journal().positions("p").value());
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].origins, with.origins);
  EXPECT_TRUE(read[1].origins.empty());
  const std::vector<PositionRecord> by_hand{position("t", 0, {}, 10)};
  ASSERT_TRUE(store().journal().save_positions("p", by_hand));
  EXPECT_TRUE(sorted(store().journal().positions("p").value())[0].origins.empty());
}

TEST_P(StoreJournal, positions_are_forgotten_by_partition_or_all) {
  Journal& journal = store().journal();
  const std::vector<PositionRecord> records{position("t", 0, {}, 1), position("t", 1, {}, 1),
                                            position("u", 0, {}, 1)};
  ASSERT_TRUE(journal.save_positions("p", records));
  ASSERT_TRUE(journal.save_positions("q", records));
  ASSERT_TRUE(journal.forget_positions("p", TopicPartition{"t", 0}));
  EXPECT_EQ(journal.positions("p").value().size(), 2U);
  ASSERT_TRUE(journal.forget_positions("p", std::nullopt));
  EXPECT_TRUE(journal.positions("p").value().empty());
  EXPECT_EQ(journal.positions("q").value().size(), 3U);
}

TEST_P(StoreJournal, the_breaker_stays_open_until_it_is_closed) {
  EXPECT_FALSE(store().journal().breaker("p").value());
  const Timestamp opened(microseconds(1'763'700'000'000'001));
  ASSERT_TRUE(store().journal().open_breaker("p", {opened, "too many: 'x'", "print-1"}));
  restart();
  const auto record = store().journal().breaker("p").value();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->opened, opened);
  EXPECT_EQ(record->reason, "too many: 'x'");
  EXPECT_EQ(record->fingerprint, "print-1");
  EXPECT_FALSE(store().journal().breaker("q").value());
  ASSERT_TRUE(store().journal().close_breaker("p"));
  EXPECT_FALSE(store().journal().breaker("p").value());
}

LetterRecord letter(std::int64_t position, Disposition disposition, std::string handler = "h") {
  LetterRecord record;
  record.partition = {"t'opic", 3};
  record.position = Position{position};
  record.change = {std::move(handler), "things", "\"a\""};
  record.disposition = disposition;
  record.when = Timestamp(microseconds(1'000'001));
  record.code = Code::wait_expired;
  record.reason = "it did not come: 'x'";
  return record;
}

std::vector<LetterRecord> in_order(std::vector<LetterRecord> records) {
  std::ranges::sort(records, {}, [](const LetterRecord& one) {
    return std::tuple(one.partition, one.position, one.generation, one.change);
  });
  return records;
}

TEST_P(StoreJournal, letters_come_back_whole) {
  ASSERT_TRUE(store().journal().save_letters("p", std::vector{letter(7, Disposition::intended)}));
  restart();
  const auto read = store().journal().letters("p").value();
  ASSERT_EQ(read.size(), 1U);
  const LetterRecord want = letter(7, Disposition::intended);
  EXPECT_EQ(read[0].partition, want.partition);
  EXPECT_EQ(read[0].position, want.position);
  EXPECT_EQ(read[0].generation, 0);
  EXPECT_EQ(read[0].change, want.change);
  EXPECT_EQ(read[0].disposition, Disposition::intended);
  EXPECT_EQ(read[0].when, want.when);
  EXPECT_EQ(read[0].code, want.code);
  EXPECT_EQ(read[0].reason, want.reason);
  EXPECT_TRUE(store().journal().letters("q").value().empty());
}

TEST_P(StoreJournal, a_letter_that_was_replayed_or_discarded_is_not_made_intended_again) {
  Journal& journal = store().journal();
  using enum Disposition;
  ASSERT_TRUE(journal.save_letters("p", std::vector{letter(1, intended), letter(2, intended)}));
  ASSERT_TRUE(journal.save_letters("p", std::vector{letter(1, replayed), letter(3, discarded)}));
  ASSERT_TRUE(journal.save_letters("p", std::vector{letter(1, intended), letter(3, intended)}));
  ASSERT_TRUE(journal.save_letters("p", std::vector{letter(3, replayed)}));
  const auto read = in_order(journal.letters("p").value());
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(read[0].disposition, replayed);
  EXPECT_EQ(read[1].disposition, intended);
  EXPECT_EQ(read[2].disposition, replayed);
}

TEST_P(StoreJournal, each_change_and_generation_of_a_letter_is_kept_for_itself) {
  Journal& journal = store().journal();
  LetterRecord newer = letter(1, Disposition::discarded);
  newer.generation = 1;
  LetterRecord whole = letter(1, Disposition::intended);
  whole.change = whole_event;
  ASSERT_TRUE(journal.save_letters("p", std::vector{letter(1, Disposition::intended, "g"),
                                                    letter(1, Disposition::replayed, "h"), newer, whole}));
  const auto read = in_order(journal.letters("p").value());
  ASSERT_EQ(read.size(), 4U);
  EXPECT_EQ(read[0].change, whole_event);
  EXPECT_EQ(read[1].change.handler, "g");
  EXPECT_EQ(read[1].disposition, Disposition::intended);
  EXPECT_EQ(read[2].disposition, Disposition::replayed);
  EXPECT_EQ(read[3].generation, 1);
}

TEST_P(StoreJournal, letters_are_found_from_a_position_of_their_partition_on) {
  Journal& journal = store().journal();
  LetterRecord elsewhere = letter(9, Disposition::intended);
  elsewhere.partition.partition = 4;
  LetterRecord other_topic = letter(9, Disposition::intended);
  other_topic.partition.topic = "other";
  ASSERT_TRUE(journal.save_letters(
      "p", std::vector{letter(4, Disposition::intended), letter(5, Disposition::replayed),
                       letter(1'000, Disposition::discarded), elsewhere, other_topic}));
  const auto read = in_order(journal.letters_from("p", {"t'opic", 3}, Position{5}).value());
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].position, Position{5});
  EXPECT_EQ(read[1].position, Position{1'000});
  EXPECT_TRUE(journal.letters_from("q", {"t'opic", 3}, Position{0}).value().empty());
}

TEST_P(StoreJournal, every_pipeline_that_left_a_trace_is_named) {
  EXPECT_TRUE(store().journal().pipelines().value().empty());
  const std::vector<PositionRecord> records{position("t", 0, {}, 1)};
  const std::vector<LetterRecord> letters{letter(1, Disposition::replayed)};
  ASSERT_TRUE(store().journal().save_positions("a", records));
  ASSERT_TRUE(store().journal().open_breaker("b", {{}, "r", "f"}));
  ASSERT_TRUE(store().journal().save_letters("c", letters));
  EXPECT_EQ(store().journal().pipelines().value(), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace sluice::engine
