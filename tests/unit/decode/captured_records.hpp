// The captured records of tests/fixtures, as nlohmann-json reads them: independent of what is tested.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/record.hpp"

namespace sluice::engine {

struct CapturedRecord {
  std::string file;  // without its ending
  int line = 0;      // from 1
  std::string name;  // of its case, or empty
  std::string topic;
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<Header> header_views;

  // Borrows from this.
  [[nodiscard]] Record record() const;
};

// Fails the test when the file cannot be read.
[[nodiscard]] std::vector<CapturedRecord> captured_records(const std::string& file);

}  // namespace sluice::engine
