#include "decode/formats/row_headers.hpp"

#include <gtest/gtest.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const Headers full_row{{"id", "e-1"},
                       {"eventType", "UserCreated"},
                       {"aggregateType", "user"},
                       {"aggregateId", "u-1"},
                       {"createdAt", "2026-11-21T08:06:32.584684Z"}};

Answer decoded_row(std::string_view payload, const Headers& headers = full_row) {
  return decode(*decoder("outbox_row"), {payload, "event_outbox", "u-1", headers});
}

TEST(RowHeaders, makes_an_event_of_a_row) {
  const Answer answer = decoded_row(R"({"a": "\u00e4"})");
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.id, "e-1");
  EXPECT_EQ(answer.type, "UserCreated");
  EXPECT_EQ(answer.aggregate_type, "user");
  EXPECT_EQ(answer.aggregate_id, "u-1");
  EXPECT_EQ(answer.created, "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(answer.captured, "");
  EXPECT_EQ(answer.payload_json, R"({"a": "\u00e4"})");
  EXPECT_EQ(answer.payload, libbson(R"({"a": "\u00e4"})"));
}

TEST(RowHeaders, takes_a_payload_that_is_json_in_a_json_text) {
  EXPECT_EQ(decoded_row(R"("{\"a\": 1}")").payload_json, R"({"a": 1})");
}

TEST(RowHeaders, takes_a_time_in_numbers) {
  Headers headers = full_row;
  headers[4].second = "1795248397932";
  EXPECT_EQ(decoded_row("{}", headers).created, "2026-11-21T08:06:37.932000Z");
}

TEST(RowHeaders, refuses_a_row_without_type_or_id_or_with_a_wrong_time) {
  EXPECT_EQ(decoded_row("{}", {full_row[0]}).code, Code::decode_missing_field);
  EXPECT_EQ(decoded_row("{}", {full_row[0]}).reason, "the header 'eventType' is missing");
  EXPECT_EQ(decoded_row("{}", {full_row[1]}).reason, "the header 'id' is missing");
  EXPECT_EQ(decoded_row("{}", {full_row[0], {"eventType", ""}}).code, Code::decode_bad_field);
  EXPECT_EQ(decoded_row("{}", {full_row[0], full_row[1], {"createdAt", "soon"}}).code,
            Code::decode_bad_field);
}

TEST(RowHeaders, says_what_is_wrong_with_a_payload_when_it_is_asked_for) {
  EXPECT_EQ(decoded_row("").code, Code::decode_empty);
  EXPECT_TRUE(decoded_row("{").is_event);
  EXPECT_EQ(decoded_row("{").payload_code, Code::decode_not_json);
}

TEST(RowHeaders, takes_a_row_without_payload_as_an_event_whose_payload_is_null) {
  Record record;
  const std::vector<Header> headers{{"id", "e-1"}, {"eventType", "UserCreated"}};
  record.headers = headers;
  const Answer answer = decode(*decoder("outbox_row"), record);
  EXPECT_TRUE(answer.is_event);
  EXPECT_EQ(answer.payload_json, "null");
  EXPECT_EQ(answer.payload_code, Code::decode_bad_field);
}

}  // namespace
}  // namespace sluice::engine
