// What is the file source's own; what it shares with all sources is in tests/conformance.
#include "file/source.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "core/options.hpp"
#include "support/temp_folder.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine::file {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FileSource : public testing::Test, public PartitionListener {
 protected:
  void open(std::string format = "plain", bool follow = false, std::int64_t max_record = 1 << 20) {
    const RoleSpec<Source> role = source_role();
    Options options = default_options(role.options);
    options.set("path", folder_.file("in.ndjson"));
    options.set("format", std::move(format));
    options.set("follow", follow);
    options.set("max_record", max_record);
    source_ = role.make(options, {});
    opened_ = source_->open(*this);
  }

  // Reads to the end of the file that is not followed.
  void read_all() {
    ASSERT_TRUE(opened_.ok()) << opened_.error().message;
    for (;;) {
      Result<Polled> polled = source_->poll(milliseconds(20));
      ASSERT_TRUE(polled.ok()) << polled.error().message;
      if (std::holds_alternative<Finished>(*polled)) return;
      if (std::holds_alternative<Chunk>(*polled)) chunks_.push_back(std::get<Chunk>(std::move(*polled)));
    }
  }

  // Polls until something other than idleness.
  Result<Polled> poll() {
    Result<Polled> polled = Polled(Idle{});
    wait_until([&] {
      polled = source_->poll(milliseconds(100));
      return !polled.ok() || !std::holds_alternative<Idle>(*polled);
    });
    return polled;
  }

  [[nodiscard]] std::vector<std::string> values() const {
    std::vector<std::string> all;
    for (const Chunk& chunk : chunks_)
      for (const Record& record : chunk.records) all.emplace_back(record.value.value_or("(none)"));
    return all;
  }
  [[nodiscard]] std::vector<std::int64_t> positions() const {
    std::vector<std::int64_t> all;
    for (const Chunk& chunk : chunks_)
      for (const Record& record : chunk.records) all.push_back(record.position.value);
    return all;
  }

  Result<std::optional<Progress>> assigned(PartitionId, const TopicPartition&,
                                           std::optional<Progress>) override {
    return start_;
  }
  std::optional<SafePosition> revoked(PartitionId) override { return std::nullopt; }

  TempFolder folder_;
  std::optional<Progress> start_;
  std::unique_ptr<Source> source_;
  Result<void> opened_;
  std::vector<Chunk> chunks_;
};

TEST_F(FileSource, takes_the_offset_of_a_line_as_its_position_and_the_last_without_newline) {
  folder_.write("in.ndjson", "one\ntwo\r\n\n\n\xE2\x80\xA8 four\nlast");
  open();
  read_all();
  EXPECT_THAT(values(), ElementsAre("one", "two\r", "\xE2\x80\xA8 four", "last"));
  EXPECT_THAT(positions(), ElementsAre(0, 4, 11, 20));
}

TEST_F(FileSource, has_nothing_in_an_empty_file) {
  folder_.write("in.ndjson", "");
  open();
  read_all();
  EXPECT_THAT(values(), IsEmpty());
}

TEST_F(FileSource, starts_at_the_next_line_when_told_to_start_within_one) {
  folder_.write("in.ndjson", "one\ntwo\nthree");
  for (const auto& [start, first] : std::vector<std::pair<std::int64_t, std::string>>{
           {0, "one"}, {1, "two"}, {3, "two"}, {4, "two"}, {5, "three"}, {8, "three"}}) {
    start_ = Progress{Position{start}};
    chunks_.clear();
    open();
    read_all();
    ASSERT_FALSE(values().empty()) << start;
    EXPECT_EQ(values().front(), first) << start;
  }
  start_ = Progress{Position{9}};
  chunks_.clear();
  open();
  read_all();
  EXPECT_THAT(values(), IsEmpty());
}

TEST_F(FileSource, waits_for_the_end_of_a_line_that_is_being_written) {
  folder_.write("in.ndjson", "one\ntw");
  open("plain", true);
  Result<Polled> first = poll();
  ASSERT_TRUE(first.ok());
  chunks_.push_back(std::get<Chunk>(std::move(*first)));
  EXPECT_TRUE(std::holds_alternative<Idle>(*source_->poll(milliseconds(0))));
  folder_.append("in.ndjson", "o");
  EXPECT_TRUE(std::holds_alternative<Idle>(*source_->poll(milliseconds(0))));
  folder_.append("in.ndjson", "\n");
  Result<Polled> second = poll();
  ASSERT_TRUE(second.ok());
  chunks_.push_back(std::get<Chunk>(std::move(*second)));
  EXPECT_THAT(values(), ElementsAre("one", "two"));
}

TEST_F(FileSource, hands_on_the_beginning_of_a_line_that_is_too_long_as_a_fault) {
  for (const std::size_t size : {std::size_t{1001}, std::size_t{300'000}, std::size_t{5'000'000}}) {
    chunks_.clear();
    folder_.write("in.ndjson", "one\n" + std::string(size, 'x') + "\nthree\n" + std::string(size, 'y'));
    open("plain", false, 1000);
    read_all();
    EXPECT_THAT(values(), ElementsAre("one", std::string(1000, 'x'), "three", std::string(1000, 'y')));
    const Record& record = chunks_.size() == 1 ? chunks_[0].records[1] : chunks_[1].records[0];
    ASSERT_NE(record.fault, nullptr);
    EXPECT_EQ(record.fault->code, Code::decode_too_large);
    EXPECT_THAT(record.fault->message, HasSubstr(std::to_string(size)));
  }
}

TEST_F(FileSource, hands_on_a_line_that_is_no_record_whole_with_its_fault) {
  folder_.write("in.ndjson",
                "{\"key\":\"a\",\"payload\":\"1\"}\n{\"key\":\"b\",\"payload\":\n{\"payload\":\"3\"}\n");
  open("records");
  read_all();
  EXPECT_THAT(values(), ElementsAre("1", "{\"key\":\"b\",\"payload\":", "3"));
  const Record& bad = chunks_.at(0).records.at(1);
  ASSERT_NE(bad.fault, nullptr);
  EXPECT_EQ(bad.fault->code, Code::decode_not_json);
  EXPECT_EQ(bad.key, std::nullopt);
  EXPECT_EQ(chunks_.at(0).records.at(2).fault, nullptr);
}

TEST_F(FileSource, ends_when_the_file_is_cut_below_what_was_read) {
  folder_.write("in.ndjson", "one\ntwo\n");
  open("plain", true);
  ASSERT_TRUE(poll().ok());
  folder_.write("in.ndjson", "1\n");
  const Result<Polled> polled = poll();
  ASSERT_FALSE(polled.ok());
  EXPECT_EQ(polled.error().code, Code::source_recreated);
  EXPECT_THAT(polled.error().message, HasSubstr("was cut to 2 bytes"));
}

TEST_F(FileSource, refuses_what_is_no_file) {
  std::filesystem::create_directory(folder_.file("in.ndjson"));
  open();
  ASSERT_FALSE(opened_.ok());
  EXPECT_EQ(opened_.error().code, Code::source_fatal);
  EXPECT_THAT(opened_.error().message, HasSubstr("is not a file"));
}

TEST_F(FileSource, waits_for_a_file_that_is_not_there_yet) {
  open();
  ASSERT_FALSE(opened_.ok());
  EXPECT_EQ(opened_.error().code, Code::source_unavailable);
  EXPECT_THAT(opened_.error().message, HasSubstr("No such file"));
  folder_.write("in.ndjson", "one\n");
  opened_ = source_->open(*this);
  read_all();
  EXPECT_THAT(values(), ElementsAre("one"));
}

}  // namespace

}  // namespace sluice::engine::file
