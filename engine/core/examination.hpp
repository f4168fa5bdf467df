// How a connector looks at its surroundings for `sluice doctor`: whether all that the role will need is
// there, said as findings. An examination changes nothing: it joins no group, commits nothing, makes nothing,
// and what it must write to see that it may, it removes. What does not answer is given up after `patience`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/finding.hpp"
#include "core/journal.hpp"
#include "core/source.hpp"
#include "core/store.hpp"

namespace sluice::engine {

template <class Role>
struct Examination;

// What a source knows of a partition now.
struct PartitionFacts {
  TopicPartition partition;
  std::optional<Position> begin;          // of the first record that is still there
  std::optional<Position> end;            // after the last
  std::optional<Position> committed;      // where the source itself would go on
  std::optional<std::uint64_t> checksum;  // of the record at the position that was asked for
};

template <>
struct Examination<Source> {
  Findings& findings;
  milliseconds patience;
  // The witness that the store remembers, if any: the checksum of what stands there is wanted.
  std::function<std::optional<Position>(const TopicPartition&)> witness;
  // Where the pipeline would start, as PartitionListener::assigned() says.
  std::function<std::optional<Position>(const TopicPartition&, std::optional<Position> committed)> start;
  // Takes each of the last few records of a partition; the record is borrowed for the call.
  std::function<void(const Record&)> sample;
  std::vector<PartitionFacts> partitions{};  // filled in

  static constexpr int samples = 5;  // of each partition, at most
};

template <>
struct Examination<Store> {
  Findings& findings;
  milliseconds patience;
  std::span<const CollectionSpec> collections;
  std::shared_ptr<Journal> journal{};  // filled in where there is one; it is only read
};

template <>
struct Examination<DeadLetters> {
  Findings& findings;
  milliseconds patience;
};

}  // namespace sluice::engine
