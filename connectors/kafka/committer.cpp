#include "kafka/committer.hpp"

#include "kafka/failure.hpp"

namespace sluice::engine::kafka {

Committer::Committer(Client client)
    : client_(std::move(client)), answers_(rd_kafka_queue_new(client_.get())) {}

bool Committer::send(Assignment& assignment) {
  const PartitionList list = assignment.take_uncommitted();
  if (list->cnt == 0) return false;
  const auto error = rd_kafka_commit_queue(client_.get(), list.get(), answers_.get(), nullptr, nullptr);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++missing_;
    return true;
  }
  assignment.committed(*list, false);
  trouble_ = source_error("committing positions", error);
  return true;
}

void Committer::collect(Assignment& assignment, milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (missing_ > 0) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    const Event answer(rd_kafka_queue_poll(answers_.get(), std::max(0, static_cast<int>(left.count()))));
    if (!answer) return;
    take(answer.get(), assignment);
  }
}

void Committer::take(rd_kafka_event_t* answer, Assignment& assignment) {
  if (rd_kafka_event_type(answer) != RD_KAFKA_EVENT_OFFSET_COMMIT) return;
  --missing_;
  const auto error = rd_kafka_event_error(answer);
  const auto* list = rd_kafka_event_topic_partition_list(answer);
  if (list != nullptr) assignment.committed(*list, error == RD_KAFKA_RESP_ERR_NO_ERROR);
  trouble_.reset();
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR__NO_OFFSET)
    trouble_ = source_error("committing positions", error, rd_kafka_event_error_string(answer));
}

}  // namespace sluice::engine::kafka
