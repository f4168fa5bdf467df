#include "decode/formats/cloudevents.hpp"

#include <gtest/gtest.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Answer decoded_cloudevent(std::string_view value, const Headers& headers,
                          const std::map<std::string, std::string>& options = {}) {
  return decode(*decoder("cloudevents", options), Sent{.value = value, .headers = headers});
}

const Headers binary{{"ce_specversion", "1.0"},  {"ce_id", "e-1"},      {"ce_source", "/users"},
                     {"ce_type", "UserCreated"}, {"ce_subject", "u-1"}, {"ce_time", "2026-11-21T08:06:32Z"}};
const Headers structured{{"content-type", "application/cloudevents+json; charset=UTF-8"}};
constexpr std::string_view event =
    R"({"specversion":"1.0","id":"e-1","source":"/users","type":"UserCreated","subject":"u-1",)"
    R"("time":"2026-11-21T08:06:32Z","datacontenttype":"application/json","data":{"a": 1}})";

void expect_the_event(const Answer& answer) {
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.id, "e-1");
  EXPECT_EQ(answer.type, "UserCreated");
  EXPECT_EQ(answer.aggregate_type, "/users");
  EXPECT_EQ(answer.aggregate_id, "u-1");
  EXPECT_EQ(answer.created, "2026-11-21T08:06:32.000000Z");
  EXPECT_EQ(answer.payload, libbson(R"({"a": 1})"));
}

TEST(CloudEvents, reads_the_binary_mode) {
  expect_the_event(decoded_cloudevent(R"({"a": 1})", binary));
  for (const char* type :
       {"application/json", "Application/JSON; charset=utf-8", "text/json", "application/vnd.x+json"}) {
    Headers headers = binary;
    headers.emplace_back("content-type", type);
    expect_the_event(decoded_cloudevent(R"({"a": 1})", headers));
  }
}

TEST(CloudEvents, reads_the_structured_mode) {
  expect_the_event(decoded_cloudevent(event, structured));
  expect_the_event(decoded_cloudevent(event, {{"content-type", "APPLICATION/CloudEvents"}}));
  expect_the_event(decoded_cloudevent(event, {}));
}

TEST(CloudEvents, reads_data_as_text_and_as_base64) {
  const std::string head = R"({"specversion":"1.0","id":"e","source":"s","type":"T",)";
  EXPECT_EQ(decoded_cloudevent(head + R"("data":"{\"a\": 1}"})", structured).payload_json, R"({"a": 1})");
  EXPECT_EQ(decoded_cloudevent(head + R"("data_base64":"eyJhIjogMX0="})", structured).payload_json,
            R"({"a": 1})");
  EXPECT_NE(decoded_cloudevent(head + R"("data_base64":"%"})", structured).reason.find("'data_base64'"),
            std::string::npos);
  const Answer without = decoded_cloudevent(head + R"("x":1})", structured);
  EXPECT_TRUE(without.is_event);
  EXPECT_EQ(without.payload_json, "null");
}

TEST(CloudEvents, takes_the_aggregate_from_the_attributes_that_options_name) {
  Headers headers = binary;
  headers.emplace_back("ce_partitionkey", "p-1");
  const Answer answer =
      decoded_cloudevent("{}", headers, {{"aggregate_type", "type"}, {"aggregate_id", "partitionkey"}});
  EXPECT_EQ(answer.aggregate_type, "UserCreated");
  EXPECT_EQ(answer.aggregate_id, "p-1");
  EXPECT_EQ(decoded_cloudevent(event, structured, {{"aggregate_id", "id"}}).aggregate_id, "e-1");
}

TEST(CloudEvents, passes_over_tombstones) {
  EXPECT_TRUE(decode(*decoder("cloudevents"), Record{}).passed_over);
}

TEST(CloudEvents, names_what_is_missing_or_wrong) {
  for (const char* attribute : {"ce_id", "ce_type", "ce_source"}) {
    Headers headers = binary;
    std::erase_if(headers, [&](const auto& header) { return header.first == attribute; });
    const Answer answer = decoded_cloudevent("{}", headers);
    EXPECT_EQ(answer.code, Code::decode_missing_field);
    EXPECT_NE(answer.reason.find(std::string(attribute).substr(3)), std::string::npos) << answer.reason;
  }
  const auto reason = [](std::string_view value, const Headers& headers) {
    return decoded_cloudevent(value, headers).reason;
  };
  EXPECT_NE(reason("{}", {}).find("specversion"), std::string::npos);
  EXPECT_NE(reason("[]", {}).find("no object"), std::string::npos);
  EXPECT_NE(reason(R"({"specversion":"2.0"})", {}).find("'2.0'"), std::string::npos);
  EXPECT_NE(reason("[]", {{"content-type", "application/cloudevents-batch+json"}}).find("batch"),
            std::string::npos);
  EXPECT_NE(reason("x", {{"content-type", "application/cloudevents+avro"}}).find("avro"), std::string::npos);
  EXPECT_NE(reason("<a/>", {{"ce_specversion", "1.0"}, {"content-type", "text/xml"}}).find("text/xml"),
            std::string::npos);
  EXPECT_EQ(decoded_cloudevent("{", binary).code, Code::decode_not_json);
  EXPECT_EQ(decoded_cloudevent(R"({"id":"a","id":"b"})", structured).code, Code::decode_duplicate_key);
}

}  // namespace
}  // namespace sluice::engine
