#include "observe/latency.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::engine {

std::string_view to_text(Stage stage) noexcept {
  switch (stage) {
    case Stage::capture:
      return "capture";
    case Stage::delivery:
      return "delivery";
    case Stage::lag:
      return "lag";
    case Stage::processing:
      return "processing";
    case Stage::total:
      return "total";
  }
  return "";
}

LatencyHistogram LatencyHistogram::since(const LatencyHistogram& earlier) const {
  LatencyHistogram rest;
  rest.count_ = count_ - earlier.count_;
  rest.sum_us_ = sum_us_ - earlier.sum_us_;
  for (int bin = 0; bin < LatencyAxis::bins; ++bin) {
    const std::uint64_t added = bins_.at(bin) - earlier.bins_.at(bin);
    rest.bins_.at(bin) = added;
    if (added == 0) continue;
    rest.min_us_ = std::min(rest.min_us_, LatencyAxis::lower(bin));
    rest.max_us_ = LatencyAxis::lower(bin + 1) - 1;
  }
  rest.max_us_ = std::min(rest.max_us_, max_us_);
  return rest;
}

std::vector<std::uint64_t> LatencyHistogram::at_most(std::span<const microseconds> bounds) const {
  std::vector<std::uint64_t> counts;
  std::uint64_t seen = 0;
  int bin = 0;
  for (const microseconds bound : bounds) {
    for (; bin < LatencyAxis::bins && LatencyAxis::lower(bin + 1) <= bound.count() + 1; ++bin)
      seen += bins_.at(bin);
    counts.push_back(seen);
  }
  return counts;
}

double LatencyHistogram::percentile(double share) const {
  const double rank = share * static_cast<double>(count_);
  double seen = 0;
  for (int bin = 0; bin < LatencyAxis::bins; ++bin) {
    const auto here = static_cast<double>(bins_.at(bin));
    if (here == 0 || seen + here < rank) {
      seen += here;
      continue;
    }
    const auto lower = static_cast<double>(LatencyAxis::lower(bin));
    const auto width = static_cast<double>(LatencyAxis::lower(bin + 1)) - lower;
    const double us = width <= 1 ? lower : lower + width * (rank - seen) / here;
    return std::clamp(us, static_cast<double>(min_us_), static_cast<double>(max_us_)) / 1000;
  }
  return static_cast<double>(max_us_) / 1000;
}

LatencyFigures LatencyHistogram::figures() const {
  if (count_ == 0) return {};
  return {.count = count_,
          .p50 = percentile(0.50),
          .p95 = percentile(0.95),
          .p99 = percentile(0.99),
          .min = static_cast<double>(min_us_) / 1000,
          .avg = static_cast<double>(sum_us_) / static_cast<double>(count_) / 1000,
          .max = static_cast<double>(max_us_) / 1000};
}

void Latencies::add(const Clocks& clocks) noexcept {
  const auto stage = [this](Stage which) -> LatencyHistogram& {
    return stages_[static_cast<std::size_t>(which)];
  };
  if (clocks.created && clocks.captured) stage(Stage::capture).add(*clocks.captured - *clocks.created);
  if (clocks.captured && clocks.appended) stage(Stage::delivery).add(*clocks.appended - *clocks.captured);
  if (clocks.appended) stage(Stage::lag).add(clocks.started - *clocks.appended);
  stage(Stage::processing).add(clocks.settled - clocks.started);
  stage(Stage::total).add(total_latency(clocks));
}

Latencies Latencies::since(const Latencies& earlier) const {
  Latencies rest;
  for (std::size_t i = 0; i < stages_.size(); ++i) rest.stages_[i] = stages_[i].since(earlier.stages_[i]);
  return rest;
}

}  // namespace sluice::engine
