// The suite of dead letters: instantiated for each kind by the program that has it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/dead_letters.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine::conformance {

struct LettersKind {
  std::string name;
  bool durable;
  // Over what the folder holds.
  std::unique_ptr<DeadLetters> (*make)(const TempFolder& folder);
  friend std::ostream& operator<<(std::ostream& out, const LettersKind& kind) { return out << kind.name; }
};

class DeadLettersSuite : public testing::TestWithParam<LettersKind> {
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
    // One after the other: the oldest is read first, and in a topic nothing else orders what lies in two
    // partitions.
    letter.failed_at = Timestamp(microseconds(1'763'700'001'000'000 + position));
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

inline std::string name_of(const testing::TestParamInfo<LettersKind>& one) { return one.param.name; }

}  // namespace sluice::engine::conformance
