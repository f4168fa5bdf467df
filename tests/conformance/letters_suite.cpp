// One suite for dead letters, run against everything that keeps them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "file/dead_letters.hpp"
#include "memory/dead_letters.hpp"
#include "sqlite/dead_letters.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

struct Kind {
  std::string name;
  bool durable;
  // Over what the folder holds.
  std::unique_ptr<DeadLetters> (*make)(const TempFolder& folder);
  friend std::ostream& operator<<(std::ostream& out, const Kind& kind) { return out << kind.name; }
};

class DeadLettersSuite : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { open(); }
  void open() {
    letters_ = GetParam().make(folder_);
    const auto opened = letters_->open();
    ASSERT_TRUE(opened) << opened.error().message;
  }
  void restart() {
    if (GetParam().durable) open();
  }
  void write(const std::vector<DeadLetter>& letters) {
    const auto written = letters_->write(letters);
    ASSERT_TRUE(written) << written.error().message;
  }
  std::vector<DeadLetter> read(std::size_t at_most = 1000) {
    std::vector<DeadLetter> all;
    const auto read = letters_->read([&](const DeadLetter& letter) {
      all.push_back(letter);
      return all.size() < at_most;
    });
    EXPECT_TRUE(read) << read.error().message;
    return all;
  }
  static DeadLetter letter(std::int64_t position) {
    DeadLetter letter;
    letter.pipeline = "activity";
    letter.topic = "postgres.activity.event_outbox";
    letter.partition = 2;
    letter.position = Position{position};
    letter.key = "key";
    letter.value = R"({"payload":"{\"a\":1}"})";
    letter.headers = {{"eventType", "UserCreated"}, {"empty", ""}, {"none", std::nullopt}};
    letter.timestamp = Timestamp(milliseconds(1'763'700'000'123));
    letter.code = Code::handler_rejected;
    letter.reason = "no email: 'ü'\nline 2";
    letter.event_id = "0c5c";
    letter.event_type = "UserCreated";
    letter.unapplied = {{"activity.user_created", "users", "\"u1\""}, {"stats", "", ""}};
    letter.failed_at = Timestamp(microseconds(1'763'700'001'000'001));
    return letter;
  }
  static void expect_same(const DeadLetter& read, const DeadLetter& written) {
    EXPECT_EQ(read.id(), written.id());
    EXPECT_EQ(read.key, written.key);
    EXPECT_EQ(read.value, written.value);
    EXPECT_EQ(read.headers, written.headers);
    EXPECT_EQ(read.timestamp, written.timestamp);
    EXPECT_EQ(read.code, written.code);
    EXPECT_EQ(read.reason, written.reason);
    EXPECT_EQ(read.event_id, written.event_id);
    EXPECT_EQ(read.event_type, written.event_type);
    EXPECT_THAT(read.unapplied, testing::UnorderedElementsAreArray(written.unapplied));
    EXPECT_EQ(read.failed_at, written.failed_at);
  }

 private:
  TempFolder folder_;
  std::unique_ptr<DeadLetters> letters_;
};

INSTANTIATE_TEST_SUITE_P(Letters, DeadLettersSuite,
                         testing::Values(Kind{"memory", false,
                                              [](const TempFolder&) -> std::unique_ptr<DeadLetters> {
                                                return std::make_unique<memory::MemoryDeadLetters>();
                                              }},
                                         Kind{"sqlite", true,
                                              [](const TempFolder& folder) -> std::unique_ptr<DeadLetters> {
                                                return std::make_unique<sqlite::SqliteDeadLetters>(
                                                    folder.file("dead.db"), milliseconds(100));
                                              }},
                                         Kind{"file", true,
                                              [](const TempFolder& folder) -> std::unique_ptr<DeadLetters> {
                                                return std::make_unique<file::FileDeadLetters>(
                                                    folder.file("dead.ndjson"));
                                              }}),
                         [](const testing::TestParamInfo<Kind>& one) { return one.param.name; });

TEST_P(DeadLettersSuite, there_are_none_at_first) { EXPECT_TRUE(read().empty()); }

TEST_P(DeadLettersSuite, a_letter_comes_back_whole) {
  write({letter(1)});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  expect_same(all[0], letter(1));
}

TEST_P(DeadLettersSuite, a_record_without_key_value_or_event_comes_back_so) {
  DeadLetter bare = letter(1);
  bare.key.reset();
  bare.value.reset();
  bare.headers.clear();
  bare.event_id.clear();
  bare.event_type.clear();
  bare.unapplied.clear();
  bare.code = Code::decode_empty;
  DeadLetter empty = letter(2);
  empty.key = "";
  empty.value = "";
  write({bare, empty});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  expect_same(all[0], bare);
  expect_same(all[1], empty);
}

TEST_P(DeadLettersSuite, bytes_that_are_no_text_come_back_byte_by_byte) {
  DeadLetter binary = letter(1);
  binary.key = std::string("\x00\x01\xff", 3);
  binary.value = std::string("\x00\x00\x00\x00\x05\xc3\x28 avro\n\"", 14);
  binary.headers = {{"traceparent", std::string("\xfe\xff", 2)}, {"text", std::string("a\0b", 3)}};
  write({binary});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  expect_same(all[0], binary);
}

TEST_P(DeadLettersSuite, a_value_of_megabytes_comes_back) {
  DeadLetter large = letter(1);
  large.value = std::string(std::size_t{20} << 20U, 'x');
  write({large});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].value, large.value);
}

TEST_P(DeadLettersSuite,
       a_letter_written_twice_is_the_last_one_at_its_first_place_with_all_that_is_unapplied) {
  DeadLetter again = letter(1);
  again.reason = "another reason";
  again.unapplied = {{"stats", "statistics", "\"all\""}};
  write({letter(1), letter(2)});
  write({letter(3), again});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 3U);
  DeadLetter both = again;
  add_unapplied(both.unapplied, letter(1).unapplied);
  expect_same(all[0], both);
  EXPECT_EQ(all[1].position, Position{2});
  EXPECT_EQ(all[2].position, Position{3});
}

TEST_P(DeadLettersSuite, a_letter_of_the_whole_event_keeps_what_another_writing_names) {
  DeadLetter whole = letter(1);
  whole.unapplied.clear();
  write({whole, letter(1)});
  write({letter(2)});
  DeadLetter later = letter(2);
  later.unapplied.clear();
  write({later});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  std::vector<Unapplied> both = letter(1).unapplied;
  both.push_back(whole_event);
  for (const DeadLetter& one : all) EXPECT_THAT(one.unapplied, testing::UnorderedElementsAreArray(both));
}

TEST_P(DeadLettersSuite, letters_of_another_generation_are_others) {
  DeadLetter newer = letter(1);
  newer.generation = 2;
  write({letter(1), newer});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].generation, 0);
  EXPECT_EQ(all[1].generation, 2);
}

TEST_P(DeadLettersSuite, letters_of_other_pipelines_topics_and_partitions_are_others) {
  DeadLetter pipeline = letter(1);
  pipeline.pipeline = "other";
  DeadLetter topic = letter(1);
  topic.topic = "other 'topic' \"x\"";
  DeadLetter partition = letter(1);
  partition.partition = 7;
  write({letter(1), pipeline, topic, partition});
  restart();
  EXPECT_EQ(read().size(), 4U);
}

TEST_P(DeadLettersSuite, reading_ends_when_it_is_told_to) {
  write({letter(1), letter(2), letter(3)});
  EXPECT_EQ(read(2).size(), 2U);
  EXPECT_EQ(read().size(), 3U);
}

TEST_P(DeadLettersSuite, writing_goes_on_after_a_restart) {
  write({letter(1)});
  restart();
  write({letter(2)});
  EXPECT_EQ(read().size(), 2U);
}

TEST_P(DeadLettersSuite, writing_none_is_no_error) {
  write({});
  EXPECT_TRUE(read().empty());
}

}  // namespace
}  // namespace sluice::engine
