#include "kafka/assignment.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::engine::kafka {

void note_origins(rd_kafka_topic_partition_t& one, const Origins& origins) {
  const std::string text = origins.to_text();
  if (text.empty()) return;
  one.metadata = rd_kafka_mem_malloc(nullptr, text.size());  // the list frees it
  one.metadata_size = text.size();
  std::memcpy(one.metadata, text.data(), text.size());
}

Origins noted_origins(const rd_kafka_topic_partition_t& one) {
  if (one.metadata == nullptr) return {};
  return Origins::from_text({static_cast<const char*>(one.metadata), one.metadata_size});
}

Assignment::Held& Assignment::add(const TopicPartition& name) {
  holder_ = nullptr;
  auto held = std::make_unique<Held>();
  held->id = numbers_.next();
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
  std::int64_t next = position.settled.next.value;
  // Nothing of ours is settled yet: where another began is not for us to say.
  if (held->first == none || next <= held->first) return;
  // Behind the last record there may be more that is no record: markers of transactions, what was aborted.
  if (next == held->next) next = std::max(next, held->end_reached);
  if (next <= held->safe) return;
  held->safe = next;
  held->origins = position.settled.origins;
}

PartitionList Assignment::take_uncommitted() {
  PartitionList list = partition_list(static_cast<int>(held_.size()));
  for (const auto& held : held_) {
    if (held->safe <= held->asked) continue;
    held->asked = held->safe;
    auto* one = rd_kafka_topic_partition_list_add(list.get(), held->name.topic.c_str(), held->name.partition);
    one->offset = held->safe;
    note_origins(*one, held->origins);
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
