// Where a row stands in the log of the database that it was captured from, and which of these places have
// been seen: so that a row which change capture sends a second time is known again.
//
// Debezium that was killed reads the log again from where it last noted to be, and sends the rows from there
// on once more: new records at new positions, the same rows in the same order. A row's place never changes,
// and the places of one log ascend, as transactions are sent in the order of their commits. So a row that
// stands no higher than the newest one seen was sent before.
//
// But for two things. Rows that COPY inserts share one place: of those at the newest place each is known by
// its id. And the places of another server mean nothing: one that was restored from a backup, or set up anew
// under the same names, starts lower. Its rows must not be lost. They were committed later than whatever had
// been seen, and a row that is sent again was committed when it was; so a row counts as repeated only if it
// is not newer by time either, and one that is newer, at a lower place, begins a new history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace sluice::engine {

struct Origin {
  std::uint64_t source = 0;  // names the log: a hash of connector, database and table
  std::uint64_t commit = 0;  // the commit that precedes the row's own transaction
  std::uint64_t place = 0;   // of the row in the log: ascends within a transaction
  Timestamp committed{};     // when its transaction was
  std::uint64_t row = 0;     // names the row: a hash of its event id
  bool operator==(const Origin&) const = default;
};

// The newest origins of one partition, of each source: a few words, however many rows have passed. Pure.
class Origins {
 public:
  // True if the row is new, and takes it in; false if it has been here before.
  [[nodiscard]] bool add(const Origin& origin);

  [[nodiscard]] bool empty() const noexcept { return newest_.empty(); }
  bool operator==(const Origins&) const = default;

  // One line of ASCII of at most 4,000 bytes, which brokers keep with an offset; "" when empty. What is no
  // such text is none of ours, and read as empty.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] static Origins from_text(std::string_view text);

 private:
  // More sources, or more rows at one place, are not remembered: the oldest are forgotten, and count as new
  // if they come again. Rows at one place were inserted into one page of 8 kB by one COPY.
  static constexpr std::size_t most = 45;

  // Of each source at least one; several are of one place, and have one time.
  std::vector<Origin> newest_;
};

}  // namespace sluice::engine
