// Where an event's time goes: one histogram for each stage between its five clocks
// (docs/life_of_a_record.md). Not thread-safe; values, to be copied for a look.
#pragma once

#include <array>
#include <bit>
#include <boost/histogram/histogram.hpp>
#include <boost/histogram/storage_adaptor.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/status.hpp"

namespace sluice::engine {

enum class Stage : std::uint8_t {
  capture,     // T1-T0: from the row to change capture
  delivery,    // T2-T1: from capture into the log
  lag,         // T3-T2: from the log to the start of processing
  processing,  // T5-T3: from there to durable in the store
  total,       // T5-T0, or from the earliest clock that is known
};
inline constexpr std::array all_stages{Stage::capture, Stage::delivery, Stage::lag, Stage::processing,
                                       Stage::total};
[[nodiscard]] std::string_view to_text(Stage stage) noexcept;

// Whole microseconds on a logarithmic axis without a logarithm: a power of two is cut into 32 bins, so that a
// bin is at most 3.2 % wide, and an index costs a shift. Below 64 us every bin is one microsecond. What
// exceeds 2^40 us (12 days) falls into the last bin.
class LatencyAxis {
 public:
  static constexpr int cut_bits = 5;
  static constexpr int value_bits = 40;
  static constexpr int bins = ((value_bits - 1 - cut_bits) << cut_bits) + (2 << cut_bits);

  [[nodiscard]] int index(std::int64_t value) const noexcept {
    const auto us = static_cast<std::uint64_t>(value < 0 ? 0 : value);
    const int shift = std::bit_width(us >> (cut_bits + 1));
    const auto bin = static_cast<std::int64_t>(us >> static_cast<unsigned>(shift)) + (shift << cut_bits);
    return bin < bins ? static_cast<int>(bin) : bins - 1;
  }
  [[nodiscard]] int size() const noexcept { return bins; }
  [[nodiscard]] static constexpr bool inclusive() noexcept { return true; }  // every value has its bin
  // The first value of a bin.
  [[nodiscard]] static std::int64_t lower(int bin) noexcept {
    const int shift = bin < (2 << cut_bits) ? 0 : (bin >> cut_bits) - 1;
    return std::int64_t{bin - (shift << cut_bits)} << shift;
  }
  bool operator==(const LatencyAxis&) const noexcept { return true; }
};

// Milliseconds. All zero while count is.
struct LatencyFigures {
  std::uint64_t count = 0;
  double p50 = 0;
  double p95 = 0;
  double p99 = 0;
  double min = 0;
  double avg = 0;
  double max = 0;
};

class LatencyHistogram {
 public:
  // A negative latency, of clocks that disagree, counts as none.
  void add(microseconds latency) noexcept {
    const std::int64_t us = latency.count() < 0 ? 0 : latency.count();
    bins_(us);
    ++count_;
    sum_us_ += us;
    if (us < min_us_) min_us_ = us;
    if (us > max_us_) max_us_ = us;
  }

  // What was added after `earlier`, which must be an earlier copy of this one. Its min and max are those of
  // bins.
  [[nodiscard]] LatencyHistogram since(const LatencyHistogram& earlier) const;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] microseconds sum() const noexcept { return microseconds(sum_us_); }
  // How many were at most so long, for each of the bounds, which rise. A bin that a bound cuts (it is at most
  // 3.2 % wide) counts as above it.
  [[nodiscard]] std::vector<std::uint64_t> at_most(std::span<const microseconds> bounds) const;
  [[nodiscard]] LatencyFigures figures() const;

 private:
  // Milliseconds; the share of events from 0 to 1.
  [[nodiscard]] double percentile(double share) const;

  using Bins = boost::histogram::histogram<std::tuple<LatencyAxis>,
                                           boost::histogram::storage_adaptor<std::vector<std::uint64_t>>>;
  Bins bins_{std::tuple{LatencyAxis{}}, {}};
  std::uint64_t count_ = 0;
  std::int64_t sum_us_ = 0;
  std::int64_t min_us_ = INT64_MAX;
  std::int64_t max_us_ = 0;
};

class Latencies {
 public:
  // Adds the stages whose two clocks are known.
  void add(const Clocks& clocks) noexcept;

  [[nodiscard]] Latencies since(const Latencies& earlier) const;
  [[nodiscard]] const LatencyHistogram& operator[](Stage stage) const noexcept {
    return stages_[static_cast<std::size_t>(stage)];
  }

 private:
  std::array<LatencyHistogram, all_stages.size()> stages_;
};

// T5 minus the earliest clock that is known.
[[nodiscard]] inline microseconds total_latency(const Clocks& clocks) noexcept {
  const Timestamp from = clocks.created    ? *clocks.created
                         : clocks.captured ? *clocks.captured
                                           : clocks.appended.value_or(clocks.started);
  return clocks.settled - from;
}

}  // namespace sluice::engine
