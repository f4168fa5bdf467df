// What a load was made of: enough to make the same events again, so that they need not be kept to be counted.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kit/event_rows.hpp"
#include "kit/time.hpp"
#include "kit/world.hpp"

namespace sluice::kit {

struct Manifest {
  WorldPlan plan;
  std::uint64_t events = 0;  // of the plan's, from its beginning: fewer when the load was interrupted
  // Duplicates count as events of their own: lines of plain events do, while a row that Debezium sends again
  // is known by its place (docs/delivery.md).
  bool counts_duplicates = false;
  Micros newest{};  // of the events that are counted; the statistics show it
};

// A JSON file. Throws std::runtime_error when it cannot be written, or is no manifest.
void write_manifest(const Manifest& manifest, const std::filesystem::path& file);
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& file);

// The events of the loads, generated again, one load after another.
[[nodiscard]] std::unique_ptr<EventSource> generated_again(std::vector<Manifest> loads);
[[nodiscard]] std::unique_ptr<EventSource> made_again(const std::vector<std::filesystem::path>& manifests);

// Of an outbox that others write to as well, the rows that the loads made.
[[nodiscard]] std::unique_ptr<EventSource> made_by(const std::vector<std::filesystem::path>& manifests,
                                                   std::unique_ptr<EventSource> outbox);

}  // namespace sluice::kit
