// What a pipeline must remember over restarts, beside the documents: how far it got, whether its breaker is
// open, and what became of its dead letters. Stores keep it (in tables or collections of their own, named
// _sluice…); a pipeline without a store keeps it in the engine's state file.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/dead_letters.hpp"
#include "core/origin.hpp"
#include "core/record.hpp"

namespace sluice::engine {

// Which part of each partition's documents an instance applies: those whose hash mod of is index.
struct Share {
  std::uint32_t index = 0;
  std::uint32_t of = 1;
  auto operator<=>(const Share&) const = default;
};

// A record that was read from a partition's log, by which it is known again.
struct Witness {
  Position position;
  std::uint64_t checksum = 0;  // record_checksum() of it; 0 when there is none
  [[nodiscard]] bool known() const noexcept { return checksum != 0; }
  bool operator==(const Witness&) const = default;
};

// How far a pipeline's share of a partition got: every position below `next` is settled.
struct PositionRecord {
  TopicPartition partition;
  Share share{};
  Position next{};
  Witness witness{};           // none: somebody has set the position by hand
  Timestamp last_timestamp{};  // of the last record below `next`
  Origins origins = {};        // the newest below `next`
};

struct BreakerRecord {
  Timestamp opened;
  std::string reason;
  std::string fingerprint;  // of plugins and configuration: another one may start again
};

enum class Disposition : std::uint8_t {
  intended,  // about to be written, or written: to be listed
  replayed,
  discarded,
};

// As journals keep it. What is no such word is taken for `intended`, which hides nothing.
[[nodiscard]] std::string_view to_text(Disposition disposition) noexcept;
[[nodiscard]] Disposition disposition_of(std::string_view text) noexcept;

// What was decided about one change of an event that could not be applied (letters/letter_book.hpp).
struct LetterRecord {
  TopicPartition partition;
  Position position;
  int generation = 0;
  Unapplied change;  // whole_event: all that the event asks for
  Disposition disposition = Disposition::intended;
  Timestamp when;
  Code code = Code::internal;  // why it failed
  std::string reason;
};

// Any thread; calls are serialised by the implementation. An error means that nothing is known to be
// recorded.
class Journal {
 public:
  virtual ~Journal() = default;

  [[nodiscard]] virtual Result<std::vector<PositionRecord>> positions(std::string_view pipeline) = 0;
  // Adds or overwrites one row for each (pipeline, partition, share). Rows of other layouts (share.of) stay.
  [[nodiscard]] virtual Result<void> save_positions(std::string_view pipeline,
                                                    std::span<const PositionRecord> records) = 0;
  // Removes the rows of a partition, or of all when none is given.
  [[nodiscard]] virtual Result<void> forget_positions(std::string_view pipeline,
                                                      const std::optional<TopicPartition>& partition) = 0;

  [[nodiscard]] virtual Result<std::optional<BreakerRecord>> breaker(std::string_view pipeline) = 0;
  [[nodiscard]] virtual Result<void> open_breaker(std::string_view pipeline, const BreakerRecord& record) = 0;
  [[nodiscard]] virtual Result<void> close_breaker(std::string_view pipeline) = 0;

  [[nodiscard]] virtual Result<std::vector<LetterRecord>> letters(std::string_view pipeline) = 0;
  // Those of a partition's positions from this one on.
  [[nodiscard]] virtual Result<std::vector<LetterRecord>> letters_from(std::string_view pipeline,
                                                                       const TopicPartition& partition,
                                                                       Position from) = 0;
  // Adds or overwrites by (partition, position, generation, change); but an intention overwrites nothing.
  [[nodiscard]] virtual Result<void> save_letters(std::string_view pipeline,
                                                  std::span<const LetterRecord> records) = 0;

  // The ids of all pipelines that have recorded anything: a renamed pipeline shows here.
  [[nodiscard]] virtual Result<std::vector<std::string>> pipelines() = 0;
};

}  // namespace sluice::engine
