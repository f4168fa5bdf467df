// What a pipeline remembers beside the documents.
#include <algorithm>

#include "store_suite.hpp"

namespace sluice::engine {
namespace {

using StoreJournal = StoreSuite;
INSTANTIATE_TEST_SUITE_P(Store, StoreJournal, testing::ValuesIn(all_stores()), kind_name);

PositionRecord position(std::string topic, std::int32_t partition, Share share, std::int64_t next) {
  return {{std::move(topic), partition},
          share,
          Position{next},
          Position{next - 1},
          Timestamp(microseconds(1'763'700'000'123'456)),
          0xfedcba9876543210U};
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
  EXPECT_EQ(read[1].last, Position{10});
  EXPECT_EQ(read[1].last_timestamp, Timestamp(microseconds(1'763'700'000'123'456)));
  EXPECT_EQ(read[1].last_checksum, 0xfedcba9876543210U);
  EXPECT_EQ(read[3].share, (Share{1, 2}));
  EXPECT_EQ(read[3].next, Position{30});
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

TEST_P(StoreJournal, letters_keep_their_intent_and_what_became_of_them) {
  Journal& journal = store().journal();
  const Timestamp then(microseconds(1'000'000));
  const Timestamp later(microseconds(2'000'000));
  const std::vector<LetterRecord> intended{{"p/t/0/1", Disposition::intended, then, "{\"a\":1}"},
                                           {"p/t/0/2", Disposition::intended, then, "{\"b\":1}"}};
  ASSERT_TRUE(journal.save_letters("p", intended));
  const std::vector<LetterRecord> settled{{"p/t/0/1", Disposition::replayed, later, ""},
                                          {"p/t/0/3", Disposition::discarded, later, ""}};
  ASSERT_TRUE(journal.save_letters("p", settled));
  const std::vector<LetterRecord> again{{"p/t/0/1", Disposition::intended, then, "{\"c\":1}"}};
  ASSERT_TRUE(journal.save_letters("p", again));
  restart();

  auto letters = store().journal().letters("p").value();
  std::sort(letters.begin(), letters.end(),
            [](const LetterRecord& a, const LetterRecord& b) { return a.letter_id < b.letter_id; });
  ASSERT_EQ(letters.size(), 3U);
  EXPECT_EQ(letters[0].disposition, Disposition::replayed) << "not made intended again";
  EXPECT_EQ(letters[0].when, later);
  EXPECT_EQ(letters[0].intent, "{\"c\":1}");
  EXPECT_EQ(letters[1].disposition, Disposition::intended);
  EXPECT_EQ(letters[1].intent, "{\"b\":1}");
  EXPECT_EQ(letters[2].disposition, Disposition::discarded);
  EXPECT_TRUE(store().journal().letters("q").value().empty());
}

TEST_P(StoreJournal, every_pipeline_that_left_a_trace_is_named) {
  EXPECT_TRUE(store().journal().pipelines().value().empty());
  const std::vector<PositionRecord> records{position("t", 0, {}, 1)};
  const std::vector<LetterRecord> letters{{"c/t/0/1", Disposition::replayed, {}, ""}};
  ASSERT_TRUE(store().journal().save_positions("a", records));
  ASSERT_TRUE(store().journal().open_breaker("b", {{}, "r", "f"}));
  ASSERT_TRUE(store().journal().save_letters("c", letters));
  EXPECT_EQ(store().journal().pipelines().value(), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace sluice::engine
