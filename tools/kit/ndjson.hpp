// Writes events to a file, one JSON text a line, as the file source reads them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "kit/envelope.hpp"
#include "kit/target.hpp"

namespace sluice::kit {

enum class LineFormat {
  debezium,  // the envelope that Debezium sends for a row of the outbox, without schemas
  plain,  // {"id": …, "type": …, "aggregate_type": …, "aggregate_id": …, "time": …, "payload": {…}}
};

// Replaces the file. Throws std::runtime_error when it cannot be written.
class NdjsonWriter final : public EventTarget {
 public:
  NdjsonWriter(const std::filesystem::path& path, LineFormat format, bool schemas = false);

  // A redelivered event stands there twice.
  void add(const OutboxEvent& event, Micros created_at) override;
  void commit() override;

 private:
  void append_line(const OutboxEvent& event, Micros created_at);
  void append_plain(const OutboxEvent& event, Micros created_at);

  std::filesystem::path path_;
  LineFormat format_;
  EnvelopeWriter envelopes_;
  std::ofstream file_;
  std::string lines_;
  std::int64_t row_ = 0;
};

}  // namespace sluice::kit
