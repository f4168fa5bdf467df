#include "captured_records.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace sluice::engine {
namespace {

std::optional<std::string> text_or_null(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<std::string>();
}

}  // namespace

Record CapturedRecord::record() const {
  Record made;
  made.position = {offset};
  made.topic = topic;
  if (key) made.key = *key;
  if (value) made.value = *value;
  made.headers = header_views;
  made.timestamp = Timestamp(milliseconds(timestamp_ms));
  made.timestamp_kind = TimestampKind::create;
  return made;
}

std::vector<CapturedRecord> captured_records(const std::string& file) {
  std::ifstream in(std::string(SLUICE_FIXTURES) + "/" + file + ".ndjson");
  EXPECT_TRUE(in) << file;
  std::vector<CapturedRecord> records;
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    CapturedRecord& record = records.emplace_back();
    record.file = file;
    record.line = static_cast<int>(records.size());
    record.name = json.value("case", "");
    record.topic = json.at("topic");
    record.offset = json.at("offset");
    record.timestamp_ms = json.at("ts");
    record.key = text_or_null(json.at("key"));
    record.value = text_or_null(json.at("payload"));
    const auto flat = json.value("headers", std::vector<std::string>{});
    for (std::size_t i = 0; i + 1 < flat.size(); i += 2) record.headers.emplace_back(flat[i], flat[i + 1]);
  }
  for (CapturedRecord& record : records)
    for (const auto& [name, value] : record.headers) record.header_views.push_back({name, value});
  return records;
}

}  // namespace sluice::engine
