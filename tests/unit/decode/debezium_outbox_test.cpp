#include "decode/formats/debezium_outbox.hpp"

#include <gtest/gtest.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

// A row of the reference table, with `changes` put in place of its members of the same names.
std::string row(std::string_view payload = R"("{\"a\": 1}")",
                std::string_view created = R"("2026-11-21T08:06:32.584684Z")") {
  return R"({"event_id":"e-1","aggregate_type":"user","aggregate_id":"u-1","event_type":"UserCreated","payload":)" +
         std::string(payload) + R"(,"created_at":)" + std::string(created) + "}";
}

std::string envelope(std::string_view after, std::string_view op = "c",
                     std::string_view rest = R"("ts_ms":1795248397783)") {
  return R"({"before":null,"after":)" + std::string(after) +
         R"(,"source":{"lsn":1,"xmin":null},"transaction":null,"op":")" + std::string(op) + "\"," +
         std::string(rest) + "}";
}

Answer decoded_change(const std::string& value, const std::map<std::string, std::string>& options = {}) {
  return decode(*decoder("debezium_outbox", options), Sent{.value = value});
}

TEST(DebeziumOutbox, reads_the_row_of_a_create) {
  const Answer answer = decoded_change(envelope(row()));
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.id, "e-1");
  EXPECT_EQ(answer.type, "UserCreated");
  EXPECT_EQ(answer.aggregate_type, "user");
  EXPECT_EQ(answer.aggregate_id, "u-1");
  EXPECT_EQ(answer.created, "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(answer.captured, "2026-11-21T08:06:37.783000Z");
  EXPECT_EQ(answer.payload_json, R"({"a": 1})");
  EXPECT_EQ(answer.payload, libbson(R"({"a": 1})"));
}

TEST(DebeziumOutbox, takes_the_schema_wrapper_off) {
  for (const char* schema : {R"({"type":"struct","fields":[{"field":"after"}]})", "null"}) {
    const Answer answer =
        decoded_change("{\"schema\":" + std::string(schema) + ",\"payload\":" + envelope(row()) + "}");
    EXPECT_EQ(answer.id, "e-1") << answer.reason;
    EXPECT_EQ(answer.payload_json, R"({"a": 1})");
  }
  EXPECT_EQ(decoded_change("{\"schema\":{},\"payload\":" + row() + "}").id, "e-1");
}

TEST(DebeziumOutbox, takes_a_row_whose_first_columns_look_like_the_wrapper) {
  std::string value = row();
  value.insert(1, R"("schema":null,)");
  EXPECT_EQ(decoded_change(value).id, "e-1");
  EXPECT_EQ(
      decoded_change(R"({"schema":null,"payload":{"a":1},"event_id":"e-2","event_type":"T"})").payload_json,
      R"({"a":1})");
}

TEST(DebeziumOutbox, reads_a_payload_of_any_shape) {
  EXPECT_EQ(decoded_change(envelope(row(R"({"a": 1})"))).payload_json, R"({"a": 1})");
  EXPECT_EQ(decoded_change(envelope(row(R"( { "a" : [ 1 ] } )"))).payload_json, R"({ "a" : [ 1 ] })");
  EXPECT_EQ(decoded_change(envelope(row(R"("\"{\\\"a\\\": 1}\"")"))).payload_json, R"({"a": 1})")
      << "escaped twice";
  EXPECT_EQ(decoded_change(envelope(row(R"(" \"{\\\"a\\\": 1}\" ")"))).payload, libbson(R"({"a": 1})"));
  EXPECT_EQ(decoded_change(envelope(row(R"("caf\u00e9 {}")"))).payload_code, Code::decode_not_json);
  EXPECT_EQ(decoded_change(envelope(row(R"("")"))).payload_code, Code::decode_empty);
}

TEST(DebeziumOutbox, gives_an_event_without_a_document_for_a_payload_that_is_no_object) {
  for (const auto& [payload, word] :
       {std::pair{"null", "null"}, std::pair{"[1]", "an array"}, std::pair{"\"[1]\"", "an array"},
        std::pair{"7", "a number"}, std::pair{"\"\\\"x\\\"\"", "not valid JSON"}}) {
    const Answer answer = decoded_change(envelope(row(payload)));
    EXPECT_TRUE(answer.is_event) << answer.reason;
    EXPECT_NE(answer.payload_reason.find(word), std::string::npos) << answer.payload_reason;
  }
}

TEST(DebeziumOutbox, reads_times_of_every_sort) {
  const std::pair<const char*, const char*> times[] = {
      {R"("2026-11-21T08:06:32.584684Z")", "2026-11-21T08:06:32.584684Z"},
      {R"("2026-11-21 10:06:32.58+02")", "2026-11-21T08:06:32.580000Z"},
      {"1795248392584684", "2026-11-21T08:06:32.584684Z"},
      {R"("1795248392584684")", "2026-11-21T08:06:32.584684Z"},
      {"1795248392584", "2026-11-21T08:06:32.584000Z"},
      {"1795248392584684999", "2026-11-21T08:06:32.584684Z"},
      {"1795248392", "2026-11-21T08:06:32.000000Z"},
      {"null", ""},
      {"\"\"", ""},
  };
  for (const auto& [time, expected] : times) {
    const Answer answer = decoded_change(envelope(row("{}", time)));
    EXPECT_TRUE(answer.is_event) << answer.reason;
    EXPECT_EQ(answer.created, expected) << time;
  }
  for (const char* time : {"\"soon\"", "1.5", "true", "{}", "99999999999999999999"})
    EXPECT_NE(decoded_change(envelope(row("{}", time))).reason.find("the column 'created_at' is no time"),
              std::string::npos)
        << time;
}

TEST(DebeziumOutbox, knows_when_the_change_was_captured) {
  EXPECT_EQ(decoded_change(envelope(row(), "c", R"("ts_ms":"1795248397783")")).captured,
            "2026-11-21T08:06:37.783000Z");
  EXPECT_EQ(
      decoded_change(envelope(row(), "c", R"("ts_ms":1795248397783,"ts_us":1795248397783646,"ts_ns":1)"))
          .captured,
      "2026-11-21T08:06:37.783646Z");
  EXPECT_EQ(decoded_change(envelope(row(), "c", R"("ts_us":null)")).captured, "");
  EXPECT_NE(decoded_change(envelope(row(), "c", R"("ts_ms":"now")")).reason.find("the field 'ts_ms'"),
            std::string::npos);
}

TEST(DebeziumOutbox, passes_over_what_is_no_event) {
  for (const char* op : {"d", "t", "m"}) EXPECT_TRUE(decoded_change(envelope("null", op)).passed_over) << op;
  EXPECT_TRUE(decoded_change("null").passed_over);
  EXPECT_TRUE(decoded_change(" null ").passed_over);
  EXPECT_TRUE(decoded_change(R"({"schema":null,"payload":null})").passed_over);
  EXPECT_TRUE(decoded_change(R"({"ts_ms":1795248429002})").passed_over) << "a heartbeat whatever its topic";
  const auto made = decoder("debezium_outbox");
  EXPECT_TRUE(decode(*made, Sent{.value = "\x01 not JSON at all", .topic = "__debezium-heartbeat.postgres"})
                  .passed_over);
  EXPECT_TRUE(decode(*made, Record{}).passed_over) << "a tombstone";
}

TEST(DebeziumOutbox, treats_an_update_by_policy) {
  const std::string update = envelope(row(), "u");
  EXPECT_TRUE(decoded_change(update).passed_over);
  EXPECT_EQ(decoded_change(update, {{"on_update", "error"}}).code, Code::decode_row_updated);
  EXPECT_NE(decoded_change(update, {{"on_update", "error"}}).reason.find("'e-1'"), std::string::npos);
  EXPECT_EQ(decoded_change(update, {{"on_update", "fatal"}}).code, Code::source_fatal);
}

TEST(DebeziumOutbox, reads_rows_without_an_envelope) {
  EXPECT_EQ(decoded_change(row()).id, "e-1");
  std::string flat = row();
  flat.back() = ',';
  EXPECT_EQ(decoded_change(flat + R"("__op":"c","__source_ts_ms":5,"__ts_ms":1795248397783})").captured,
            "2026-11-21T08:06:37.783000Z");
  EXPECT_TRUE(decoded_change(flat + R"("__op":"u"})").passed_over);
  EXPECT_TRUE(decoded_change(flat + R"("__op":"d"})").passed_over);
  EXPECT_TRUE(decoded_change(flat + R"("__deleted":"true"})").passed_over);
  EXPECT_EQ(decoded_change(flat + R"("__deleted":"false"})").id, "e-1");
  EXPECT_EQ(decoded_change(flat + R"("__op":"u"})", {{"on_update", "error"}}).code, Code::decode_row_updated);
  const auto made = decoder("debezium_outbox");
  EXPECT_TRUE(decode(*made, Sent{.value = row(), .headers = {{"__op", "u"}}}).passed_over);
  EXPECT_TRUE(decode(*made, Sent{.value = row(), .headers = {{"__op", "\"u\""}}}).passed_over);
}

TEST(DebeziumOutbox, finds_columns_by_their_configured_names) {
  const std::map<std::string, std::string> debezium{{"event_id", "id"},
                                                    {"aggregate_type", "aggregatetype"},
                                                    {"aggregate_id", "aggregateid"},
                                                    {"event_type", "type"},
                                                    {"created_at", ""}};
  const Answer answer = decoded_change(
      envelope(
          R"({"id":17,"aggregatetype":"order","aggregateid":9,"type":"Placed","payload":"{}","created_at":"no time"})"),
      debezium);
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.id, "17");
  EXPECT_EQ(answer.aggregate_id, "9");
  EXPECT_EQ(answer.type, "Placed");
  EXPECT_EQ(answer.created, "");
}

TEST(DebeziumOutbox, needs_no_aggregate_and_no_id_where_the_table_has_none) {
  EXPECT_TRUE(decoded_change(R"({"event_id":"e","event_type":"T","payload":"{}"})").is_event);
  EXPECT_TRUE(decoded_change(R"({"event_type":"T","payload":"{}"})", {{"event_id", ""}}).is_event);
}

TEST(DebeziumOutbox, names_the_column_that_is_missing_or_wrong) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"event_type":"T","payload":"{}"})", "the column 'event_id' is missing"},
      {R"({"event_id":null,"event_type":"T","payload":"{}"})", "the column 'event_id' is null"},
      {R"({"event_id":"","event_type":"T","payload":"{}"})", "the column 'event_id' is empty"},
      {R"({"event_id":{},"event_type":"T","payload":"{}"})", "the column 'event_id' is neither"},
      {R"({"event_id":1.5,"event_type":"T","payload":"{}"})", "the column 'event_id' is neither"},
      {R"({"event_id":"e","payload":"{}"})", "the column 'event_type' is missing"},
      {R"({"event_id":"e","event_type":"","payload":"{}"})", "the column 'event_type' is empty"},
      {R"({"event_id":"e","event_type":7,"payload":"{}"})", "the column 'event_type' is not a text"},
      {R"({"event_id":"e","event_type":"T"})", "the column 'payload' is missing"},
      {R"({"event_id":"e","event_type":"T","payload":"__debezium_unavailable_value"})",
       "REPLICA IDENTITY FULL"},
      {R"({"event_id":"e","event_type":"T","payload":"{}","aggregate_id":[]})",
       "the column 'aggregate_id' is neither"},
  };
  for (const auto& [after, reason] : rows) {
    EXPECT_NE(decoded_change(envelope(after)).reason.find(reason), std::string::npos)
        << decoded_change(envelope(after)).reason;
    EXPECT_NE(decoded_change(after).reason.find(reason), std::string::npos) << decoded_change(after).reason;
  }
}

TEST(DebeziumOutbox, says_what_is_wrong_with_an_envelope) {
  EXPECT_EQ(decoded_change(R"({"hello":"world"})").code, Code::decode_unknown_envelope);
  EXPECT_EQ(decoded_change("{}").code, Code::decode_unknown_envelope);
  EXPECT_EQ(decoded_change("[]").code, Code::decode_unknown_envelope);
  EXPECT_EQ(decoded_change("\"text\"").code, Code::decode_unknown_envelope);
  EXPECT_EQ(decoded_change(envelope(row(), "x")).code, Code::decode_unknown_envelope);
  EXPECT_NE(decoded_change(envelope(row(), "x")).reason.find("'op' is 'x'"), std::string::npos);
  EXPECT_EQ(decoded_change(envelope("null", "c")).code, Code::decode_missing_field);
  EXPECT_EQ(decoded_change("{\"after\":" + row() + "}").code, Code::decode_missing_field);
  EXPECT_EQ(decoded_change(R"({"after":)" + row() + R"(,"op":1})").code, Code::decode_bad_field);
  EXPECT_EQ(decoded_change(envelope(row(), "c", R"("op":"d")")).code, Code::decode_duplicate_key);
  EXPECT_EQ(decoded_change(envelope(row(), "c", R"("after":{})")).code, Code::decode_duplicate_key);
  EXPECT_EQ(decoded_change(envelope(R"({"event_type":"A","event_type":"B"})")).code,
            Code::decode_duplicate_key);
}

TEST(DebeziumOutbox, understands_names_that_are_escaped) {
  const Answer answer =
      decoded_change(R"({"\u0061fter":{"event_\u0069d":"e","event_type":"T","payload":"{}"},"o\u0070":"c"})");
  EXPECT_EQ(answer.id, "e") << answer.reason;
}

TEST(DebeziumOutbox, refuses_every_truncation_of_a_record) {
  const std::string value = envelope(row());
  for (std::size_t size = 1; size < value.size(); ++size)
    EXPECT_EQ(decoded_change(value.substr(0, size)).code, Code::decode_not_json) << value.substr(0, size);
}

TEST(DebeziumOutbox, refuses_options_that_do_not_go_together) {
  EXPECT_THROW(decoder("debezium_outbox", {{"event_id", "payload"}}), ConfigurationError);
  EXPECT_THROW(decoder("debezium_outbox", {{"event_type", ""}}), ConfigurationError);
}

}  // namespace
}  // namespace sluice::engine
