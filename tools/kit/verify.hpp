// Holds what a pipeline made of an outbox against what must come of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "kit/rules.hpp"

namespace sluice::kit {

struct VerifySettings {
  std::filesystem::path outbox;  // the events: a SQLite outbox, or
  std::string documents;         // the SQLite store, or the URI of a database of MongoDB
  std::string dead_letters;      // as read_dead_letters() takes it; empty: there must be none
  std::string postgres{};        // an outbox in PostgreSQL, as postgres_address() takes it, or
  // what the generator wrote down, from which the events are generated again. Beside an outbox they say what
  // is poison.
  std::vector<std::filesystem::path> manifests{};
  bool among_others = false;  // only what the manifests' events made is looked at: others own the rest
  std::string statistics{"statistics"};  // what the store calls the collection of the running totals
};

struct Check {
  std::string name;                     // "referential_integrity"
  std::string claim;                    // "creators and participants exist"
  std::uint64_t looked_at = 0;          // things
  std::uint64_t violations = 0;         // of them
  std::vector<std::string> examples{};  // the first violations
  [[nodiscard]] bool held() const noexcept { return violations == 0; }
};

struct CollectionCount {
  std::uint64_t expected = 0;
  std::uint64_t found = 0;
};

struct VerifyReport {
  std::vector<Check> checks;
  std::map<std::string, CollectionCount> collections;
  std::uint64_t events = 0;                         // that the pipeline reads
  std::uint64_t applied = 0;                        // whose effect is in the documents
  std::uint64_t dead_letters = 0;                   // that are among the dead letters
  std::map<std::string, std::vector<Json>> latest;  // documents by collection
  double seconds = 0;
  [[nodiscard]] bool held() const noexcept;
};

// Throws SqliteError or std::runtime_error when it cannot read; what it can read and finds wrong is in the
// report.
[[nodiscard]] VerifyReport verify(const VerifySettings& settings);

[[nodiscard]] std::string to_json(const VerifyReport& report);
[[nodiscard]] std::string to_table(const VerifyReport& report);

}  // namespace sluice::kit
