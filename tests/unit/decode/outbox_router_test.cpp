#include "decode/formats/outbox_router.hpp"

#include <gtest/gtest.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

Answer decoded_routed(const Sent& sent, const std::map<std::string, std::string>& options = {}) {
  return decode(*decoder("outbox_router", options), sent);
}

const std::vector<std::pair<std::string, std::string>> typed{{"id", "e-1"}, {"eventType", "UserCreated"}};

TEST(OutboxRouter, reads_type_and_id_from_headers) {
  const Answer answer = decoded_routed({R"("{\"a\": 1}")", "outbox.event.user", "\"u-1\"", typed});
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.id, "e-1");
  EXPECT_EQ(answer.type, "UserCreated");
  EXPECT_EQ(answer.aggregate_type, "user");
  EXPECT_EQ(answer.aggregate_id, "u-1");
  EXPECT_EQ(answer.payload, libbson(R"({"a": 1})"));
}

TEST(OutboxRouter, strips_what_converters_put_around_keys_and_headers) {
  for (const char* type : {"UserCreated", "\"UserCreated\"", R"("\u0055serCreated")",
                           R"({"schema":{"type":"string","optional":false},"payload":"UserCreated"})"})
    for (const char* key : {"u-1", "\"u-1\"", R"({"schema":{"type":"string"},"payload":"u-1"})"}) {
      const Answer answer = decoded_routed({"{}", "t", key, {{"eventType", type}, {"id", type}}});
      EXPECT_EQ(answer.type, "UserCreated");
      EXPECT_EQ(answer.id, "UserCreated");
      EXPECT_EQ(answer.aggregate_id, "u-1");
    }
  EXPECT_EQ(decoded_routed({"{}", "t", R"({"id":7})", typed}).aggregate_id, R"({"id":7})");
  EXPECT_EQ(decoded_routed({"{}", "t", "\"broken", typed}).aggregate_id, "\"broken");
  EXPECT_EQ(decoded_routed({"{}", "t", "17", typed}).aggregate_id, "17");
}

TEST(OutboxRouter, reads_the_envelope_when_no_header_gives_the_type) {
  const Answer answer = decoded_routed(
      {R"({"payload":"{\"a\": 1}","eventType":"UserCreated","createdAt":1795248392584684,"other":[1]})",
       "outbox.event.user",
       "u-1",
       {{"id", "e-1"}}});
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.type, "UserCreated");
  EXPECT_EQ(answer.id, "e-1");
  EXPECT_EQ(answer.created, "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(answer.payload_json, R"({"a": 1})");
}

TEST(OutboxRouter, takes_a_payload_with_a_field_payload_for_what_it_is_when_a_header_gives_the_type) {
  const std::string_view value = R"({"payload":{"x":1},"eventType":"of business"})";
  EXPECT_EQ(decoded_routed({value, "t", "k", typed}).payload_json, value);
}

TEST(OutboxRouter, takes_the_schema_wrapper_off_around_text_object_and_envelope) {
  EXPECT_EQ(decoded_routed({R"({"schema":{"type":"string"},"payload":"{\"a\": 1}"})", "t", "k", typed})
                .payload_json,
            R"({"a": 1})");
  EXPECT_EQ(
      decoded_routed({R"({"schema":{"type":"struct"},"payload":{"a":1}})", "t", "k", typed}).payload_json,
      R"({"a":1})");
  const Answer answer = decoded_routed(
      {R"({"schema":{},"payload":{"payload":"{\"a\": 1}","eventType":"UserCreated"}})", "t", "k", {}});
  EXPECT_EQ(answer.type, "UserCreated") << answer.reason;
  EXPECT_EQ(answer.payload_json, R"({"a": 1})");
}

TEST(OutboxRouter, unescapes_a_payload_that_was_escaped_twice) {
  EXPECT_EQ(decoded_routed({R"("\"{\\\"a\\\": 1}\"")", "t", "k", typed}).payload_json, R"({"a": 1})");
}

TEST(OutboxRouter, passes_over_records_without_a_value) {
  EXPECT_TRUE(decode(*decoder("outbox_router"), Record{}).passed_over);
  EXPECT_TRUE(decoded_routed({"null", "t", "k", typed}).passed_over);
  EXPECT_TRUE(decoded_routed({R"({"schema":null,"payload":null})", "t", "k", typed}).passed_over);
}

TEST(OutboxRouter, says_how_to_get_a_type) {
  for (const char* value : {"\"{}\"", "{\"a\":1}", "[1]", R"({"payload":"{}","eventType":null})"}) {
    const Answer answer = decoded_routed({value});
    EXPECT_EQ(answer.code, Code::decode_missing_field);
    EXPECT_NE(answer.reason.find("table.fields.additional.placement=event_type:header:eventType"),
              std::string::npos);
  }
}

TEST(OutboxRouter, names_what_is_wrong) {
  EXPECT_NE(decoded_routed({R"({"eventType":"T"})"}).reason.find("'payload' is missing"), std::string::npos);
  EXPECT_NE(decoded_routed({R"({"eventType":["T"],"payload":{}})"}).reason.find("'eventType'"),
            std::string::npos);
  EXPECT_EQ(decoded_routed({R"({"eventType":"T","eventType":"T","payload":{}})"}).code,
            Code::decode_duplicate_key);
  EXPECT_EQ(decoded_routed({"{} x", "t", "k", typed}).code, Code::decode_not_json);
  EXPECT_NE(decoded_routed({"{}", "t", "k", {{"eventType", "T"}, {"createdAt", "soon"}}})
                .reason.find("time of creation"),
            std::string::npos);
}

TEST(OutboxRouter, goes_by_configured_names) {
  const Answer answer = decoded_routed({"{}", "app.events.user", "k", {{"type", "T"}, {"uuid", "e"}}},
                                       {{"type", "type"}, {"id", "uuid"}, {"topic_prefix", "app.events."}});
  EXPECT_EQ(answer.type, "T");
  EXPECT_EQ(answer.id, "e");
  EXPECT_EQ(answer.aggregate_type, "user");
}

TEST(OutboxRouter, takes_the_last_of_several_headers_of_a_name) {
  EXPECT_EQ(decoded_routed({"{}", "t", "k", {{"eventType", "Old"}, {"eventType", "New"}}}).type, "New");
}

TEST(OutboxRouter, reads_the_rows_place_in_the_log_from_a_header) {
  const std::string source =
      R"({"name":"postgres","ts_ms":1795275614802,"snapshot":"false","db":"activity_db","sequence":)"
      R"("[null,\"26372160\"]","schema":"activity","table":"event_outbox"})";
  const auto origin = [](const std::string& header, const std::map<std::string, std::string>& options = {}) {
    return decode(*decoder("outbox_router", options),
                  Sent{.value = "{}", .headers = {{"id", "\"1\""}, {"eventType", "T"}, {"source", header}}})
        .origin;
  };
  ASSERT_TRUE(origin(source));
  EXPECT_EQ(origin(source)->place, 26'372'160U);
  EXPECT_EQ(origin(R"({"schema":{},"payload":)" + source + "}"), origin(source))
      << "JsonConverter with schemas";
  for (const char* other : {"", "Struct{version=3.0.8.Final}", "null", "{}", "postgres"})
    EXPECT_FALSE(origin(other)) << other;
  EXPECT_FALSE(origin(source + "x"));
  EXPECT_FALSE(origin(source, {{"repeated", "apply"}}));
}

}  // namespace
}  // namespace sluice::engine
