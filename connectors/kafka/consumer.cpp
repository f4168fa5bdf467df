// How a consumer connects, hears of errors, and leaves. consumer_rebalance.cpp: how it gets partitions.
#include "kafka/consumer.hpp"

#include <array>
#include <utility>

#include "kafka/client_log.hpp"
#include "kafka/failure.hpp"
#include "kafka/metadata.hpp"
#include "kafka/source_topics.hpp"
#include "kafka/statistics.hpp"

namespace sluice::engine::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds lost_bound{15};  // for a topic that is being made anew
constexpr milliseconds leave_bound{3'000};
// A broker that restarts may know its users a little later than it listens.
constexpr std::chrono::seconds locked_out_bound{60};
constexpr std::chrono::seconds fenced_bound{60};

}  // namespace

Result<std::unique_ptr<Consumer>> Consumer::open(const SourceSettings& settings, const rd_kafka_conf_t& conf,
                                                 PartitionListener& listener, Membership& membership) {
  std::unique_ptr<Consumer> consumer(new Consumer(settings, listener, membership));
  if (auto connected = consumer->connect(conf); !connected) return connected.error();
  if (auto found = consumer->look_for_topics(topic_bound); !found) return found.error();
  if (auto subscribed = consumer->subscribe(); !subscribed) return subscribed.error();
  return consumer;
}

Consumer::~Consumer() {
  listener_ = nullptr;
  close();
}

Result<void> Consumer::connect(const rd_kafka_conf_t& conf) {
  Conf own(rd_kafka_conf_dup(&conf));
  rd_kafka_conf_set_opaque(own.get(), this);
  rd_kafka_conf_set_rebalance_cb(own.get(), on_rebalance);
  rd_kafka_conf_set_error_cb(own.get(), on_error);
  rd_kafka_conf_set_stats_cb(own.get(), on_statistics);
  auto made = make_client(RD_KAFKA_CONSUMER, std::move(own), Code::source_fatal);
  if (!made) return made.error();
  client_ = std::move(*made);
  committer_.emplace(client_);

  const auto deadline = SteadyClock::now() + connect_bound;
  while (ask_brokers(*client_, one_question) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_poll(client_.get(), 0);  // errors are heard here
    if (failure_) return *failure_;
    if (SteadyClock::now() >= deadline)
      return source_error("no broker answers", RD_KAFKA_RESP_ERR__TIMED_OUT, last_reason_);
  }
  failure_.reset();
  return {};
}

// Those that are named: a pattern may match nothing yet.
Result<void> Consumer::look_for_topics(milliseconds at_most) {
  for (const std::string& topic : settings_.topics) {
    if (SourceSettings::is_pattern(topic)) continue;
    if (auto found = find_topic(*client_, topic, at_most); !found) return found.error();
  }
  return {};
}

Result<void> Consumer::subscribe() {
  rd_kafka_poll_set_consumer(client_.get());
  const PartitionList topics = partition_list(static_cast<int>(settings_.topics.size()));
  for (const std::string& topic : settings_.topics)
    rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto error = rd_kafka_subscribe(client_.get(), topics.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    Error refused = source_error("joining the group \"" + settings_.group + '"', error);
    if (error == RD_KAFKA_RESP_ERR__INVALID_ARG)
      refused.message = "source.kafka.topics holds a name or a regular expression that Kafka refuses";
    return refused;
  }
  joined_ = true;
  return {};
}

void Consumer::give_up_partitions() {
  const PartitionList all = partition_list(static_cast<int>(assignment_.all().size()));
  for (const auto& held : assignment_.all())
    rd_kafka_topic_partition_list_add(all.get(), held->name.topic.c_str(), held->name.partition);
  revoke(*all);
}

void Consumer::close() {
  if (!client_) return;
  if (joined_) {
    committer_->send(assignment_);
    committer_->collect(assignment_, failure_ ? milliseconds(0) : commit_bound);
    listener_ = nullptr;
    await_first_assignment();
    const Queue goodbyes(rd_kafka_queue_new(client_.get()));
    const ErrorObject refused(rd_kafka_consumer_close_queue(client_.get(), goodbyes.get()));
    const auto deadline = SteadyClock::now() + leave_bound;
    while (!refused && rd_kafka_consumer_closed(client_.get()) == 0 && SteadyClock::now() < deadline)
      const Message left_over(rd_kafka_consume_queue(goodbyes.get(), 10));
  }
  committer_.reset();
  client_.reset();  // ends with the last chunk that holds messages of it
}

// librdkafka 2.0.2 aborts the process when it leaves between joining and its first assignment, if that is
// cooperative (mended in 2.3.0).
void Consumer::await_first_assignment() {
  const auto deadline = SteadyClock::now() + leave_bound;
  while (!assigned_once_ && cooperative() && SteadyClock::now() < deadline)
    const Message left_over(rd_kafka_consumer_poll(client_.get(), 10));
}

Message Consumer::next(milliseconds timeout) {
  for (int wait = static_cast<int>(timeout.count());; wait = 0) {
    Message message(rd_kafka_consumer_poll(client_.get(), wait));
    if (!message) return message;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return message;
    hear(*message);
    if (failure_) return nullptr;
  }
}

void Consumer::look_again(milliseconds at_most) {
  if (!failure_ || broken_ || failure_->code != Code::source_unavailable) return;
  if (ask_brokers(*client_, at_most) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (lost_since_) return look_for_lost_topics(at_most);
  failure_.reset();
  locked_out_since_.reset();
}

// A topic that was deleted ends the pipeline; one that is there again may be another of the same name, and a
// new assignment lets the engine look whether it is.
void Consumer::look_for_lost_topics(milliseconds at_most) {
  auto found = look_for_topics(at_most);
  if (found)
    return must_be_replaced({Code::source_unavailable, "a topic was gone for a moment: starting anew"});
  if (found.error().code == Code::source_fatal && SteadyClock::now() - *lost_since_ >= lost_bound)
    fail(std::move(found.error()));
}

void Consumer::apply_pauses() {
  const auto collect = [this](bool paused) {
    PartitionList list = partition_list(static_cast<int>(assignment_.all().size()));
    for (const auto& held : assignment_.all()) {
      if (held->pause != paused || held->paused == paused) continue;
      rd_kafka_topic_partition_list_add(list.get(), held->name.topic.c_str(), held->name.partition);
      held->paused = paused;
    }
    return list;
  };
  // Only what is paused may be resumed: anything else could go back to an older position (librdkafka 2.0.2).
  if (const PartitionList list = collect(false); list->cnt > 0)
    if (const auto error = rd_kafka_resume_partitions(client_.get(), list.get());
        error != RD_KAFKA_RESP_ERR_NO_ERROR)
      must_be_replaced(source_error("resuming partitions", error));
  if (const PartitionList list = collect(true); list->cnt > 0)
    if (const auto error = rd_kafka_pause_partitions(client_.get(), list.get());
        error != RD_KAFKA_RESP_ERR_NO_ERROR)
      must_be_replaced(source_error("pausing partitions", error));
}

void Consumer::commit(std::span<const SafePosition> positions) {
  for (const SafePosition& position : positions) assignment_.settle(position);
  committer_->collect(assignment_);
  committer_->send(assignment_);
}

std::optional<Position> Consumer::end(const TopicPartition& partition) const {
  std::int64_t low = RD_KAFKA_OFFSET_INVALID;
  std::int64_t high = RD_KAFKA_OFFSET_INVALID;
  const auto error = rd_kafka_get_watermark_offsets(client_.get(), partition.topic.c_str(),
                                                    partition.partition, &low, &high);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return std::nullopt;
  return Position{high};
}

Result<std::pair<Position, Position>> Consumer::ends(const TopicPartition& partition) const {
  const EndsAnswer answer = ask_ends(*client_, partition.topic, partition.partition, ends_bound);
  if (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return source_error("asking where \"" + partition.topic + "\" begins and ends", answer.error);
  return std::pair(Position{answer.begin}, Position{answer.end});
}

// ---- What the client tells ----

void Consumer::on_error(rd_kafka_t*, int error, const char* reason, void* self) {
  const std::string_view text = reason != nullptr ? reason : "";
  static_cast<Consumer*>(self)->hear_error(cause_of(static_cast<rd_kafka_resp_err_t>(error), text), text);
}

int Consumer::on_statistics(rd_kafka_t*, char* json, std::size_t size, void* self) {
  static_cast<Consumer*>(self)->figures_ = read_statistics({json, size});
  return 0;  // librdkafka keeps what is its own
}

void Consumer::hear(const rd_kafka_message_t& event) {
  Assignment::Held* held = event.rkt != nullptr ? assignment_.holder(event) : nullptr;
  switch (event.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      if (held != nullptr) held->end_reached = event.offset;
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      if (held != nullptr) leave_the_range(*held);
      return;
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
      // The next poll joins anew; until then its partitions are others'.
      return log_warning("the group \"" + settings_.group + "\" took us for dead, as we were not heard of");
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      if (!lost_since_) lost_since_ = SteadyClock::now();
      return fail(source_error("a topic is gone, or its partitions", RD_KAFKA_RESP_ERR__STATE,
                               rd_kafka_message_errstr(&event)));
    default:
      hear_error(event.err, rd_kafka_message_errstr(&event));
  }
}

void Consumer::hear_error(rd_kafka_resp_err_t error, std::string_view reason) {
  if (error == RD_KAFKA_RESP_ERR__FATAL) {
    std::array<char, 512> text{};
    const auto why = rd_kafka_fatal_error(client_.get(), text.data(), text.size());
    Error shut_out{Code::source_fatal,
                   explain("the group \"" + settings_.group + "\" has shut us out", why, text.data())};
    if (why != RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID || fenced_lately()) return fail(std::move(shut_out));
    log_warning(shut_out.message + "; joining it anew");
    shut_out.code = Code::source_unavailable;
    return must_be_replaced(std::move(shut_out));
  }
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
    return fail(source_error("no broker can be reached", error, last_reason_));
  last_reason_ = reason;
  if (is_authentication(error)) return hear_authentication(error, reason);
  if (gravity(error) == Gravity::fatal) fail(source_error("Kafka", error, reason));
}

// A static member whose session ended while it commits is told the same as one whose name another has taken
// (librdkafka 2.0.2). If there is another, it and we shut each other out again, and the second time counts.
bool Consumer::fenced_lately() {
  const auto now = SteadyClock::now();
  const auto before = std::exchange(membership_.fenced, now);
  return before && now - *before < fenced_bound;
}

void Consumer::hear_authentication(rd_kafka_resp_err_t error, std::string_view reason) {
  Error refusal = source_error("the broker does not let us in", error, reason);
  if (joined_) {
    const auto now = SteadyClock::now();
    if (!locked_out_since_) locked_out_since_ = now;
    if (now - *locked_out_since_ < locked_out_bound) refusal.code = Code::source_unavailable;
  }
  fail(std::move(refusal));
}

void Consumer::fail(Error error) {
  if (failure_ && failure_->code != Code::source_unavailable) return;  // the first fatal reason is the one
  failure_ = std::move(error);
}

void Consumer::must_be_replaced(Error error) {
  if (error.code == Code::source_unavailable) broken_ = true;
  fail(std::move(error));
}

}  // namespace sluice::engine::kafka
