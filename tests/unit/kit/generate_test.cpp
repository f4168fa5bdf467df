#include "kit/generate.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "kit/outbox.hpp"
#include "support/temp_folder.hpp"

namespace sluice::kit {
namespace {

using engine::TempFolder;

GenerateSettings settings_for(const std::string& out, std::uint64_t events, Target target = Target::outbox) {
  GenerateSettings settings;
  settings.out = out;
  settings.target = target;
  settings.events = events;
  settings.at = parse_time("2026-11-21T08:00:00Z");
  return settings;
}

TEST(Generate, fills_an_outbox_in_the_order_of_its_key) {
  const TempFolder folder;
  const GenerateReport report = generate(settings_for(folder.file("outbox.db"), 2500));
  EXPECT_EQ(report.events, 2500U);
  OutboxReader outbox(folder.file("outbox.db"));
  OutboxRow row;
  std::int64_t rows = 0;
  while (outbox.next(row)) EXPECT_EQ(row.id, ++rows);
  EXPECT_EQ(rows, 2500);
}

TEST(Generate, continues_an_outbox_with_another_world) {
  const TempFolder folder;
  EXPECT_EQ(generate(settings_for(folder.file("outbox.db"), 100)).events, 100U);
  EXPECT_EQ(generate(settings_for(folder.file("outbox.db"), 100)).events,
            100U);  // event ids are unique in the table
  EXPECT_EQ(OutboxView(folder.file("outbox.db")).rows(), 200U);
}

TEST(Generate, makes_an_empty_outbox_when_asked_for_no_events) {
  const TempFolder folder;
  EXPECT_EQ(generate(settings_for(folder.file("outbox.db"), 0)).events, 0U);
  EXPECT_EQ(OutboxView(folder.file("outbox.db")).rows(), 0U);
}

TEST(Generate, writes_the_envelopes_of_debezium) {
  const TempFolder folder;
  EXPECT_EQ(generate(settings_for(folder.file("cdc.ndjson"), 20, Target::debezium_file)).events, 20U);
  std::istringstream lines(folder.read("cdc.ndjson"));
  std::string line;
  int count = 0;
  for (; std::getline(lines, line); ++count) {
    const auto envelope = nlohmann::json::parse(line);
    EXPECT_EQ(envelope.at("op"), "c");
    EXPECT_EQ(envelope.at("before"), nullptr);
    EXPECT_GT(envelope.at("ts_ms"), envelope.at("source").at("ts_ms"));
    const auto payload = nlohmann::json::parse(envelope.at("after").at("payload").get<std::string>());
    EXPECT_TRUE(payload.is_object());
  }
  EXPECT_EQ(count, 20);
}

TEST(Generate, writes_plain_events) {
  const TempFolder folder;
  EXPECT_EQ(generate(settings_for(folder.file("plain.ndjson"), 1, Target::plain_file)).events, 1U);
  const auto event = nlohmann::json::parse(folder.read("plain.ndjson"));
  EXPECT_EQ(event.at("type"), "UserCreated");
  EXPECT_EQ(event.at("time"), "2026-11-21T08:00:00.000000Z");
  EXPECT_EQ(event.at("payload").at("user_id"), event.at("aggregate_id"));
}

TEST(Generate, makes_the_same_file_twice) {
  const TempFolder folder;
  for (const char* name : {"one", "two"})
    EXPECT_EQ(generate(settings_for(folder.file(name), 500, Target::debezium_file)).events, 500U);
  EXPECT_EQ(folder.read("one"), folder.read("two"));
}

TEST(Generate, says_what_is_wrong_with_its_settings) {
  const TempFolder folder;
  GenerateSettings settings = settings_for(folder.file("outbox.db"), 10);
  settings.bad_percent = 101;
  EXPECT_THROW(static_cast<void>(generate(settings)), std::invalid_argument);
  settings = settings_for(folder.file("no/such/folder/cdc.ndjson"), 10, Target::debezium_file);
  EXPECT_THAT([&] { return generate(settings); },
              testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("cannot be written")));
}

TEST(OutboxView, tells_an_event_in_a_few_words) {
  const TempFolder folder;
  EXPECT_EQ(generate(settings_for(folder.file("outbox.db"), 10)).events, 10U);
  EXPECT_EQ(OutboxView(folder.file("outbox.db")).label("01a1fb67-1800-70c5-853b-559647364cea"),
            "ines_williams_491");
  EXPECT_EQ(OutboxView(folder.file("outbox.db")).label("nonsense"), "");
}

}  // namespace
}  // namespace sluice::kit
