// The outbox table of the reference system in a SQLite file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "kit/event_rows.hpp"
#include "kit/sqlite.hpp"
#include "kit/target.hpp"
#include "kit/time.hpp"

namespace sluice::kit {

// Makes file and table if they are not there. Rows become visible to others with commit().
class OutboxWriter final : public EventTarget {
 public:
  explicit OutboxWriter(const std::filesystem::path& path);

  void add(const OutboxEvent& event, Micros created_at) override;
  void commit() override;

  [[nodiscard]] std::uint64_t rows_before() const override { return rows_before_; }

 private:
  Database database_;
  Statement insert_;
  std::uint64_t rows_before_;
  bool in_transaction_ = false;
};

// Their positions are the rows' ids.
[[nodiscard]] std::unique_ptr<EventSource> outbox_file(std::filesystem::path path);

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
