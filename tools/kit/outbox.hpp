// The outbox table of the reference system in a SQLite file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "kit/sqlite.hpp"
#include "kit/time.hpp"
#include "kit/world.hpp"

namespace sluice::kit {

// Makes file and table if they are not there. Rows become visible to others with commit().
class OutboxWriter {
 public:
  explicit OutboxWriter(const std::filesystem::path& path);

  void add(const OutboxEvent& event, Micros created_at);
  void commit();

  [[nodiscard]] std::int64_t rows_before() const noexcept { return rows_before_; }

 private:
  Database database_;
  Statement insert_;
  std::int64_t rows_before_;
  bool in_transaction_ = false;
};

struct OutboxRow {
  std::int64_t id = 0;
  std::string_view event_id;
  std::string_view event_type;
  std::string_view payload;
  std::string_view created_at;
};

// Rows in the order of their ids, as one consistent picture. Views are valid until the next row.
class OutboxReader {
 public:
  // All rows, or only those of one event type.
  explicit OutboxReader(const std::filesystem::path& path, std::string_view event_type = {});

  [[nodiscard]] bool next(OutboxRow& row);

 private:
  Database database_;
  std::string event_type_;
  Statement select_;
};

// Quick looks at an outbox that is being written.
class OutboxView {
 public:
  explicit OutboxView(const std::filesystem::path& path);

  [[nodiscard]] std::uint64_t rows();  // so far, by the newest id
  // Of whom or what an event tells, in a few words: a username, a title. Empty for other events.
  [[nodiscard]] std::string label(std::string_view event_id);

 private:
  Database database_;
  Statement newest_;
  Statement label_;
};

}  // namespace sluice::kit
