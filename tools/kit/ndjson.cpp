#include "kit/ndjson.hpp"

#include <stdexcept>

#include "kit/json_text.hpp"

namespace sluice::kit {

NdjsonWriter::NdjsonWriter(const std::filesystem::path& path, LineFormat format)
    : path_(path), format_(format), file_(path, std::ios::binary | std::ios::trunc) {
  if (!file_) throw std::runtime_error(path.string() + ": cannot be written");
}

void NdjsonWriter::add(const OutboxEvent& event, Micros created_at) {
  ++row_;
  switch (format_) {
    case LineFormat::debezium:
      append_envelope(event, created_at);
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

void NdjsonWriter::append_envelope(const OutboxEvent& event, Micros created_at) {
  using namespace std::chrono;
  constexpr std::int64_t first_lsn = 26'511'888;
  constexpr std::int64_t bytes_per_row = 992;
  constexpr std::int64_t first_transaction = 728;
  constexpr microseconds commit_after{1'204};
  constexpr microseconds capture_after{9'346};
  const std::int64_t lsn = first_lsn + row_ * bytes_per_row;
  const microseconds committed = created_at.time_since_epoch() + commit_after;
  const microseconds captured = created_at.time_since_epoch() + capture_after;
  const auto member = [&](std::string_view name, std::int64_t number) {
    lines_ += name;
    append_number(lines_, number);
  };

  lines_ += R"({"before":null,"after":{"event_id":")";
  lines_ += to_text(event.event_id);
  lines_ += R"(","aggregate_type":")";
  lines_ += event.aggregate_type;
  lines_ += R"(","aggregate_id":")";
  lines_ += to_text(event.aggregate_id);
  lines_ += R"(","event_type":")";
  lines_ += event.event_type;
  lines_ += R"(","payload":")";
  append_escaped(lines_, event.payload);
  lines_ += R"(","created_at":")";
  lines_ += to_text(created_at);
  lines_ += R"("},"source":{"version":"3.0.8.Final","connector":"postgresql","name":"postgres")";
  member(R"(,"ts_ms":)", committed.count() / 1000);
  member(R"(,"snapshot":"false","db":"activity_db","sequence":"[null,\")", lsn);
  member(R"(\"]","ts_us":)", committed.count());
  member(R"(,"ts_ns":)", committed.count() * 1000);
  member(R"(,"schema":"activity","table":"event_outbox","txId":)", first_transaction + row_);
  member(R"(,"lsn":)", lsn);
  member(R"(,"xmin":null},"transaction":null,"op":"c","ts_ms":)", captured.count() / 1000);
  member(R"(,"ts_us":)", captured.count());
  member(R"(,"ts_ns":)", captured.count() * 1000);
  lines_ += '}';
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
