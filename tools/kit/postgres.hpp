// The outbox in PostgreSQL: activity.event_outbox of the reference system. Errors are std::runtime_error with
// the server's words; no password is in them. Each object belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kit/event_rows.hpp"
#include "kit/target.hpp"

struct pg_conn;
struct pg_result;

namespace sluice::kit {

// What libpq takes: "host=… dbname=…" or a URI. "environment" stands for POSTGRES_HOST, POSTGRES_PORT,
// POSTGRES_DB, POSTGRES_USER and POSTGRES_PASSWORD, with the reference system's defaults.
[[nodiscard]] std::string postgres_address(const std::string& given);

class PostgresConnection {
 public:
  explicit PostgresConnection(const std::string& address);

  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  using Result = std::unique_ptr<pg_result, Clear>;

  // One statement. `doing` is for the message: "making the table".
  Result run(const std::string& sql, const char* doing);
  [[noreturn]] void fail(const char* doing) const;
  [[nodiscard]] pg_conn* handle() const noexcept { return handle_.get(); }

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  std::unique_ptr<pg_conn, Finish> handle_;
};

// Brings rows by COPY; those of a batch become visible together.
class PostgresWriter final : public EventTarget {
 public:
  // Makes schema and table first if that is asked for and they are not there.
  PostgresWriter(const std::string& address, bool create_table);

  void add(const OutboxEvent& event, Micros created_at) override;
  void commit() override;
  [[nodiscard]] std::uint64_t rows_before() const override { return rows_before_; }

 private:
  void send();

  PostgresConnection connection_;
  std::uint64_t rows_before_ = 0;
  bool copying_ = false;
  std::string lines_;
};

// In the order of their times, and of their ids within one microsecond: as they were generated.
[[nodiscard]] std::unique_ptr<EventSource> postgres_outbox(std::string address);

}  // namespace sluice::kit
