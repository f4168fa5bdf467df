#include "kafka_support/client.hpp"

#include <array>
#include <random>
#include <stdexcept>
#include <thread>

#include "kafka/metadata.hpp"
#include "kafka/topic_settings.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine::kafka_support {
namespace {

constexpr int bound = 30'000;  // ms

void check(rd_kafka_resp_err_t error, const std::string& doing) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(doing + ": " + rd_kafka_err2str(error));
}

void check(rd_kafka_error_t* error, const std::string& doing) {
  const kafka::ErrorObject owned(error);
  if (owned) throw std::runtime_error(doing + ": " + rd_kafka_error_string(owned.get()));
}

// Of the record whose produce() this is: the first failure, which flush() alone would not tell.
void note_failure(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  auto& failure = *static_cast<rd_kafka_resp_err_t*>(message->_private);
  if (failure == RD_KAFKA_RESP_ERR_NO_ERROR) failure = message->err;
}

kafka::Client make(rd_kafka_type_t type, const std::map<std::string, std::string>& settings) {
  kafka::Conf conf(rd_kafka_conf_new());
  std::array<char, 512> reason{};
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size()) !=
        RD_KAFKA_CONF_OK)
      throw std::runtime_error(reason.data());
  rd_kafka_conf_set(conf.get(), "allow.auto.create.topics", "false", reason.data(), reason.size());
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf.get(), note_failure);
  kafka::Client client(rd_kafka_new(type, conf.get(), reason.data(), reason.size()), kafka::ClientDeleter{});
  if (!client) throw std::runtime_error(reason.data());
  conf.release();
  return client;
}

kafka::Client make_producer(const std::string& brokers) {
  return make(RD_KAFKA_PRODUCER, {{"bootstrap.servers", brokers},
                                  {"message.max.bytes", "100000000"},
                                  {"linger.ms", "0"},
                                  {"enable.idempotence", "true"},  // a retry changes no order,
                                  {"max.in.flight", "1"},          // and loses nothing (docs/decisions.md)
                                  {"log_level", "2"}});
}

// The first result's error, or the answer's own.
rd_kafka_resp_err_t result_of(rd_kafka_event_t* answer) {
  if (answer == nullptr) return RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (const auto error = rd_kafka_event_error(answer); error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = nullptr;
  if (const auto* created = rd_kafka_event_CreateTopics_result(answer))
    results = rd_kafka_CreateTopics_result_topics(created, &count);
  else if (const auto* deleted = rd_kafka_event_DeleteTopics_result(answer))
    results = rd_kafka_DeleteTopics_result_topics(deleted, &count);
  return count == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_topic_result_error(results[0]);
}

}  // namespace

KafkaClient::KafkaClient(std::string brokers)
    : brokers_(std::move(brokers)), producer_(make_producer(brokers_)) {}

void KafkaClient::create_topic(const std::string& name, int partitions,
                               const std::map<std::string, std::string>& settings) {
  const kafka::NewTopic topic(rd_kafka_NewTopic_new(name.c_str(), partitions, 1, nullptr, 0));
  for (const auto& [setting, value] : settings)
    check(rd_kafka_NewTopic_set_config(topic.get(), setting.c_str(), value.c_str()), setting);
  const kafka::Queue answers(rd_kafka_queue_new(producer_.get()));
  rd_kafka_NewTopic_t* wanted = topic.get();
  rd_kafka_CreateTopics(producer_.get(), &wanted, 1, nullptr, answers.get());
  const kafka::Event answer(rd_kafka_queue_poll(answers.get(), bound));
  check(result_of(answer.get()), "making the topic " + name);
  // The broker names a leader before that leads: what is appended meanwhile is refused, tried again, and was
  // seen to come in another order, or not at all.
  check(kafka::ask_topic(*producer_, name, milliseconds(bound)).error, "waiting for " + name);
  for (int partition = 0; partition < partitions; ++partition)
    wait_until([&] {
      return kafka::ask_ends(*producer_, name, partition, milliseconds(bound)).error ==
             RD_KAFKA_RESP_ERR_NO_ERROR;
    });
}

void KafkaClient::delete_topic(const std::string& name) {
  rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(name.c_str());
  const kafka::Queue answers(rd_kafka_queue_new(producer_.get()));
  rd_kafka_DeleteTopics(producer_.get(), &topic, 1, nullptr, answers.get());
  rd_kafka_DeleteTopic_destroy(topic);
  const kafka::Event answer(rd_kafka_queue_poll(answers.get(), bound));
  check(result_of(answer.get()), "deleting the topic " + name);
}

void KafkaClient::recreate_topic(const std::string& name, int partitions) {
  delete_topic(name);
  for (int attempt = 0;; ++attempt) {
    try {
      create_topic(name, partitions);
      break;
    } catch (const std::runtime_error&) {
      if (attempt == 100) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  // The old producer remembers partitions of the old topic.
  producer_ = make_producer(brokers_);
}

int KafkaClient::partitions(const std::string& topic) {
  const kafka::TopicAnswer answer = kafka::ask_topic(*producer_, topic, kafka::one_question);
  if (answer.error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return 0;
  check(answer.error, "looking for " + topic);
  return answer.partitions;
}

std::string KafkaClient::setting(const std::string& topic, const std::string& name) {
  const auto answer = kafka::ask_settings(*producer_, topic, milliseconds(bound));
  check(answer.error, "asking for the settings of " + topic);
  return answer.settings.text(name);
}

void KafkaClient::delete_records(const std::string& topic, int partition, std::int64_t before) {
  const kafka::PartitionList list = kafka::partition_list(1);
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = before;
  rd_kafka_DeleteRecords_t* wanted = rd_kafka_DeleteRecords_new(list.get());
  const kafka::Queue answers(rd_kafka_queue_new(producer_.get()));
  rd_kafka_DeleteRecords(producer_.get(), &wanted, 1, nullptr, answers.get());
  rd_kafka_DeleteRecords_destroy(wanted);
  const kafka::Event answer(rd_kafka_queue_poll(answers.get(), bound));
  check(result_of(answer.get()), "deleting records of " + topic);
}

void KafkaClient::produce(rd_kafka_t& producer, const std::string& topic, int partition,
                          const std::vector<Sent>& records) {
  const kafka::TopicAnswer known = kafka::ask_topic(producer, topic, milliseconds(bound));
  check(known.error, "looking for " + topic);
  rd_kafka_resp_err_t failure = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (const Sent& record : records) {
    kafka::Headers headers(rd_kafka_headers_new(record.headers.size()));
    for (const auto& [name, value] : record.headers)
      check(rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()),
                                value ? value->data() : nullptr,
                                value ? static_cast<ssize_t>(value->size()) : 0),
            name);
    std::array<rd_kafka_vu_t, 8> fields{};
    fields[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    fields[0].u.cstr = topic.c_str();
    fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    fields[1].u.i32 = partition;
    fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    fields[2].u.i = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK;
    fields[3].vtype = RD_KAFKA_VTYPE_VALUE;
    if (record.value) fields[3].u.mem = {const_cast<char*>(record.value->data()), record.value->size()};
    fields[4].vtype = RD_KAFKA_VTYPE_KEY;
    if (record.key) fields[4].u.mem = {const_cast<char*>(record.key->data()), record.key->size()};
    fields[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    fields[5].u.i64 = record.timestamp;
    fields[6].vtype = RD_KAFKA_VTYPE_OPAQUE;
    fields[6].u.ptr = &failure;
    fields[7].vtype = RD_KAFKA_VTYPE_HEADERS;
    fields[7].u.headers = record.headers.empty() ? nullptr : headers.get();
    check(rd_kafka_produceva(&producer, fields.data(), record.headers.empty() ? 7 : 8),
          "appending to " + topic);
    if (!record.headers.empty()) headers.release();
  }
  const auto flushed = rd_kafka_flush(&producer, bound);
  if (flushed != RD_KAFKA_RESP_ERR_NO_ERROR) {  // no report may come once `failure` is gone
    rd_kafka_purge(&producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(&producer, bound);
  }
  check(flushed, "appending to " + topic);
  check(failure, "appending to " + topic);
}

void KafkaClient::append(const std::string& topic, int partition, const std::vector<Sent>& records) {
  produce(*producer_, topic, partition, records);
}

void KafkaClient::append_in_transaction(const std::string& topic, int partition,
                                        const std::vector<Sent>& records, bool commit) {
  const kafka::Client producer =
      make(RD_KAFKA_PRODUCER,
           {{"bootstrap.servers", brokers_}, {"transactional.id", unique("t")}, {"log_level", "2"}});
  check(rd_kafka_init_transactions(producer.get(), bound), "transactions");
  check(rd_kafka_begin_transaction(producer.get()), "beginning a transaction");
  produce(*producer, topic, partition, records);
  check(commit ? rd_kafka_commit_transaction(producer.get(), bound)
               : rd_kafka_abort_transaction(producer.get(), bound),
        "ending a transaction");
}

kafka::Client KafkaClient::consumer(const std::string& group) {
  kafka::Client client = make(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers_},
                                                  {"group.id", group},
                                                  {"enable.auto.commit", "false"},
                                                  {"enable.partition.eof", "true"},
                                                  {"auto.offset.reset", "earliest"},
                                                  {"log_level", "2"}});
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

std::vector<Read> KafkaClient::read_all(const std::string& topic) {
  const kafka::Client client = consumer(unique("reader"));
  const kafka::TopicAnswer answer = kafka::ask_topic(*client, topic, milliseconds(bound));
  check(answer.error, "looking for " + topic);
  int left = answer.partitions;
  const kafka::PartitionList list = kafka::partition_list(left);
  for (int partition = 0; partition < left; ++partition)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  check(rd_kafka_assign(client.get(), list.get()), "reading " + topic);

  std::vector<Read> all;
  while (left > 0) {
    const kafka::Message message(rd_kafka_consumer_poll(client.get(), bound));
    if (!message) throw std::runtime_error("nothing more came of " + topic);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) --left;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    Read& read = all.emplace_back();
    read.partition = message->partition;
    read.offset = message->offset;
    const auto text = [](const void* from, std::size_t size) {
      return from == nullptr ? std::nullopt
                             : std::optional(std::string(static_cast<const char*>(from), size));
    };
    read.record.key = text(message->key, message->key_len);
    read.record.value = text(message->payload, message->len);
    read.record.timestamp = rd_kafka_message_timestamp(message.get(), nullptr);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(message.get(), &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
      read.record.headers.emplace_back(name, text(value, size));
  }
  return all;
}

std::int64_t KafkaClient::end(const std::string& topic, int partition) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  check(rd_kafka_query_watermark_offsets(producer_.get(), topic.c_str(), partition, &low, &high, bound),
        "asking for the end of " + topic);
  return high;
}

std::optional<std::int64_t> KafkaClient::committed(const std::string& group, const std::string& topic,
                                                   int partition) {
  const kafka::Client client = consumer(group);
  const kafka::PartitionList list = kafka::partition_list(1);
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  check(rd_kafka_committed(client.get(), list.get(), bound), "asking for the positions of " + group);
  if (list->elems[0].offset < 0) return std::nullopt;
  return list->elems[0].offset;
}

void KafkaClient::commit(const std::string& group, const std::string& topic, int partition,
                         std::int64_t offset) {
  const kafka::Client client = consumer(group);
  const kafka::PartitionList list = kafka::partition_list(1);
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  check(rd_kafka_commit(client.get(), list.get(), 0), "committing for " + group);
}

std::string KafkaClient::unique(const std::string& name) {
  std::random_device random;
  return name + "-" + std::to_string(random()) + std::to_string(random());
}

}  // namespace sluice::engine::kafka_support
