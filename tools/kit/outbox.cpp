#include "kit/outbox.hpp"

#include <utility>

namespace sluice::kit {
namespace {

constexpr const char* outbox_table = R"(
CREATE TABLE IF NOT EXISTS event_outbox (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id       TEXT NOT NULL UNIQUE,
  aggregate_type TEXT NOT NULL,
  aggregate_id   TEXT NOT NULL,
  event_type     TEXT NOT NULL,
  payload        TEXT NOT NULL,
  created_at     TEXT NOT NULL
))";

Database open_for_writing(const std::filesystem::path& path) {
  Database database(path, OpenMode::read_write_create);
  database.execute("PRAGMA journal_mode = WAL");
  database.execute("PRAGMA synchronous = NORMAL");
  database.execute("PRAGMA cache_size = -65536");  // KiB: the index of random event ids stays in memory
  database.execute(outbox_table);
  return database;
}

std::uint64_t count_rows(const Database& database) {
  Statement count(database, "SELECT count(*) FROM event_outbox");
  return count.step() ? static_cast<std::uint64_t>(count.number(0)) : 0;
}

class OutboxRows final : public EventRows {
 public:
  OutboxRows(const std::filesystem::path& path, std::string_view event_type)
      : database_(path, OpenMode::read_only),
        event_type_(event_type),
        select_(database_,
                "SELECT id, event_id, event_type, payload, created_at FROM event_outbox "
                "WHERE ?1 IN ('', event_type) ORDER BY id") {
    select_.bind(1, event_type_);
  }

  bool next(EventRow& row) override {
    if (!select_.step()) return false;
    row = {select_.number(0), select_.text(1), select_.text(2), select_.text(3), select_.text(4)};
    return true;
  }

 private:
  Database database_;
  std::string event_type_;
  Statement select_;
};

class OutboxFile final : public EventSource {
 public:
  explicit OutboxFile(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] std::unique_ptr<EventRows> rows(std::string_view event_type) const override {
    return std::make_unique<OutboxRows>(path_, event_type);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

OutboxWriter::OutboxWriter(const std::filesystem::path& path)
    : database_(open_for_writing(path)),
      insert_(database_,
              "INSERT INTO event_outbox (event_id, aggregate_type, aggregate_id, event_type, payload, "
              "created_at) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
      rows_before_(count_rows(database_)) {}

void OutboxWriter::add(const OutboxEvent& event, Micros created_at) {
  if (!in_transaction_) database_.execute("BEGIN IMMEDIATE");
  in_transaction_ = true;
  const std::string event_id = to_text(event.event_id);
  const std::string aggregate_id = to_text(event.aggregate_id);
  const std::string created = to_text(created_at);
  insert_.bind(1, event_id);
  insert_.bind(2, event.aggregate_type);
  insert_.bind(3, aggregate_id);
  insert_.bind(4, event.event_type);
  insert_.bind(5, event.payload);
  insert_.bind(6, created);
  insert_.run();
}

void OutboxWriter::commit() {
  if (in_transaction_) database_.execute("COMMIT");
  in_transaction_ = false;
}

std::unique_ptr<EventSource> outbox_file(std::filesystem::path path) {
  return std::make_unique<OutboxFile>(std::move(path));
}

OutboxView::OutboxView(const std::filesystem::path& path)
    : database_(path, OpenMode::read_only),
      newest_(database_, "SELECT coalesce(max(id), 0) FROM event_outbox"),
      label_(database_,
             "SELECT coalesce(json_extract(payload, '$.username'), json_extract(payload, '$.title'), '') "
             "FROM event_outbox WHERE event_id = ?1 AND json_valid(payload)") {}

std::uint64_t OutboxView::rows() {
  const std::int64_t newest = newest_.step() ? newest_.number(0) : 0;
  newest_.reset();
  return static_cast<std::uint64_t>(newest);
}

std::string OutboxView::label(std::string_view event_id) {
  label_.bind(1, event_id);
  std::string label = label_.step() ? std::string(label_.text(0)) : std::string();
  label_.reset();
  return label;
}

}  // namespace sluice::kit
