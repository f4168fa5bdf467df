// What every source must do, whatever it reads. source_worlds.cpp and its like say what is read.
#include <gmock/gmock.h>

#include <deque>
#include <thread>

#include "source_suite.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine::conformance {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(SourceSuite, brings_every_record_once_in_the_order_written) {
  const std::vector<Sent> sent = numbered(0, 3000);
  for (int partition = 0; partition < world_->partitions(); ++partition) world_->append(partition, sent);
  SourceReader reader = opened();
  reader.read(sent.size() * static_cast<std::size_t>(world_->partitions()));
  reader.read_what_is_there();
  for (int partition = 0; partition < world_->partitions(); ++partition)
    EXPECT_TRUE(same(reader.contents(partition), expected(sent))) << "partition " << partition;
}

TEST_P(SourceSuite, numbers_records_upwards) {
  world_->append(0, numbered(0, 100));
  SourceReader reader = opened();
  const auto& received = reader.read(100);
  EXPECT_GE(received.front().position, Position{0});
  for (std::size_t i = 1; i < received.size(); ++i)
    EXPECT_LT(received[i - 1].position, received[i].position) << "record " << i;
}

TEST_P(SourceSuite, names_its_partitions_once) {
  SourceReader reader = opened();
  reader.read_what_is_there();
  ASSERT_THAT(reader.assignments(), SizeIs(static_cast<std::size_t>(world_->partitions())));
  for (std::size_t i = 0; i < reader.assignments().size(); ++i)
    EXPECT_EQ(reader.assignments()[i], (TopicPartition{world_->topic(), static_cast<std::int32_t>(i)}));
}

TEST_P(SourceSuite, names_the_topic_in_every_record) {
  world_->append(0, numbered(0, 3));
  SourceReader reader = opened();
  for (const Received& record : reader.read(3)) EXPECT_EQ(record.topic, world_->topic());
}

TEST_P(SourceSuite, goes_on_at_the_position_it_is_given) {
  const std::vector<Sent> sent = numbered(0, 10);
  world_->append(0, sent);
  SourceReader first = opened();
  const std::vector<Received> all = first.read(10);

  SourceReader at_fifth = opened({{0, all[4].position}});
  at_fifth.read(6);
  EXPECT_TRUE(same(at_fifth.contents(0), expected({sent.begin() + 4, sent.end()})));
  EXPECT_EQ(at_fifth.received().front().position, all[4].position);

  SourceReader after_fifth = opened({{0, all[4].position.next()}});
  after_fifth.read(5);
  EXPECT_TRUE(same(after_fifth.contents(0), expected({sent.begin() + 5, sent.end()})));
  EXPECT_EQ(after_fifth.received().front().position, all[5].position);
}

TEST_P(SourceSuite, brings_only_what_is_new_when_started_after_the_last) {
  world_->append(0, numbered(0, 5));
  SourceReader first = opened();
  const Position last = first.read(5).back().position;

  SourceReader second = opened({{0, last.next()}});
  EXPECT_THAT(second.read_what_is_there(), IsEmpty());
  const std::vector<Sent> added = numbered(5, 7);
  world_->append(0, added);
  second.read(2);
  EXPECT_TRUE(same(second.contents(0), expected(added)));
}

TEST_P(SourceSuite, is_idle_while_there_is_nothing_and_goes_on_when_there_is) {
  SourceReader reader = opened();
  EXPECT_THAT(reader.read_what_is_there(), IsEmpty());
  for (int i = 0; i < 3; ++i) {
    world_->append(0, numbered(i, i + 1));
    reader.read(static_cast<std::size_t>(i) + 1);
  }
  EXPECT_TRUE(same(reader.contents(0), expected(numbered(0, 3))));
}

TEST_P(SourceSuite, wakes_at_once_for_a_record_that_comes_while_it_waits) {
  SourceReader reader = opened();
  reader.read_what_is_there();
  std::thread writer([&] { world_->append(0, numbered(0, 1)); });
  const Result<Polled> polled = reader.source().poll(milliseconds(30'000));
  writer.join();
  ASSERT_TRUE(polled.ok());
  EXPECT_TRUE(std::holds_alternative<Chunk>(*polled));
}

TEST_P(SourceSuite, brings_nothing_of_a_paused_partition_and_all_of_it_once_resumed) {
  SourceReader reader = opened();
  reader.read_what_is_there();
  const PartitionId paused = reader.assigned().at(0);
  reader.source().pause(paused);
  reader.source().pause(paused);
  for (int partition = 0; partition < world_->partitions(); ++partition)
    world_->append(partition, numbered(0, 5));
  reader.read_what_is_there();
  EXPECT_THAT(reader.contents(0), IsEmpty());
  for (int partition = 1; partition < world_->partitions(); ++partition)
    EXPECT_TRUE(same(reader.contents(partition), expected(numbered(0, 5))));

  reader.source().resume(paused);
  reader.source().resume(paused);
  reader.read(5 * static_cast<std::size_t>(world_->partitions()));
  EXPECT_TRUE(same(reader.contents(0), expected(numbered(0, 5))));
}

TEST_P(SourceSuite, goes_on_where_it_was_when_paused_halfway) {
  world_->append(0, numbered(0, 3000, 1200));
  SourceReader reader = opened();
  reader.read(1);
  const std::size_t so_far = reader.received().size();
  ASSERT_LT(so_far, 3000U) << "the chunks are too large for this test";
  reader.source().pause(reader.assigned().at(0));
  EXPECT_THAT(reader.read_what_is_there(), SizeIs(so_far));
  reader.source().resume(reader.assigned().at(0));
  reader.read(3000);
  EXPECT_TRUE(same(reader.contents(0), expected(numbered(0, 3000, 1200))));
}

TEST_P(SourceSuite, carries_keys_and_headers) {
  const std::vector<Sent> sent{
      {.key = "a", .value = "{}", .headers = {{"type", "Made"}, {"trace", "00-1"}}},
      {.key = std::nullopt, .value = R"("no \"key\" \n")", .headers = {}},
      {.key = "a b\"\n\xC3\xA4", .value = "1", .headers = {{"empty", ""}, {"twice", "1"}, {"twice", "2"}}},
      {.key = "", .value = " ", .headers = {}},
  };
  world_->append(0, sent);
  SourceReader reader = opened();
  reader.read(4);
  EXPECT_TRUE(same(reader.contents(0), expected(sent)));
}

TEST_P(SourceWithTombstones, carries_a_record_without_a_value) {
  const std::vector<Sent> sent{{.key = "a", .value = "{}"}, {.key = "a", .value = std::nullopt}};
  world_->append(0, sent);
  SourceReader reader = opened();
  reader.read(2);
  EXPECT_TRUE(same(reader.contents(0), expected(sent)));
}

TEST_P(SourceSuite, says_that_it_is_unavailable_and_goes_on_once_it_is_not) {
  world_->append(0, numbered(0, 3));
  world_->take_away();
  SourceReader reader(world_->make_source());
  const Result<void> opened = reader.source().open(reader);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Code::source_unavailable);
  EXPECT_NE(opened.error().message, "");
  world_->bring_back();
  reader.open();
  reader.read(3);

  world_->take_away();
  const Error error = reader.read_until_error();
  EXPECT_EQ(error.code, Code::source_unavailable);
  EXPECT_NE(error.message, "");
  world_->bring_back();
  world_->append(0, numbered(3, 6));
  reader.read(6);
  EXPECT_TRUE(same(reader.contents(0), expected(numbered(0, 6))));
}

TEST_P(SourceSuite, confirms_the_record_at_a_committed_position) {
  world_->append(0, numbered(0, 10));
  SourceReader first = opened();
  const Received last = first.read(10).at(6);

  SourceReader second(world_->make_source());
  std::optional<PositionCheck> check;
  second.on_assigned([&](PartitionId id) -> Result<void> {
    if (check) return {};
    Result<PositionCheck> checked = second.source().check(id, last.position);
    if (!checked) return checked.error();
    check = *checked;
    return {};
  });
  second.open();
  second.read(10);
  ASSERT_TRUE(check.has_value());
  EXPECT_EQ(check->checksum, last.checksum);
  ASSERT_TRUE(check->end.has_value());
  EXPECT_GT(*check->end, second.received().back().position);
}

TEST_P(SourceSuite, shows_that_a_position_belongs_to_another_place) {
  world_->append(0, numbered(0, 10));
  SourceReader first = opened();
  const Received last = first.read(10).back();
  world_->recreate();
  world_->append(0, numbered(100, 103));

  SourceReader second = opened();
  second.read(3);
  const Result<PositionCheck> check = second.source().check(second.assigned().at(0), last.position);
  ASSERT_TRUE(check.ok());
  const bool before = check->end.has_value() && *check->end <= last.position;
  const bool other = check->checksum.has_value() && *check->checksum != last.checksum;
  EXPECT_TRUE(before || other);
}

TEST_P(SourceSuite, stops_when_its_place_is_recreated_while_it_reads) {
  world_->append(0, numbered(0, 10));
  SourceReader reader = opened();
  reader.read(10);
  world_->recreate();
  const Error error = reader.read_until_error();
  EXPECT_EQ(error.code, Code::source_recreated);
  EXPECT_NE(error.message, "");
}

TEST_P(SourceSuite, stops_when_the_listener_finds_a_position_impossible) {
  SourceReader reader = opened();
  reader.on_assigned([](PartitionId) -> Result<void> {
    return Error{Code::source_recreated, "another topic"};
  });
  const Error error = reader.read_until_error();
  EXPECT_EQ(error.code, Code::source_recreated);
  EXPECT_EQ(error.message, "another topic");
}

TEST_P(SourceSuite, knows_the_position_after_the_newest_record) {
  world_->append(0, numbered(0, 5));
  SourceReader reader = opened();
  const std::vector<Received> received = reader.read(5);
  const PartitionId partition = reader.assigned().at(0);
  const std::optional<Position> end = reader.source().end(partition);
  ASSERT_TRUE(end.has_value());
  EXPECT_GT(*end, received.back().position);
  world_->append(0, numbered(5, 7));
  // What is known without asking may be a little behind.
  wait_until([&] { return reader.source().end(partition) > end; });
}

TEST_P(SourceSuite, tells_what_its_partitions_hold_without_taking_them) {
  world_->append(0, numbered(0, 5));
  SourceReader reader = opened();
  const std::vector<Received> received = reader.read(5);
  const auto ranges = world_->make_source()->ranges();
  ASSERT_TRUE(ranges) << ranges.error().message;
  ASSERT_EQ(ranges->size(), static_cast<std::size_t>(world_->partitions()));
  const PartitionRange range = ranges->at({world_->topic(), 0});
  EXPECT_LE(range.begin, received.front().position);
  EXPECT_GT(range.end, received.back().position);
  world_->append(0, numbered(5, 7));
  reader.read(7);
  EXPECT_THAT(reader.assignments(), SizeIs(static_cast<std::size_t>(world_->partitions())));
}

TEST_P(SourceSuite, accepts_safe_positions) {
  world_->append(0, numbered(0, 5));
  SourceReader reader = opened();
  const Position last = reader.read(5).back().position;
  const SafePosition safe{reader.assigned().at(0), {last.next()}};
  EXPECT_TRUE(reader.source().commit({&safe, 1}).ok());
}

TEST_P(SourceSuite, brings_big_records_whole) {
  std::vector<Sent> sent = numbered(0, 2);
  sent.push_back(numbered(2, 3, 1'000'000).front());
  sent.push_back(numbered(3, 4).front());
  sent.push_back(numbered(4, 5, 7'000'000).front());
  sent.push_back(numbered(5, 6).front());
  world_->append(0, sent);
  SourceReader reader = opened();
  reader.read(sent.size());
  EXPECT_TRUE(same(reader.contents(0), expected(sent)));
}

TEST_P(SourceSuite, keeps_chunks_small) {
  world_->append(0, numbered(0, 5000, 1200));
  SourceReader reader = opened();
  std::size_t chunks = 0;
  reader.on_chunk([&](const Chunk& chunk) {
    ++chunks;
    EXPECT_LE(chunk.records.size(), 10'000U);
    EXPECT_LE(chunk.bytes, std::size_t{2} << 20U);
    EXPECT_GE(chunk.bytes, chunk.records.size() * 1200);
  });
  reader.read(5000);
  EXPECT_GT(chunks, 1U);
}

TEST_P(SourceSuite, keeps_the_records_of_a_chunk_until_the_chunk_goes) {
  world_->append(0, numbered(0, 3000, 1200));
  std::deque<Chunk> chunks;
  std::vector<Received> copies;
  {
    SourceReader reader = opened();
    reader.on_chunk([&](Chunk chunk) { chunks.push_back(std::move(chunk)); });
    copies = reader.read(3000);
  }
  std::size_t i = 0;
  for (const Chunk& chunk : chunks)
    for (const Record& record : chunk.records) EXPECT_EQ(*record.value, *copies.at(i++).content.value);
  std::thread([&] { chunks.clear(); }).join();
}

}  // namespace

}  // namespace sluice::engine::conformance
