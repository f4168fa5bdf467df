// One member of a consumer group: connects, joins, brings messages, follows rebalances, commits, leaves. When
// it cannot go on it says why, and the source makes another one.
//
// The reader's thread makes all calls. librdkafka calls back on that thread too, from within next() and
// close(): whatever happens to the group happens there.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/source.hpp"
#include "kafka/assignment.hpp"
#include "kafka/committer.hpp"
#include "kafka/handle.hpp"
#include "kafka/source_options.hpp"

namespace sluice::engine::kafka {

// What outlives one consumer of a source.
struct Membership {
  PartitionNumbers numbers;
  // When the group last took another for the static member that we are.
  std::optional<std::chrono::steady_clock::time_point> fenced;
};

class Consumer {
 public:
  // Connects, looks whether the topics are there, and joins the group. All that is given outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Consumer>> open(const SourceSettings& settings,
                                                              const rd_kafka_conf_t& conf,
                                                              PartitionListener& listener,
                                                              Membership& membership);
  // Closes without telling the listener, who may be gone.
  ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // Gives all partitions back to the listener: for another consumer in this one's place.
  void give_up_partitions();
  // Commits what is safe, within a bound, and leaves the group. A static member stays, for its next start.
  void close();

  // A record's message, or none within the time. What else comes is dealt with here; see failure().
  [[nodiscard]] Message next(milliseconds timeout);
  // Why it cannot go on, if so: fatal, or out of reach, which may pass.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }
  // Whether it must be replaced to go on after a failure that may pass.
  [[nodiscard]] bool broken() const noexcept { return broken_; }
  // After a failure that may pass: asks whether the brokers, or a topic, are back.
  void look_again(milliseconds at_most);

  // Makes the client pause and resume as the assignment wants it.
  void apply_pauses();
  void commit(std::span<const SafePosition> positions);
  [[nodiscard]] const std::optional<Error>& commit_trouble() const noexcept { return committer_->trouble(); }

  // From what fetching has told; none if it has not yet.
  [[nodiscard]] std::optional<Position> end(const TopicPartition& partition) const;
  // From the broker.
  [[nodiscard]] Result<std::pair<Position, Position>> ends(const TopicPartition& partition) const;

  [[nodiscard]] const Client& client() const noexcept { return client_; }
  [[nodiscard]] Assignment& assignment() noexcept { return assignment_; }
  // Grows whenever partitions were taken away.
  [[nodiscard]] unsigned losses() const noexcept { return losses_; }
  // Of the client's newest statistics; empty before the first.
  [[nodiscard]] const SourceFigures& figures() const noexcept { return figures_; }

 private:
  Consumer(const SourceSettings& settings, PartitionListener& listener, Membership& membership)
      : settings_(settings), listener_(&listener), membership_(membership), assignment_(membership.numbers) {}

  [[nodiscard]] Result<void> connect(const rd_kafka_conf_t& conf);
  [[nodiscard]] Result<void> look_for_topics(milliseconds at_most);
  [[nodiscard]] Result<void> subscribe();

  static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                           rd_kafka_topic_partition_list_t* partitions, void* self);
  static void on_error(rd_kafka_t* client, int error, const char* reason, void* self);
  static int on_statistics(rd_kafka_t* client, char* json, std::size_t size, void* self);

  void assign(rd_kafka_topic_partition_list_t& partitions);
  [[nodiscard]] Result<void> take_partitions(rd_kafka_topic_partition_list_t& partitions);
  [[nodiscard]] Result<std::int64_t> beginning(Assignment::Held& held,
                                               const std::optional<Progress>& committed);
  void revoke(const rd_kafka_topic_partition_list_t& partitions);
  void tell_client(const rd_kafka_topic_partition_list_t* added,
                   const rd_kafka_topic_partition_list_t* removed);
  [[nodiscard]] bool cooperative() const;
  void await_first_assignment();

  void hear(const rd_kafka_message_t& event);
  void hear_error(rd_kafka_resp_err_t error, std::string_view reason);
  void hear_authentication(rd_kafka_resp_err_t error, std::string_view reason);
  [[nodiscard]] bool fenced_lately();
  void look_for_lost_topics(milliseconds at_most);
  void leave_the_range(Assignment::Held& held);
  void go_to(Assignment::Held& held, std::int64_t offset);
  void fail(Error error);
  void must_be_replaced(Error error);

  const SourceSettings& settings_;
  PartitionListener* listener_;  // null once nobody listens
  Membership& membership_;
  Client client_;
  std::optional<Committer> committer_;
  Assignment assignment_;
  unsigned losses_ = 0;

  std::optional<Error> failure_;
  bool broken_ = false;
  bool joined_ = false;
  bool assigned_once_ = false;  // if only nothing
  std::string last_reason_;     // of the last connection that failed
  std::optional<std::chrono::steady_clock::time_point> locked_out_since_;
  std::optional<std::chrono::steady_clock::time_point> lost_since_;  // a topic
  SourceFigures figures_;
};

}  // namespace sluice::engine::kafka
