#include "kit/generate.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "kit/manifest.hpp"
#include "kit/outbox.hpp"
#include "support/temp_folder.hpp"
#include "support/wait_until.hpp"

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
  const auto outbox = outbox_file(folder.file("outbox.db"))->rows();
  EventRow row;
  std::int64_t rows = 0;
  while (outbox->next(row)) EXPECT_EQ(row.position, ++rows);
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
  settings.poison_percent = 101;
  EXPECT_THROW(static_cast<void>(generate(settings)), std::invalid_argument);
  settings = settings_for(folder.file("no/such/folder/cdc.ndjson"), 10, Target::debezium_file);
  EXPECT_THAT([&] { return generate(settings); },
              testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("cannot be written")));
}

TEST(Generate, wants_to_know_where_to_bring_the_events) {
  EXPECT_THAT([] { return generate({}); },
              testing::ThrowsMessage<std::invalid_argument>(testing::HasSubstr("nowhere to bring")));
}

TEST(Generate, writes_redelivered_records_twice_and_counts_them) {
  const TempFolder folder;
  GenerateSettings settings = settings_for(folder.file("cdc.ndjson"), 1000, Target::debezium_file);
  settings.duplicate_percent = 5;
  const GenerateReport report = generate(settings);
  EXPECT_GT(report.duplicates, 20U);
  EXPECT_LT(report.duplicates, 100U);
  std::istringstream lines(folder.read("cdc.ndjson"));
  std::string line;
  std::string before;
  std::uint64_t count = 0;
  std::uint64_t again = 0;
  for (; std::getline(lines, line); ++count, before = line) again += line == before ? 1U : 0U;
  EXPECT_EQ(count, 1000 + report.duplicates);
  EXPECT_EQ(again, report.duplicates);
}

TEST(Generate, counts_its_poison_by_kind) {
  GenerateSettings settings = settings_for({}, 1000);
  settings.discard = true;
  settings.poison_percent = 3;
  const GenerateReport report = generate(settings);
  EXPECT_EQ(report.poisoned, 30U);
  std::uint64_t counted = 0;
  for (const auto& [kind, count] : report.poison) counted += count;
  EXPECT_EQ(counted, 30U);
  EXPECT_EQ(report.poison.size(), poison_within(PoisonReach::as_text).size());
  EXPECT_FALSE(report.poison.contains("too_large")) << "no broker takes it";
}

TEST(Generate, writes_down_what_makes_the_same_events_again) {
  const TempFolder folder;
  GenerateSettings settings = settings_for(folder.file("outbox.db"), 500);
  settings.poison_percent = 4;
  settings.hot_keys = 1;
  settings.manifest = folder.file("load.json");
  EXPECT_EQ(generate(settings).events, 500U);

  const auto written = outbox_file(settings.out)->rows();
  const auto again = generated_again({read_manifest(settings.manifest)})->rows();
  EventRow row;
  EventRow same;
  std::uint64_t poisoned = 0;
  while (written->next(row)) {
    ASSERT_TRUE(again->next(same));
    EXPECT_EQ(row.event_id, same.event_id);
    EXPECT_EQ(row.event_type, same.event_type);
    EXPECT_EQ(row.payload, same.payload);
    poisoned += same.poison ? 1U : 0U;
  }
  EXPECT_FALSE(again->next(same));
  EXPECT_EQ(poisoned, 20U);
}

TEST(Generate, ends_with_the_batch_when_it_is_interrupted_and_writes_down_what_is_there) {
  const TempFolder folder;
  Interruption interruption;
  ASSERT_EQ(::kill(::getpid(), SIGINT), 0);
  engine::wait_until([&] { return interruption.asked(); });
  GenerateSettings settings = settings_for(folder.file("outbox.db"), 5000);
  settings.batch = 100;
  settings.poison_percent = 4;
  settings.manifest = folder.file("load.json");
  const GenerateReport report = generate(settings, &interruption);
  EXPECT_TRUE(report.interrupted);
  EXPECT_EQ(report.events, 100U);
  EXPECT_EQ(report.quota.total() + report.poisoned, 100U);
  EXPECT_EQ(OutboxView(settings.out).rows(), 100U);

  const auto again = generated_again({read_manifest(settings.manifest)})->rows();
  EventRow row;
  std::uint64_t rows = 0;
  while (again->next(row)) ++rows;
  EXPECT_EQ(rows, 100U);
}

TEST(Manifest, has_the_duplicates_of_plain_lines_as_events_of_their_own) {
  const TempFolder folder;
  const auto rows_of = [&](Target target) {
    GenerateSettings settings = settings_for(folder.file("lines.ndjson"), 1000, target);
    settings.duplicate_percent = 5;
    settings.manifest = folder.file("load.json");
    const GenerateReport report = generate(settings);
    EXPECT_GT(report.duplicates, 0U);
    const auto again = generated_again({read_manifest(settings.manifest)})->rows();
    EventRow row;
    std::uint64_t rows = 0;
    while (again->next(row)) ++rows;
    return rows - (target == Target::plain_file ? report.duplicates : 0);
  };
  EXPECT_EQ(rows_of(Target::plain_file), 1000U);
  EXPECT_EQ(rows_of(Target::debezium_file), 1000U);
}

TEST(Manifest, is_not_read_from_anything_else) {
  const TempFolder folder;
  EXPECT_THAT([&] { return read_manifest(folder.write("report.json", "{}")); },
              testing::ThrowsMessage<std::runtime_error>(testing::HasSubstr("not the manifest of a load")));
}

TEST(OutboxView, tells_an_event_in_a_few_words) {
  const TempFolder folder;
  EXPECT_EQ(generate(settings_for(folder.file("outbox.db"), 10)).events, 10U);
  EXPECT_EQ(OutboxView(folder.file("outbox.db")).label("01a1fb67-1800-70c5-853b-559647364cea"),
            "hannah_santos_890");
  EXPECT_EQ(OutboxView(folder.file("outbox.db")).label("nonsense"), "");
}

}  // namespace
}  // namespace sluice::kit
