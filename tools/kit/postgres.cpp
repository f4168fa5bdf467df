#include "kit/postgres.hpp"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace sluice::kit {
namespace {

constexpr const char* outbox_table = R"(
CREATE SCHEMA IF NOT EXISTS activity;
CREATE TABLE IF NOT EXISTS activity.event_outbox (
  event_id       uuid PRIMARY KEY,
  aggregate_type varchar(255) NOT NULL,
  aggregate_id   varchar(255) NOT NULL,
  event_type     varchar(255) NOT NULL,
  payload        jsonb NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp()))";

// The text form of COPY.
void append_escaped_column(std::string& out, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t at = text.find_first_of("\\\t\n\r"); at != std::string_view::npos;
       at = text.find_first_of("\\\t\n\r", at + 1)) {
    out.append(text, copied, at - copied).append("\\");
    const char c = text[at];
    out += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c;
    copied = at + 1;
  }
  out.append(text, copied);
}

// 'it''s' of a connection string.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

class PostgresRows final : public EventRows {
 public:
  PostgresRows(const std::string& address, const std::string& event_type) : connection_(address) {
    const char* parameter = event_type.c_str();
    constexpr const char* rows_in_order =
        "SELECT event_id, event_type, payload::text, "
        "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
        "FROM activity.event_outbox WHERE $1 IN ('', event_type) ORDER BY created_at, event_id";
    if (PQsendQueryParams(connection_.handle(), rows_in_order, 1, nullptr, &parameter, nullptr, nullptr, 0) ==
            0 ||
        PQsetSingleRowMode(connection_.handle()) == 0)
      connection_.fail("reading the outbox");
  }

  bool next(EventRow& row) override {
    while (true) {
      row_.reset(PQgetResult(connection_.handle()));
      if (!row_) return false;
      const ExecStatusType status = PQresultStatus(row_.get());
      if (status == PGRES_TUPLES_OK) continue;  // the end; a null follows
      if (status != PGRES_SINGLE_TUPLE) connection_.fail("reading the outbox");
      row = {.event_id = column(0), .event_type = column(1), .payload = column(2), .created_at = column(3)};
      return true;
    }
  }

 private:
  [[nodiscard]] std::string_view column(int number) const {
    return {PQgetvalue(row_.get(), 0, number), static_cast<std::size_t>(PQgetlength(row_.get(), 0, number))};
  }

  PostgresConnection connection_;
  PostgresConnection::Result row_;
};

class PostgresOutbox final : public EventSource {
 public:
  explicit PostgresOutbox(std::string address) : address_(std::move(address)) {}

  [[nodiscard]] std::unique_ptr<EventRows> rows(std::string_view event_type) const override {
    return std::make_unique<PostgresRows>(address_, std::string(event_type));
  }

 private:
  std::string address_;
};

}  // namespace

std::string postgres_address(const std::string& given) {
  if (given != "environment") return given;
  struct Setting {
    const char* variable;
    const char* option;
    const char* otherwise;
  };
  constexpr std::array settings{
      Setting{"POSTGRES_HOST", "host", "localhost"}, Setting{"POSTGRES_PORT", "port", "5432"},
      Setting{"POSTGRES_DB", "dbname", "activity_db"}, Setting{"POSTGRES_USER", "user", nullptr},
      Setting{"POSTGRES_PASSWORD", "password", nullptr}};
  std::string address;
  for (const Setting& setting : settings) {
    const char* value = std::getenv(setting.variable);
    if (value == nullptr) value = setting.otherwise;
    if (value != nullptr) address.append(setting.option).append("=").append(quoted(value)).append(" ");
  }
  return address;
}

void PostgresConnection::Clear::operator()(pg_result* result) const noexcept { PQclear(result); }
void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

PostgresConnection::PostgresConnection(const std::string& address) : handle_(PQconnectdb(address.c_str())) {
  if (PQstatus(handle()) != CONNECTION_OK) fail("connecting");
  PQsetNoticeProcessor(
      handle(), [](void*, const char*) {}, nullptr);  // that a table is there already
}

PostgresConnection::Result PostgresConnection::run(const std::string& sql, const char* doing) {
  Result result(PQexec(handle(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) fail(doing);
  return result;
}

void PostgresConnection::fail(const char* doing) const {
  std::string reason = PQerrorMessage(handle());
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  throw std::runtime_error(std::string("PostgreSQL, ") + doing + ": " + reason);
}

PostgresWriter::PostgresWriter(const std::string& address, bool create_table) : connection_(address) {
  if (create_table) connection_.run(outbox_table, "making the outbox's table");
  const auto count = connection_.run("SELECT count(*) FROM activity.event_outbox",
                                     "looking into the outbox (--create-table makes one)");
  const std::string_view digits = PQgetvalue(count.get(), 0, 0);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rows_before_);
  if (error != std::errc{}) throw std::runtime_error("PostgreSQL: the outbox's rows cannot be counted");
}

void PostgresWriter::add(const OutboxEvent& event, Micros created_at) {
  append_uuid(lines_, event.event_id);
  lines_.append("\t").append(event.aggregate_type).append("\t");
  append_uuid(lines_, event.aggregate_id);
  lines_.append("\t").append(event.event_type).append("\t");
  append_escaped_column(lines_, event.payload);
  lines_.append("\t").append(to_text(created_at)).append("\n");
  constexpr std::size_t enough = 256 * 1024;
  if (lines_.size() >= enough) send();
}

void PostgresWriter::commit() {
  if (!lines_.empty()) send();
  if (!copying_) return;
  copying_ = false;
  constexpr const char* doing = "bringing rows into the outbox";
  if (PQputCopyEnd(connection_.handle(), nullptr) != 1) connection_.fail(doing);
  while (const PostgresConnection::Result result{PQgetResult(connection_.handle())})
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) connection_.fail(doing);
}

void PostgresWriter::send() {
  constexpr const char* doing = "bringing rows into the outbox";
  if (!copying_)
    connection_.run(
        "COPY activity.event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, "
        "created_at) "
        "FROM STDIN",
        doing);
  copying_ = true;
  if (PQputCopyData(connection_.handle(), lines_.data(), static_cast<int>(lines_.size())) != 1)
    connection_.fail(doing);
  lines_.clear();
}

std::unique_ptr<EventSource> postgres_outbox(std::string address) {
  return std::make_unique<PostgresOutbox>(std::move(address));
}

}  // namespace sluice::kit
