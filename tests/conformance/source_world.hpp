// What the suite for sources needs of each kind: a place that records are put in, and sources that read it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "core/source.hpp"

namespace sluice::engine::conformance {

struct Sent {
  std::optional<std::string> key{};
  std::optional<std::string> value{};
  std::vector<std::pair<std::string, std::optional<std::string>>> headers{};
  bool operator==(const Sent&) const = default;
};

class SourceWorld {
 public:
  virtual ~SourceWorld() = default;

  // A source that reads the place from its beginning, as a new process would.
  [[nodiscard]] virtual std::unique_ptr<Source> make_source() = 0;
  // Puts records at the end of a partition, 0 or above. Safe while a source reads in another thread.
  virtual void append(int partition, const std::vector<Sent>& records) = 0;
  // Nobody can reach the place until it is brought back as it was.
  virtual void take_away() = 0;
  virtual void bring_back() = 0;
  // Another place of the same name, with less in it than any test has read before, if anything.
  virtual void recreate() = 0;

  // Within which a source brings what is there.
  [[nodiscard]] virtual milliseconds patience() const { return milliseconds(100); }
  [[nodiscard]] virtual int partitions() const = 0;
  [[nodiscard]] virtual std::string topic() const = 0;
  // What a source makes of a record: where a kind has no keys, or headers of its own, they are not the same.
  [[nodiscard]] virtual Sent expected(const Sent& sent) const = 0;
};

struct WorldKind {
  std::string name;
  std::function<std::unique_ptr<SourceWorld>()> make;
};

[[nodiscard]] std::unique_ptr<SourceWorld> make_plain_file_world();
[[nodiscard]] std::unique_ptr<SourceWorld> make_records_file_world();
[[nodiscard]] std::unique_ptr<SourceWorld> make_memory_world();
[[nodiscard]] std::unique_ptr<SourceWorld> make_sqlite_wal_world();
[[nodiscard]] std::unique_ptr<SourceWorld> make_sqlite_rollback_world();

}  // namespace sluice::engine::conformance
