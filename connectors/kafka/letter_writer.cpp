#include "kafka/letter_writer.hpp"

#include <array>
#include <chrono>
#include <tuple>

#include "kafka/client_options.hpp"
#include "kafka/failure.hpp"
#include "kafka/letter_record.hpp"
#include "kafka/metadata.hpp"

namespace sluice::engine::kafka {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds delivery_bound{10'000};

// Copied by librdkafka, which all the same does not take it as constant.
rd_kafka_vu_t field(rd_kafka_vtype_t kind, const std::optional<std::string>& bytes) {
  rd_kafka_vu_t field{};
  field.vtype = kind;
  if (bytes) field.u.mem = {const_cast<char*>(bytes->data()), bytes->size()};
  return field;
}

}  // namespace

Result<void> LetterWriter::open() {
  if (!client_)
    if (auto connected = connect(); !connected) return connected;
  return find_topic();
}

Result<void> LetterWriter::connect() {
  Conf own(rd_kafka_conf_dup(conf_.get()));
  rd_kafka_conf_set_opaque(own.get(), this);
  rd_kafka_conf_set_dr_msg_cb(own.get(), on_delivery);
  rd_kafka_conf_set_error_cb(own.get(), on_error);
  set(*own, "message.timeout.ms", std::to_string(delivery_bound.count()));
  auto made = make_client(RD_KAFKA_PRODUCER, std::move(own), Code::dead_letters_fatal);
  if (!made) return made.error();
  Client client = std::move(*made);
  last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  const auto deadline = SteadyClock::now() + connect_bound;
  while (ask_brokers(*client, one_question) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_poll(client.get(), 0);  // errors are heard here
    if (is_authentication(last_error_))
      return letters_error("the broker does not let us write dead letters", last_error_, last_reason_);
    if (last_error_ == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || SteadyClock::now() >= deadline)
      return letters_error("no broker can be reached for dead letters", RD_KAFKA_RESP_ERR__TRANSPORT,
                           last_reason_);
  }
  client_ = std::move(client);
  return {};
}

Result<void> LetterWriter::find_topic() {
  const auto find = [this](milliseconds at_most) {
    TopicAnswer answer = ask_topic(*client_, topic_, at_most);
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR) known_ = std::move(answer.topic);
    return answer.error;
  };
  // One that is to be made need not be looked for long. A broker that is coming back is waited for.
  const auto may_change = [this](rd_kafka_resp_err_t error) {
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return !plan_;
    return error != RD_KAFKA_RESP_ERR_NO_ERROR && gravity(error) == Gravity::passing;
  };
  const auto deadline = SteadyClock::now() + topic_bound;
  auto error = find(one_question);
  while (may_change(error) && SteadyClock::now() < deadline) error = find(one_question);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    return letters_error("the topic of dead letters \"" + topic_ + '"', error);
  if (!plan_)
    return Error{Code::dead_letters_fatal,
                 "there is no topic \"" + topic_ +
                     "\" for dead letters: make it, or have it made with dead_letters.kafka.create: "
                     "{ partitions: 3, replication: 3 }"};
  if (auto made = make_topic(*client_, topic_, *plan_, false); !made) return made;
  // Its partitions have leaders a moment later. Records that are refused until then were seen to get lost on
  // the way, although acknowledged (librdkafka 2.0.2).
  auto now = find(topic_bound);
  for (std::int32_t partition = 0; partition < plan_->partitions && now == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++partition)
    now = ask_ends(*client_, topic_, partition, topic_bound).error;
  if (now == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return Error{Code::dead_letters_unavailable,
               explain("the new topic of dead letters \"" + topic_ + '"', now, {})};
}

Result<void> make_topic(rd_kafka_t& client, const std::string& topic, const TopicPlan& plan,
                        bool only_validate) {
  const std::string what = "making the topic of dead letters \"" + topic + '"';
  std::array<char, 512> reason{};
  const NewTopic wanted(
      rd_kafka_NewTopic_new(topic.c_str(), plan.partitions, plan.replication, reason.data(), reason.size()));
  if (!wanted) return letters_error(what, RD_KAFKA_RESP_ERR__INVALID_ARG, reason.data());
  for (const auto& [name, value] : plan.settings)
    if (const auto error = rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str());
        error != RD_KAFKA_RESP_ERR_NO_ERROR)
      return letters_error(what, error);

  const AdminOptions options(rd_kafka_AdminOptions_new(&client, RD_KAFKA_ADMIN_OP_CREATETOPICS));
  if (const auto error = rd_kafka_AdminOptions_set_validate_only(options.get(), only_validate ? 1 : 0,
                                                                 reason.data(), reason.size());
      error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return letters_error(what, error, reason.data());
  const Queue answers(rd_kafka_queue_new(&client));
  rd_kafka_NewTopic_t* list = wanted.get();
  rd_kafka_CreateTopics(&client, &list, 1, options.get(), answers.get());
  const Event answer(rd_kafka_queue_poll(answers.get(), static_cast<int>(delivery_bound.count())));
  if (!answer) return letters_error(what, RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return letters_error(what, error, rd_kafka_event_error_string(answer.get()));
  std::size_t count = 0;
  const auto* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &count);
  if (count == 0) return letters_error(what, RD_KAFKA_RESP_ERR_UNKNOWN);
  const auto error = rd_kafka_topic_result_error(results[0]);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return {};
  const char* why = rd_kafka_topic_result_error_string(results[0]);
  return letters_error(what, error, why != nullptr ? why : "");
}

Result<void> LetterWriter::write(std::span<const DeadLetter> letters) {
  if (letters.empty()) return {};
  if (!client_)
    if (auto connected = connect(); !connected) return connected;
  if (!known_)
    if (const auto found = find_topic(); !found)
      return Error{Code::dead_letters_unavailable, found.error().message};

  Delivery delivery;
  for (const DeadLetter& letter : letters) {
    const auto error = produce(letter, delivery);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    delivery.error = error;
    break;
  }
  wait_for(delivery);
  if (delivery.error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  Error error = failure(delivery);
  known_.reset();  // the next attempt looks whether the topic is still there
  // What broke the order of an idempotent producer for good is over with the next one.
  if (rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) client_.reset();
  return error;
}

rd_kafka_resp_err_t LetterWriter::produce(const DeadLetter& letter, Delivery& delivery) {
  const auto since_1970 = std::chrono::duration_cast<milliseconds>(letter.timestamp.time_since_epoch());
  const auto deadline = SteadyClock::now() + delivery_bound;
  for (;;) {
    Headers headers = letter_headers(letter);
    std::array<rd_kafka_vu_t, 7> fields{};
    fields[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    fields[0].u.cstr = topic_.c_str();
    fields[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    fields[1].u.i = RD_KAFKA_MSG_F_COPY;
    fields[2] = field(RD_KAFKA_VTYPE_VALUE, letter.value);
    fields[3] = field(RD_KAFKA_VTYPE_KEY, letter.key);
    fields[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    fields[4].u.i64 = since_1970.count();
    fields[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
    fields[5].u.ptr = &delivery;
    fields[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    fields[6].u.headers = headers.get();
    const ErrorObject refused(rd_kafka_produceva(client_.get(), fields.data(), fields.size()));
    if (!refused) {
      std::ignore = headers.release();  // the message's now
      ++delivery.missing;
      return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    const auto error = rd_kafka_error_code(refused.get());
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL || SteadyClock::now() >= deadline) return error;
    rd_kafka_poll(client_.get(), static_cast<int>(one_question.count()));
  }
}

// Until every report has come: none may come later, when nobody waits for it any more.
void LetterWriter::wait_for(Delivery& delivery) {
  const auto deadline = SteadyClock::now() + delivery_bound;
  while (delivery.missing > 0) {
    rd_kafka_flush(client_.get(), static_cast<int>(one_question.count()));
    if (delivery.missing > 0 && SteadyClock::now() >= deadline)
      rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  }
}

Error LetterWriter::failure(const Delivery& delivery) const {
  const std::string what = "writing to the topic of dead letters \"" + topic_ + '"';
  std::array<char, 512> fatal{};
  const auto fatal_code = rd_kafka_fatal_error(client_.get(), fatal.data(), fatal.size());
  const bool timed_out = delivery.error == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT ||
                         delivery.error == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
                         delivery.error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
  const std::string_view reason = fatal_code != RD_KAFKA_RESP_ERR_NO_ERROR ? std::string_view(fatal.data())
                                  : timed_out                              ? std::string_view(last_reason_)
                                                                           : std::string_view();
  // A letter that is too large always will be. All else somebody may mend while the pipeline waits: a topic
  // that was deleted, a right that was taken.
  const bool never = delivery.error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
  return {never ? Code::dead_letters_fatal : Code::dead_letters_unavailable,
          explain(what, delivery.error, reason)};
}

// A success without an offset is how librdkafka reports a sequence number that the broker has seen. The
// record may be there already; but one that was refused while the next was taken gets that answer too, and is
// not there (2.0.2). It is written again: a letter may be there twice, and is listed once.
void LetterWriter::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto& delivery = *static_cast<Delivery*>(message->_private);
  --delivery.missing;
  if (delivery.error != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const bool unproven = message->err == RD_KAFKA_RESP_ERR_NO_ERROR && message->offset < 0;
  delivery.error = unproven ? RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER : message->err;
}

void LetterWriter::on_error(rd_kafka_t*, int error, const char* reason, void* opaque) {
  auto& self = *static_cast<LetterWriter*>(opaque);
  const std::string_view text = reason != nullptr ? reason : "";
  const auto code = cause_of(static_cast<rd_kafka_resp_err_t>(error), text);
  if (!is_authentication(self.last_error_)) self.last_error_ = code;
  if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) self.last_reason_ = text;
}

}  // namespace sluice::engine::kafka
