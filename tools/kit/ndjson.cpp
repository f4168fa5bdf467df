#include "kit/ndjson.hpp"

#include <stdexcept>

#include "kit/json_text.hpp"

namespace sluice::kit {

NdjsonWriter::NdjsonWriter(const std::filesystem::path& path, LineFormat format, bool schemas)
    : path_(path), format_(format), envelopes_(schemas), file_(path, std::ios::binary | std::ios::trunc) {
  if (!file_) throw std::runtime_error(path.string() + ": cannot be written");
}

void NdjsonWriter::add(const OutboxEvent& event, Micros created_at) {
  ++row_;
  append_line(event, created_at);
  if (event.redelivered) append_line(event, created_at);
}

void NdjsonWriter::append_line(const OutboxEvent& event, Micros created_at) {
  switch (format_) {
    case LineFormat::debezium:
      envelopes_.append_value(event, created_at, row_, lines_);
      break;
    case LineFormat::plain:
      append_plain(event, created_at);
      break;
  }
  lines_ += '\n';
}

void NdjsonWriter::commit() {
  file_.write(lines_.data(), static_cast<std::streamsize>(lines_.size()));
  file_.flush();
  if (!file_) throw std::runtime_error(path_.string() + ": writing failed; is the disk full?");
  lines_.clear();
}

void NdjsonWriter::append_plain(const OutboxEvent& event, Micros created_at) {
  JsonObject line(lines_);
  line.text("id", to_text(event.event_id));
  line.text("type", event.event_type);
  line.text("aggregate_type", event.aggregate_type);
  line.text("aggregate_id", to_text(event.aggregate_id));
  line.text("time", to_text(created_at));
  line.raw("payload", event.payload);
}

}  // namespace sluice::kit
