#include "file/record_parser.hpp"

#include <gmock/gmock.h>

#include <string>

#include "file/blocks.hpp"

namespace sluice::engine::file {

namespace {

using testing::ElementsAre;

// A line with room behind it, and what became of it.
class Parsed {
 public:
  explicit Parsed(std::string line) : line_(std::move(line)), text_(line_.size() + Blocks::padding, '\0') {
    line_.resize(line_.size() + Blocks::padding, 'x');
    char* text = text_.data();
    record.topic = "file";
    result = parser_.parse(std::string_view(line_).substr(0, line_.size() - Blocks::padding), text, arena_,
                           record);
  }
  Record record;
  Result<void> result;

  [[nodiscard]] std::vector<std::string> headers() const {
    std::vector<std::string> all;
    for (const Header& header : record.headers)
      all.push_back(std::string(header.name) + "=" + std::string(header.value.value_or("(none)")));
    return all;
  }

 private:
  std::string line_;
  std::string text_;
  Arena arena_;
  RecordParser parser_;
};

TEST(RecordParser, reads_what_kcat_prints) {
  const Parsed parsed(
      R"({"topic": "postgres.activity.event_outbox", "partition": 0, "offset": 4, "tstype": "create", )"
      R"("ts": 1795248397932, "broker": 1, "headers": ["id", "0ed9", "eventType", "UserCreated"], )"
      R"("key": "{\"event_id\":\"0ed9\"}", "payload": "{\"a\":\"\\u00e4 \\\"b\\\"\"}", "case": "router"})");
  ASSERT_TRUE(parsed.result.ok()) << parsed.result.error().message;
  EXPECT_EQ(parsed.record.topic, "postgres.activity.event_outbox");
  EXPECT_EQ(parsed.record.key, R"({"event_id":"0ed9"})");
  EXPECT_EQ(parsed.record.value, R"({"a":"\u00e4 \"b\""})");
  EXPECT_THAT(parsed.headers(), ElementsAre("id=0ed9", "eventType=UserCreated"));
  EXPECT_EQ(to_text(parsed.record.timestamp), "2026-11-21T08:06:37.932000Z");
  EXPECT_EQ(parsed.record.timestamp_kind, TimestampKind::create);
}

TEST(RecordParser, takes_a_null_payload_as_a_tombstone) {
  const Parsed parsed(R"({"key":"a","payload":null})");
  ASSERT_TRUE(parsed.result.ok());
  EXPECT_EQ(parsed.record.value, std::nullopt);
  EXPECT_EQ(parsed.record.key, "a");
}

TEST(RecordParser, takes_anything_but_text_as_the_json_it_is) {
  const Parsed parsed(
      R"({"key": {"id": 7} , "value": {"a":[1, 2.50]} , "headers": {"n": 12, "t": "x", "o": null}})");
  ASSERT_TRUE(parsed.result.ok()) << parsed.result.error().message;
  EXPECT_EQ(parsed.record.key, R"({"id": 7})");
  EXPECT_EQ(parsed.record.value, R"({"a":[1, 2.50]})");
  EXPECT_THAT(parsed.headers(), ElementsAre("n=12", "t=x", "o=(none)"));
  EXPECT_EQ(parsed.record.topic, "file");
  EXPECT_EQ(parsed.record.timestamp_kind, TimestampKind::none);
}

TEST(RecordParser, reads_times_as_text_and_of_the_log) {
  const Parsed text(R"({"value":"1","timestamp":"2026-11-21T08:06:32.584684Z"})");
  ASSERT_TRUE(text.result.ok());
  EXPECT_EQ(to_text(text.record.timestamp), "2026-11-21T08:06:32.584684Z");
  const Parsed appended(R"({"ts":1795248397932,"value":"1","tstype":"logappend"})");
  ASSERT_TRUE(appended.result.ok());
  EXPECT_EQ(appended.record.timestamp_kind, TimestampKind::log_append);
  for (const char* line : {R"({"ts":-1,"value":"1"})", R"({"ts":1763700000123456789,"value":"1"})"}) {
    const Parsed none(line);
    ASSERT_TRUE(none.result.ok());
    EXPECT_EQ(none.record.timestamp_kind, TimestampKind::none) << line;
  }
}

TEST(RecordParser, says_what_is_wrong_with_a_line) {
  struct Case {
    const char* line;
    Code code;
  };
  for (const Case& bad : {
           Case{"not json", Code::decode_not_json},
           Case{R"({"payload":"cut)", Code::decode_not_json},
           Case{R"({"payload":"1"} {})", Code::decode_not_json},
           Case{R"({"payload":"\x"})", Code::decode_not_json},
           Case{"{\"payload\":\"\xff\"}", Code::decode_not_utf8},
           Case{"[1]", Code::decode_not_json},
           Case{"17", Code::decode_not_json},
           Case{"{}", Code::decode_missing_field},
           Case{R"({"key":"a"})", Code::decode_missing_field},
           Case{R"({"payload":"1","headers":["odd"]})", Code::decode_bad_field},
           Case{R"({"payload":"1","headers":"no"})", Code::decode_bad_field},
           Case{R"({"payload":"1","ts":"yesterday"})", Code::decode_bad_field},
           Case{R"({"payload":"1","ts":1.5})", Code::decode_bad_field},
       }) {
    const Parsed parsed(bad.line);
    ASSERT_FALSE(parsed.result.ok()) << bad.line;
    EXPECT_EQ(to_text(parsed.result.error().code), to_text(bad.code)) << bad.line;
    EXPECT_NE(parsed.result.error().message, "");
  }
}

TEST(RecordParser, survives_deep_nesting) {
  const Parsed parsed("{\"payload\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}");
  EXPECT_TRUE(parsed.result.ok() || parsed.result.error().code == Code::decode_not_json);
}

}  // namespace

}  // namespace sluice::engine::file
