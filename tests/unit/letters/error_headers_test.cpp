#include "letters/error_headers.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::engine {
namespace {

DeadLetter letter() {
  DeadLetter letter;
  letter.pipeline = "activity";
  letter.topic = "postgres.activity.event_outbox";
  letter.partition = 3;
  letter.position = Position{1234};
  letter.code = Code::wait_expired;
  letter.reason = "the document \"a\" did not come";
  letter.event_id = "0c5c";
  letter.event_type = "ParticipantJoined";
  letter.unapplied = {{"activity.participant_joined", "activities", "\"7f\""}, {"stats", "", ""}};
  letter.failed_at = Timestamp(microseconds(1'763'700'000'123'456));
  return letter;
}

std::map<std::string, std::string> by_name(const DeadLetter& letter) {
  std::map<std::string, std::string> headers;
  for (auto& [name, value] : error_headers(letter)) EXPECT_TRUE(headers.emplace(name, value).second) << name;
  return headers;
}

std::vector<std::pair<std::string, std::optional<std::string>>> as_read(const DeadLetter& letter) {
  std::vector<std::pair<std::string, std::optional<std::string>>> headers{{"eventType", "X"}, {"none", {}}};
  for (auto& [name, value] : error_headers(letter)) headers.emplace_back(name, value);
  return headers;
}

TEST(DeadLetter, is_named_by_pipeline_topic_partition_and_position) {
  EXPECT_EQ(letter().id(), "activity/postgres.activity.event_outbox/3/1234");
}

TEST(ErrorHeaders, are_those_of_kafka_connect) {
  auto headers = by_name(letter());
  EXPECT_EQ(headers["__connect.errors.topic"], "postgres.activity.event_outbox");
  EXPECT_EQ(headers["__connect.errors.partition"], "3");
  EXPECT_EQ(headers["__connect.errors.offset"], "1234");
  EXPECT_EQ(headers["__connect.errors.connector.name"], "activity");
  EXPECT_EQ(headers["__connect.errors.task.id"], "0");
  EXPECT_EQ(headers["__connect.errors.stage"], "TASK_PUT");
  EXPECT_EQ(headers["__connect.errors.class.name"], "sluice.wait");
  EXPECT_EQ(headers["__connect.errors.exception.class.name"], "sluice.wait.expired");
  EXPECT_EQ(headers["__connect.errors.exception.message"], letter().reason);
  EXPECT_EQ(headers["__connect.errors.exception.stacktrace"],
            "sluice.wait.expired: the document \"a\" did not come\n"
            "\tat activity.participant_joined (activities \"7f\")\n\tat stats");
}

TEST(ErrorHeaders, carry_what_a_replay_needs) {
  auto headers = by_name(letter());
  EXPECT_EQ(headers["sluice.code"], "wait.expired");
  EXPECT_EQ(headers["sluice.pipeline"], "activity");
  EXPECT_EQ(headers["sluice.event.type"], "ParticipantJoined");
  EXPECT_EQ(headers["sluice.failed_at"], "2025-11-21T04:40:00.123456Z");
  EXPECT_EQ(headers["sluice.unapplied"],
            R"([{"handler":"activity.participant_joined","collection":"activities","document":"\"7f\""},)"
            R"({"handler":"stats","collection":"","document":""}])");
}

TEST(ErrorHeaders, give_the_letter_back) {
  const DeadLetter written = letter();
  DeadLetter read;
  ASSERT_TRUE(read_error_headers(as_read(written), read));
  EXPECT_EQ(read.id(), written.id());
  EXPECT_EQ(read.code, written.code);
  EXPECT_EQ(read.reason, written.reason);
  EXPECT_EQ(read.event_id, written.event_id);
  EXPECT_EQ(read.event_type, written.event_type);
  EXPECT_EQ(read.unapplied, written.unapplied);
  EXPECT_EQ(read.failed_at, written.failed_at);
}

TEST(ErrorHeaders, name_the_stage_where_it_went_wrong) {
  DeadLetter undecodable = letter();
  undecodable.code = Code::decode_not_json;
  EXPECT_EQ(by_name(undecodable)["__connect.errors.stage"], "VALUE_CONVERTER");
  undecodable.event_id.clear();
  EXPECT_FALSE(by_name(undecodable).contains("sluice.event.id"));
}

TEST(ErrorHeaders, cut_long_reasons_between_characters) {
  DeadLetter verbose = letter();
  verbose.reason = "x";
  for (int i = 0; i < 5000; ++i) verbose.reason += "ü";
  const std::string message = by_name(verbose)["__connect.errors.exception.message"];
  EXPECT_LE(message.size(), error_text_limit);
  EXPECT_GT(message.size(), error_text_limit - 8);
  EXPECT_TRUE(message.ends_with("ü…"));
  EXPECT_LE(by_name(verbose)["__connect.errors.exception.stacktrace"].size(), error_text_limit);
}

TEST(ErrorHeaders, of_another_program_make_no_letter) {
  auto headers = as_read(letter());
  DeadLetter read;
  for (const char* name : {"sluice.pipeline", "sluice.code", "sluice.failed_at", "__connect.errors.offset"}) {
    auto without = headers;
    std::erase_if(without, [&](const auto& header) { return header.first == name; });
    EXPECT_FALSE(read_error_headers(without, read)) << name;
  }
  for (auto& [name, value] : headers)
    if (name == "sluice.unapplied") value = "[{";
  EXPECT_FALSE(read_error_headers(headers, read));
}

TEST(ErrorHeaders, are_told_from_the_records_own) {
  EXPECT_TRUE(is_error_header("__connect.errors.topic"));
  EXPECT_TRUE(is_error_header("__connect.errors.later.addition"));
  EXPECT_TRUE(is_error_header("sluice.code"));
  EXPECT_FALSE(is_error_header("sluice.other"));
  EXPECT_FALSE(is_error_header("eventType"));
}

}  // namespace
}  // namespace sluice::engine
