// Every captured record and what it must become.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "captured_records.hpp"
#include "decoding.hpp"

namespace sluice::engine {
namespace {

// The events that the records were made of, by a short name.
struct Made {
  std::string_view name;
  std::string_view id;
  std::string_view type;
  std::string_view aggregate_type;
  std::string_view aggregate_id;
};

constexpr std::string_view user_id = "0c5c7fd0-a6a3-4450-a513-270e269e0d37";
constexpr std::string_view activity_id = "0becd7b0-3898-4190-b9eb-dacc0cb1e29c";
constexpr std::string_view joined_id = "05c6af07-58d5-463d-ab2c-d31ee3151288";

constexpr Made known_events[] = {
    {"user", "0ed90475-9531-485d-9d9d-c9f81818e811", "UserCreated", "user", user_id},
    {"activity", "24ede6a4-6b4c-4242-8a23-d5962217bead", "ActivityCreated", "activity", activity_id},
    {"joined", "3b1287ff-f52d-4f5d-a164-99c9e25a7605", "ParticipantJoined", "activity", joined_id},
    {"large", "00000000-0000-4000-8000-000000000001", "UserCreated", "user", user_id},
    {"rekeyed", "00000000-0000-4000-8000-000000000002", "ActivityCreated", "activity2", activity_id},
    {"odd", "00000000-0000-4000-8000-0000000000ff", "UserCreated", "user", user_id},
};

const Made& made_as(std::string_view name) {
  for (const Made& one : known_events)
    if (one.name == name) return one;
  throw std::invalid_argument("no such event");
}

struct Expectation {
  std::string_view file;
  std::string_view decoder;
  bool created;                           // whether T0 is among what was captured
  std::vector<std::string_view> becomes;  // line by line; "-" is passed over, "untyped" refused
};

const std::vector<Expectation> expectations{
    {"cdc_schemaless",
     "debezium_outbox",
     true,
     {"user", "activity", "joined", "-", "-", "-", "large", "-", "-", "-", "rekeyed", "odd"}},
    {"cdc_schema",
     "debezium_outbox",
     true,
     {"user", "activity", "joined", "-", "-", "-", "large", "-", "-", "-", "rekeyed", "odd"}},
    {"cdc_txmeta_heartbeat",
     "debezium_outbox",
     true,
     {"user", "activity", "joined", "-", "-", "-", "large", "-", "-", "-", "rekeyed", "odd",  // the table
      "-",    "-",        "-",                                                                // heartbeats
      "-",    "-",        "-",      "-", "-", "-", "-",     "-", "-", "-", "-",       "-",
      "-",    "-",        "-",      "-"}},  // transactions
    {"cdc_unwrap",
     "debezium_outbox",
     true,
     {"user", "activity", "joined", "-", "large", "-", "rekeyed", "odd"}},
    {"router_default_schemaless", "outbox_router", false, {"untyped", "untyped", "untyped", "untyped"}},
    {"router_expand_json_schemaless", "outbox_router", true, {"user", "activity", "joined"}},
    {"router_expand_json_stringkey", "outbox_router", false, {"user", "activity", "joined"}},
    {"router_type_envelope_schemaless", "outbox_router", false, {"user", "odd", "activity", "joined"}},
    {"router_type_header_schema", "outbox_router", false, {"user", "odd", "activity", "joined"}},
    {"router_type_header_schemaless", "outbox_router", false, {"user", "odd", "activity", "joined"}},
};

// Unpacks the record's payload with nlohmann-json: out of the schema wrapper, the envelope and the text.
std::string payload_of(const CapturedRecord& record) {
  auto value = nlohmann::ordered_json::parse(*record.value);
  if (value.contains("schema")) value = value["payload"];
  if (value.contains("after")) value = value["after"];
  if (value.contains("payload")) value = value["payload"];
  return value.is_string() ? value.get<std::string>() : value.dump();
}

class CapturedRecords : public testing::TestWithParam<Expectation> {
 public:
  static std::string name(const testing::TestParamInfo<Expectation>& info) {
    return std::string(info.param.file);
  }
};

TEST_P(CapturedRecords, become_what_they_must) {
  const Expectation& expected = GetParam();
  const auto records = captured_records(std::string(expected.file));
  ASSERT_EQ(records.size(), expected.becomes.size());
  const auto decoder = engine::decoder(expected.decoder);
  for (const CapturedRecord& record : records) {
    SCOPED_TRACE(record.file + ":" + std::to_string(record.line) + " " + record.name);
    const std::string_view becomes = expected.becomes[static_cast<std::size_t>(record.line - 1)];
    const Answer answer = decode(*decoder, record.record());
    if (becomes == "-") {
      EXPECT_TRUE(answer.passed_over) << answer.reason;
      continue;
    }
    if (becomes == "untyped") {
      EXPECT_EQ(answer.code, Code::decode_missing_field);
      EXPECT_NE(answer.reason.find("'eventType'"), std::string::npos) << answer.reason;
      EXPECT_NE(answer.reason.find("table.fields.additional.placement"), std::string::npos) << answer.reason;
      continue;
    }
    ASSERT_TRUE(answer.is_event) << answer.reason;
    EXPECT_EQ(answer.id, made_as(becomes).id);
    EXPECT_EQ(answer.type, made_as(becomes).type);
    EXPECT_EQ(answer.aggregate_type, made_as(becomes).aggregate_type);
    EXPECT_EQ(answer.aggregate_id, made_as(becomes).aggregate_id);
    EXPECT_EQ(!answer.created.empty(), expected.created);
    const bool row_alone = expected.file == "cdc_unwrap";  // nothing there tells when it was captured
    EXPECT_EQ(answer.captured.substr(0, 15), row_alone ? "" : "2026-11-21T08:0");
    const std::string payload = payload_of(record);
    EXPECT_EQ(answer.payload_json, payload);
    EXPECT_EQ(answer.payload_reason, "");
    EXPECT_TRUE(becomes == "odd" || answer.payload == libbson(payload)) << shown(answer.payload);
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, CapturedRecords, testing::ValuesIn(expectations), CapturedRecords::name);

TEST(CapturedRecords, tell_when_the_row_was_made_and_captured) {
  const auto records = captured_records("cdc_schemaless");
  const auto decoder = engine::decoder("debezium_outbox");
  const Answer answer = decode(*decoder, records.at(0).record());
  EXPECT_EQ(answer.created, "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(answer.captured, "2026-11-21T08:06:37.783646Z");
}

TEST(CapturedRecords, keep_odd_numbers_and_characters) {
  const auto records = captured_records("cdc_schemaless");
  const auto decoder = engine::decoder("debezium_outbox");
  const Answer answer = decode(*decoder, records.at(11).record());
  ASSERT_TRUE(answer.is_event) << answer.reason;
  const bson::View payload(reinterpret_cast<const std::uint8_t*>(answer.payload.data()));
  const auto expected = nlohmann::json::parse(answer.payload_json);
  EXPECT_EQ(payload.find("big").type, bson::Type::decimal128);
  EXPECT_EQ(payload.find("exp").type, bson::Type::decimal128);
  EXPECT_NE(shown(answer.payload).find(R"("big":{"$numberDecimal":"12345678901234567890"})"),
            std::string::npos);
  EXPECT_NE(
      shown(answer.payload).find(R"("exp":{"$numberDecimal":"1.000000000000000000000000000000000E+300"})"),
      std::string::npos);
  for (const auto& [name, value] : expected.items()) {
    ASSERT_TRUE(payload.find(name)) << name;
    EXPECT_TRUE(!value.is_string() || *payload.find(name).as_text() == value.get<std::string>()) << name;
  }
}

}  // namespace
}  // namespace sluice::engine
