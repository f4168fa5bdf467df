// How a consumer gets partitions, where each begins, and how it gives them back.
#include <algorithm>

#include "kafka/client_log.hpp"
#include "kafka/consumer.hpp"
#include "kafka/failure.hpp"

namespace sluice::engine::kafka {
namespace {

constexpr milliseconds committed_bound{10'000};

std::span<rd_kafka_topic_partition_t> elements(rd_kafka_topic_partition_list_t& list) {
  return {list.elems, static_cast<std::size_t>(list.cnt)};
}
std::span<const rd_kafka_topic_partition_t> elements(const rd_kafka_topic_partition_list_t& list) {
  return {list.elems, static_cast<std::size_t>(list.cnt)};
}

std::string describe(const TopicPartition& name) {
  return '"' + name.topic + "\" partition " + std::to_string(name.partition);
}

std::string reset_command(const SourceSettings& settings) {
  return "sluice positions reset -c FILE --pipeline " + settings.pipeline + " --to beginning --yes";
}

}  // namespace

void Consumer::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t what,
                            rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto& self = *static_cast<Consumer*>(opaque);
  self.assigned_once_ |= what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && self.listener_ != nullptr)
    return self.assign(*partitions);
  if (what == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) self.revoke(*partitions);
  self.tell_client(nullptr, partitions);
}

bool Consumer::cooperative() const {
  const char* protocol = rd_kafka_rebalance_protocol(client_.get());
  return protocol != nullptr && std::string_view(protocol) == "COOPERATIVE";
}

void Consumer::assign(rd_kafka_topic_partition_list_t& partitions) {
  if (auto taken = take_partitions(partitions); !taken) {
    must_be_replaced(std::move(taken.error()));
    return tell_client(nullptr, &partitions);
  }
  tell_client(&partitions, nullptr);
  // Where `latest` was, or where somebody has moved the pipeline to: the next start shall not skip what lies
  // between that and what the group remembers. (What went wrong with an earlier commit is no matter now.)
  if (!committer_->send(assignment_)) return;
  committer_->collect(assignment_, commit_bound);
  if (const auto& trouble = committer_->trouble()) must_be_replaced(*trouble);
}

// Sets the offset of each to where it begins.
Result<void> Consumer::take_partitions(rd_kafka_topic_partition_list_t& partitions) {
  if (partitions.cnt == 0) return {};
  const auto error =
      rd_kafka_committed(client_.get(), &partitions, static_cast<int>(committed_bound.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return source_error("asking the group \"" + settings_.group + "\" for its positions", error);
  rd_kafka_topic_partition_list_sort(&partitions, nullptr, nullptr);
  for (rd_kafka_topic_partition_t& one : elements(partitions)) {
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return source_error("asking the group \"" + settings_.group + "\" for its positions", one.err);
    std::optional<Progress> committed;
    if (one.offset >= 0) committed = {Position{one.offset}, noted_origins(one)};
    auto& held = assignment_.add({one.topic, one.partition});
    if (committed) held.committed = held.asked = committed->next.value;
    const auto begin = beginning(held, committed);
    if (!begin) return begin.error();
    one.offset = *begin;
    if (*begin < 0) continue;
    held.next = *begin;
    if (!committed || *begin != committed->next.value) {  // the engine knows better: the group shall, too
      held.safe = *begin;
      held.committed = held.asked = Assignment::none;
    }
  }
  return {};
}

Result<std::int64_t> Consumer::beginning(Assignment::Held& held, const std::optional<Progress>& committed) {
  auto asked_for = listener_->assigned(held.id, held.name, committed);
  if (!asked_for) return asked_for.error();
  if (*asked_for) {
    held.origins = std::move((*asked_for)->origins);
    return (*asked_for)->next.value;
  }
  switch (settings_.start) {
    case Where::earliest:
      return std::int64_t{RD_KAFKA_OFFSET_BEGINNING};
    case Where::latest: {
      const auto found = ends(held.name);
      if (!found) return found.error();
      held.safe = found->second.value;
      return found->second.value;
    }
    case Where::error:
      break;
  }
  return Error{Code::source_fatal, "neither the group \"" + settings_.group +
                                       "\" nor the store knows a position for " + describe(held.name) +
                                       ": set source.kafka.start to earliest or latest"};
}

void Consumer::revoke(const rd_kafka_topic_partition_list_t& partitions) {
  // Of what is lost others may be the owners by now: nothing of it can be committed.
  const bool lost = rd_kafka_assignment_lost(client_.get()) != 0;
  if (lost) log_warning("partitions were lost: the group went on without us");
  for (const rd_kafka_topic_partition_t& one : elements(partitions)) {
    Assignment::Held* held = assignment_.find(one.topic, one.partition);
    if (held == nullptr) continue;
    held->pause = false;
    if (listener_ == nullptr) continue;
    const auto safe = listener_->revoked(held->id);
    if (safe && !lost) assignment_.settle(*safe);
  }
  if (!lost && listener_ != nullptr) {
    committer_->send(assignment_);
    committer_->collect(assignment_, failure_ ? milliseconds(0) : commit_bound);
  }
  // A pause would outlive the assignment.
  apply_pauses();
  for (const rd_kafka_topic_partition_t& one : elements(partitions))
    if (const Assignment::Held* held = assignment_.find(one.topic, one.partition))
      assignment_.remove(held->id);
  ++losses_;
}

// The client has to be told in any case, or the group would wait for us.
void Consumer::tell_client(const rd_kafka_topic_partition_list_t* added,
                           const rd_kafka_topic_partition_list_t* removed) {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (!cooperative()) {
    error = rd_kafka_assign(client_.get(), added);
  } else {
    const ErrorObject refused(added != nullptr ? rd_kafka_incremental_assign(client_.get(), added)
                                               : rd_kafka_incremental_unassign(client_.get(), removed));
    if (refused) error = rd_kafka_error_code(refused.get());
  }
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && listener_ != nullptr)
    must_be_replaced(source_error("taking or giving partitions", error));
}

// The broker has nothing at the position that comes next.
void Consumer::leave_the_range(Assignment::Held& held) {
  const auto found = ends(held.name);
  if (!found) return must_be_replaced(found.error());
  const auto [low, high] = *found;
  if (held.next >= low.value && held.next <= high.value)
    return go_to(held, held.next);  // a leader was behind
  if (held.next > high.value)
    return fail({Code::source_recreated,
                 describe(held.name) + " ends at position " + std::to_string(high.value) + ", but " +
                     std::to_string(held.next) +
                     " was to be read next: it is not the one that was read so far. If it was recreated on "
                     "purpose, raise the pipeline's `generation`, as its documents remember the old one's "
                     "positions, and start it anew with: " +
                     reset_command(settings_)});
  const std::string gone = describe(held.name) + " begins at position " + std::to_string(low.value) +
                           ", but " + std::to_string(held.next) +
                           " was to be read next: the broker has deleted what was between";
  if (settings_.out_of_range == Where::error)
    return fail(
        {Code::source_fatal, gone + ". To go on without it set source.kafka.out_of_range to earliest, or: " +
                                 reset_command(settings_)});
  const Position at = settings_.out_of_range == Where::earliest ? low : high;
  log_warning(gone + "; going on at " + std::to_string(at.value));
  go_to(held, at.value);
}

// A partition whose fetching has failed cannot be sought (librdkafka 2.0.2): it is assigned anew.
void Consumer::go_to(Assignment::Held& held, std::int64_t offset) {
  held.next = offset;
  std::vector<std::pair<Assignment::Held*, bool>> wanted;
  for (const auto& one : assignment_.all()) wanted.emplace_back(one.get(), std::exchange(one->pause, false));
  apply_pauses();
  for (const auto& [one, pause] : wanted) one->pause = pause;

  const bool all = !cooperative();
  const PartitionList list = partition_list(static_cast<int>(wanted.size()));
  for (const auto& [one, pause] : wanted) {
    if (!all && one != &held) continue;
    rd_kafka_topic_partition_list_add(list.get(), one->name.topic.c_str(), one->name.partition)->offset =
        one->next != Assignment::none ? one->next : std::int64_t{RD_KAFKA_OFFSET_BEGINNING};
  }
  if (!all) tell_client(nullptr, list.get());
  tell_client(list.get(), nullptr);
  apply_pauses();
}

}  // namespace sluice::engine::kafka
