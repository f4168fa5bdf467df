#include "observe/metrics_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <iterator>

#include "base/result.hpp"
#include "base/thread_name.hpp"
#include "json/writer.hpp"
#include "observe/latency.hpp"

namespace sluice::engine {
namespace {

void append_seconds(std::string& out, std::string_view name, const std::optional<Timestamp>& time) {
  if (!time) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":null", name);
    return;
  }
  const std::int64_t us = time->time_since_epoch().count();
  fmt::format_to(std::back_inserter(out), ",\"{}\":{:.6f}", name, static_cast<double>(us) / 1e6);
}

void append_milliseconds(std::string& out, std::string_view name, const std::optional<microseconds>& time) {
  if (!time) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":null", name);
    return;
  }
  fmt::format_to(std::back_inserter(out), ",\"{}\":{:.3f}", name, static_cast<double>(time->count()) / 1000);
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path, std::size_t capacity)
    : capacity_(capacity), file_(path, std::ios::app | std::ios::binary) {
  if (!file_)
    throw ConfigurationError("the metrics file " + path.string() +
                             " cannot be opened for appending: " + std::strerror(errno));
  writer_ = std::thread([this] { write_all(); });
}

MetricsFile::~MetricsFile() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  filled_.notify_one();
  writer_.join();
}

void MetricsFile::offer(std::span<const SettledEvent> events) {
  const std::lock_guard lock(mutex_);
  const bool was_empty = queue_.entries.empty();
  for (const SettledEvent& event : events) {
    if (event.how != Settled::applied) continue;
    if (queue_.entries.size() >= capacity_) {
      ++dropped_;
      continue;
    }
    queue_.entries.push_back({event.id.size(), event.type.size(), event.clocks});
    queue_.texts.append(event.id).append(event.type);
  }
  if (was_empty && !queue_.entries.empty()) filled_.notify_one();
}

std::uint64_t MetricsFile::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void MetricsFile::write_all() {
  name_this_thread("metrics file");
  Batch batch;
  std::unique_lock lock(mutex_);
  while (true) {
    filled_.wait(lock, [this] { return closing_ || !queue_.entries.empty(); });
    if (queue_.entries.empty()) return;
    std::swap(batch, queue_);
    lock.unlock();
    const bool written = write(batch);
    lock.lock();
    if (!written) dropped_ += batch.entries.size();
    batch.entries.clear();
    batch.texts.clear();
  }
}

bool MetricsFile::write(const Batch& batch) {
  std::string lines;
  std::string_view texts = batch.texts;
  for (const Entry& entry : batch.entries) {
    const Clocks& clocks = entry.clocks;
    lines += "{\"event_id\":";
    write_json_string(texts.substr(0, entry.id_size), lines);
    lines += ",\"event_type\":";
    write_json_string(texts.substr(entry.id_size, entry.type_size), lines);
    texts.remove_prefix(entry.id_size + entry.type_size);
    append_seconds(lines, "t0_created", clocks.created);
    append_seconds(lines, "t1_kafka", clocks.captured);
    append_seconds(lines, "t2_appended", clocks.appended);
    append_seconds(lines, "t3_start", clocks.started);
    append_seconds(lines, "t5_end", clocks.settled);
    append_milliseconds(lines, "kafka_lag_ms",
                        clocks.appended ? std::optional(clocks.started - *clocks.appended) : std::nullopt);
    append_milliseconds(lines, "processing_time_ms", clocks.settled - clocks.started);
    append_milliseconds(lines, "total_latency_ms", total_latency(clocks));
    append_seconds(lines, "timestamp", clocks.settled);
    lines += "}\n";
  }
  file_.write(lines.data(), static_cast<std::streamsize>(lines.size()));
  file_.flush();
  if (file_) return true;
  file_.clear();  // the disk may have room again for the next ones
  return false;
}

}  // namespace sluice::engine
