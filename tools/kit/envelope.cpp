#include "kit/envelope.hpp"

#include "kit/envelope_schema.hpp"
#include "kit/json_text.hpp"

namespace sluice::kit {

EnvelopeWriter::EnvelopeWriter(bool schemas) {
  if (!schemas) return;
  before_value_ = R"({"schema":)" + value_schema() + R"(,"payload":)";
  before_key_ = R"({"schema":)" + key_schema() + R"(,"payload":)";
}

void EnvelopeWriter::append_value(const OutboxEvent& event, Micros created_at, std::int64_t row,
                                  std::string& out) const {
  using namespace std::chrono;
  constexpr std::int64_t first_lsn = 26'511'888;
  constexpr std::int64_t bytes_per_row = 992;
  constexpr std::int64_t first_transaction = 728;
  constexpr microseconds commit_after{1'204};
  constexpr microseconds capture_after{9'346};
  const std::int64_t lsn = first_lsn + row * bytes_per_row;
  const microseconds committed = created_at.time_since_epoch() + commit_after;
  const microseconds captured = created_at.time_since_epoch() + capture_after;
  const auto member = [&](std::string_view name, std::int64_t number) {
    out += name;
    append_number(out, number);
  };

  out += before_value_;
  out += R"({"before":null,"after":{"event_id":")";
  append_uuid(out, event.event_id);
  out += R"(","aggregate_type":")";
  out += event.aggregate_type;
  out += R"(","aggregate_id":")";
  append_uuid(out, event.aggregate_id);
  out += R"(","event_type":")";
  out += event.event_type;
  out += R"(","payload":")";
  append_escaped(out, event.payload);
  out += R"(","created_at":")";
  out += to_text(created_at);
  out += R"("},"source":{"version":"3.0.8.Final","connector":"postgresql","name":"postgres")";
  member(R"(,"ts_ms":)", committed.count() / 1000);
  member(R"(,"snapshot":"false","db":"activity_db","sequence":"[null,\")", lsn);
  member(R"(\"]","ts_us":)", committed.count());
  member(R"(,"ts_ns":)", committed.count() * 1000);
  member(R"(,"schema":"activity","table":"event_outbox","txId":)", first_transaction + row);
  member(R"(,"lsn":)", lsn);
  member(R"(,"xmin":null},"transaction":null,"op":"c","ts_ms":)", captured.count() / 1000);
  member(R"(,"ts_us":)", captured.count());
  member(R"(,"ts_ns":)", captured.count() * 1000);
  out += before_value_.empty() ? "}" : "}}";
}

void EnvelopeWriter::append_key(const OutboxEvent& event, std::string& out) const {
  out += before_key_;
  out += R"({"aggregate_id":")";
  append_uuid(out, event.aggregate_id);
  out += before_key_.empty() ? "\"}" : "\"}}";
}

}  // namespace sluice::kit
