#include "member.hpp"

#include <stdexcept>

#include "kafka/connector.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {

Member::Member(const std::map<std::string, OptionValue>& options, const ConnectorContext& context) {
  const RoleSpec<Source>& role = *kafka::connector().source;
  Options all = default_options(role.options);
  for (const auto& [name, value] : options) all.set(name, value);
  source_ = role.make(all, context);
}

Result<void> Member::open() { return source_->open(*this); }

void Member::poll() {
  error_.reset();
  Result<Polled> polled = source_->poll(milliseconds(20));
  if (!polled) {
    error_ = polled.error();
    return;
  }
  if (!std::holds_alternative<Chunk>(*polled)) return;
  for (const Record& record : std::get<Chunk>(*polled).records) {
    Came& came = came_.emplace_back();
    came.partition = {std::string(record.topic), record.partition_number};
    came.offset = record.position.value;
    if (record.key) came.key = std::string(*record.key);
    if (record.value) came.value = std::string(*record.value);
    came.timestamp = record.timestamp;
    came.kind = record.timestamp_kind;
    next_[record.partition] = record.position.next();
  }
}

const std::vector<Came>& Member::read(std::size_t records) {
  wait_until([&] {
    if (came_.size() < records) poll();
    if (error_ && error_->code != Code::source_unavailable) throw std::runtime_error(error_->message);
    return came_.size() >= records;
  });
  return came_;
}

void Member::hold(std::size_t partitions) {
  wait_until([&] {
    poll();
    return held_.size() == partitions;
  });
}

Error Member::read_until_fatal() {
  wait_until([&] {
    poll();
    return error_ && error_->code != Code::source_unavailable;
  });
  return *error_;
}

void Member::commit() {
  std::vector<SafePosition> safe;
  for (const auto& [id, next] : next_) safe.push_back({id, {next, origins_}});
  if (auto done = source_->commit(safe); !done) throw std::runtime_error(done.error().message);
}

std::vector<std::string> Member::values() const {
  std::vector<std::string> values;
  for (const Came& came : came_) values.push_back(came.value.value_or("(none)"));
  return values;
}

Result<std::optional<Progress>> Member::assigned(PartitionId id, const TopicPartition& partition,
                                                 std::optional<Progress> committed) {
  held_[id] = partition;
  if (committed) told_[partition] = *committed;
  if (moved_) return moved_;
  return committed ? committed : begin_;
}

std::optional<SafePosition> Member::revoked(PartitionId id) {
  held_.erase(id);
  const auto next = next_.extract(id);
  if (next.empty()) return std::nullopt;
  return SafePosition{id, {next.mapped(), origins_}};
}

}  // namespace sluice::engine
