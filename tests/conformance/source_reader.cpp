#include "source_reader.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/wait_until.hpp"

namespace sluice::engine::conformance {

namespace {

constexpr milliseconds moment{100};

[[noreturn]] void fail(const Error& error) {
  throw std::runtime_error(std::string(to_text(error.code)) + ": " + error.message);
}

Sent copy_of(const Record& record) {
  Sent content;
  if (record.key) content.key = std::string(*record.key);
  if (record.value) content.value = std::string(*record.value);
  for (const Header& header : record.headers) {
    content.headers.emplace_back(std::string(header.name), std::nullopt);
    if (header.value) content.headers.back().second = std::string(*header.value);
  }
  return content;
}

std::string in_short(const std::vector<Sent>& records, std::size_t at) {
  if (at == records.size()) return "nothing";
  const auto shortened = [](const std::optional<std::string>& text) {
    return text ? text->substr(0, 40) + " (" + std::to_string(text->size()) + " bytes)" : std::string("none");
  };
  const Sent& record = records[at];
  return "key " + shortened(record.key) + ", value " + shortened(record.value) + ", " +
         std::to_string(record.headers.size()) + " headers";
}

}  // namespace

SourceReader::SourceReader(std::unique_ptr<Source> source, Starts starts, milliseconds patience)
    : source_(std::move(source)), starts_(std::move(starts)), patience_(patience) {}

void SourceReader::open() {
  wait_until([&] {
    const Result<void> opened = source_->open(*this);
    if (!opened && opened.error().code != Code::source_unavailable) fail(opened.error());
    return opened.ok();
  });
}

const std::vector<Received>& SourceReader::read(std::size_t records) {
  wait_until([&] {
    if (received_.size() >= records) return true;
    Result<Polled> polled = source_->poll(moment);
    if (!polled && polled.error().code != Code::source_unavailable) fail(polled.error());
    if (polled && std::holds_alternative<Chunk>(*polled)) take(std::get<Chunk>(std::move(*polled)));
    return received_.size() >= records;
  });
  return received_;
}

const std::vector<Received>& SourceReader::read_what_is_there() {
  wait_until([&] {
    Result<Polled> polled = source_->poll(patience_);
    if (!polled) fail(polled.error());
    if (!std::holds_alternative<Chunk>(*polled)) return !assigned_.empty();
    take(std::get<Chunk>(std::move(*polled)));
    return false;
  });
  return received_;
}

Error SourceReader::read_until_error() {
  std::optional<Error> error;
  wait_until([&] {
    Result<Polled> polled = source_->poll(moment);
    if (!polled) error = polled.error();
    return error.has_value();
  });
  return *error;
}

testing::AssertionResult same(const std::vector<Sent>& brought, const std::vector<Sent>& wanted) {
  const auto [one, other] = std::mismatch(brought.begin(), brought.end(), wanted.begin(), wanted.end());
  if (one == brought.end() && other == wanted.end()) return testing::AssertionSuccess();
  const auto at = static_cast<std::size_t>(one - brought.begin());
  return testing::AssertionFailure() << "brought " << brought.size() << " records, wanted " << wanted.size()
                                     << "; at number " << at << ":\n  brought " << in_short(brought, at)
                                     << "\n  wanted  " << in_short(wanted, at);
}

std::vector<Sent> SourceReader::contents(std::int32_t partition) const {
  std::vector<Sent> contents;
  const auto id = assigned_.find(partition);
  for (const Received& record : received_)
    if (id != assigned_.end() && record.partition == id->second) contents.push_back(record.content);
  return contents;
}

Result<std::optional<Progress>> SourceReader::assigned(PartitionId id, const TopicPartition& partition,
                                                       std::optional<Progress>) {
  assigned_[partition.partition] = id;
  assignments_.push_back(partition);
  if (then_) {
    const Result<void> done = then_(id);
    if (!done) return done.error();
  }
  const auto start = starts_.find(partition.partition);
  if (start == starts_.end()) return std::optional<Progress>{};
  return std::optional(Progress{start->second});
}

std::optional<SafePosition> SourceReader::revoked(PartitionId) { return std::nullopt; }

void SourceReader::take(Chunk chunk) {
  for (const Record& record : chunk.records) {
    received_.push_back({.partition = record.partition,
                         .position = record.position,
                         .topic = std::string(record.topic),
                         .content = copy_of(record),
                         .checksum = record_checksum(record)});
  }
  if (keep_) keep_(std::move(chunk));
}

}  // namespace sluice::engine::conformance
