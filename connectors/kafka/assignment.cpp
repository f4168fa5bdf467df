#include "kafka/assignment.hpp"

#include <algorithm>

namespace sluice::engine::kafka {

Assignment::Held& Assignment::add(const TopicPartition& name) {
  holder_ = nullptr;
  auto held = std::make_unique<Held>();
  held->id = PartitionId{next_id_++};
  held->name = name;
  return *held_.emplace_back(std::move(held));
}

void Assignment::remove(PartitionId id) {
  holder_ = nullptr;
  std::erase_if(held_, [id](const auto& held) { return held->id == id; });
}

void Assignment::clear() {
  holder_ = nullptr;
  held_.clear();
}

Assignment::Held* Assignment::find(PartitionId id) noexcept {
  const auto found = std::ranges::find_if(held_, [id](const auto& held) { return held->id == id; });
  return found == held_.end() ? nullptr : found->get();
}

Assignment::Held* Assignment::find(std::string_view topic, std::int32_t partition) noexcept {
  const auto found = std::ranges::find_if(held_, [&](const auto& held) {
    return held->name.partition == partition && held->name.topic == topic;
  });
  return found == held_.end() ? nullptr : found->get();
}

Assignment::Held* Assignment::holder(const rd_kafka_message_t& message) noexcept {
  if (holder_ != nullptr && topic_ == message.rkt && holder_->name.partition == message.partition)
    return holder_;
  topic_ = message.rkt;
  holder_ = find(rd_kafka_topic_name(message.rkt), message.partition);
  return holder_;
}

bool Assignment::all_to_be_paused() const noexcept {
  return !held_.empty() && std::ranges::all_of(held_, [](const auto& held) { return held->pause; });
}

void Assignment::settle(const SafePosition& position) {
  Held* held = find(position.partition);
  if (held == nullptr) return;
  std::int64_t next = position.next.value;
  // Nothing of ours is settled yet: where another began is not for us to say.
  if (held->first == none || next <= held->first) return;
  // Behind the last record there may be more that is no record: markers of transactions, what was aborted.
  if (next == held->next) next = std::max(next, held->end_reached);
  held->safe = std::max(held->safe, next);
}

PartitionList Assignment::take_uncommitted() {
  PartitionList list = partition_list(static_cast<int>(held_.size()));
  for (const auto& held : held_) {
    if (held->safe <= held->asked) continue;
    held->asked = held->safe;
    rd_kafka_topic_partition_list_add(list.get(), held->name.topic.c_str(), held->name.partition)->offset =
        held->safe;
  }
  return list;
}

void Assignment::committed(const rd_kafka_topic_partition_list_t& list, bool worked) {
  for (const rd_kafka_topic_partition_t& one : std::span(list.elems, static_cast<std::size_t>(list.cnt))) {
    Held* held = find(one.topic, one.partition);
    if (held == nullptr) continue;
    if (worked && one.err == RD_KAFKA_RESP_ERR_NO_ERROR)
      held->committed = std::max(held->committed, one.offset);
    else
      held->asked = held->committed;  // again with the next
  }
}

}  // namespace sluice::engine::kafka
