// What a good programmer writes in an afternoon with the client libraries, as fast as they allow, and with
// nothing that the engine is for: no retries, no dead letters, no order, no plugins, one kind of event.
//
//   raw_loop BROKERS TOPIC EVENTS                  consume, decode the envelope, payload to BSON
//   raw_loop BROKERS TOPIC EVENTS MONGODB_URI      and write: unordered bulks of 1,000 with the engine's
//   guard
//
// Prints {"wall_s": …}: from the first record to the last.
#include <librdkafka/rdkafka.h>
#include <mongoc/mongoc.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "raw_decode.hpp"

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "raw_loop: %s\n", what.c_str());
  std::exit(1);
}

void set(rd_kafka_conf_t* settings, const char* name, const char* value) {
  char error[512];
  if (rd_kafka_conf_set(settings, name, value, error, sizeof error) != RD_KAFKA_CONF_OK) fail(error);
}

rd_kafka_t* consumer(const char* brokers, const char* topic) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", brokers);
  set(settings, "group.id", "raw-loop");
  set(settings, "auto.offset.reset", "earliest");
  set(settings, "enable.auto.commit", "false");
  char error[512];
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, settings, error, sizeof error);
  if (client == nullptr) fail(error);
  rd_kafka_poll_set_consumer(client);
  rd_kafka_topic_partition_list_t* partitions = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(partitions, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
  if (rd_kafka_assign(client, partitions) != RD_KAFKA_RESP_ERR_NO_ERROR) fail("cannot assign");
  rd_kafka_topic_partition_list_destroy(partitions);
  return client;
}

// Unordered bulks of inserts with their watermark: the cheapest form in which the engine writes a new
// document.
class Bulk {
 public:
  explicit Bulk(const char* uri) {
    mongoc_init();
    client_ = mongoc_client_new(uri);
    if (client_ == nullptr) fail("not a URI of MongoDB");
    collection_ = mongoc_client_get_collection(client_, "raw_loop", "users");
    bson_append_bool(&no_check_, "validate", -1, false);
    begin();
  }
  ~Bulk() {
    mongoc_bulk_operation_destroy(bulk_);
    mongoc_collection_destroy(collection_);
    mongoc_client_destroy(client_);
  }
  Bulk(const Bulk&) = delete;
  Bulk& operator=(const Bulk&) = delete;

  void add(bson_t& document, std::int64_t sequence) {
    bson_t marks;
    bson_append_document_begin(&document, "_sluice", 7, &marks);
    bson_append_int64(&marks, "k", 1, sequence);
    bson_append_document_end(&document, &marks);
    bson_error_t error;
    if (!mongoc_bulk_operation_insert_with_opts(bulk_, &document, &no_check_, &error)) fail(error.message);
    if (++count_ == 1000) flush();
  }
  void flush() {
    if (count_ == 0) return;
    bson_error_t error;
    if (mongoc_bulk_operation_execute(bulk_, nullptr, &error) == 0) fail(error.message);
    mongoc_bulk_operation_destroy(bulk_);
    begin();
  }

 private:
  void begin() {
    bson_t options;
    bson_init(&options);
    bson_append_bool(&options, "ordered", -1, false);
    bulk_ = mongoc_collection_create_bulk_operation_with_opts(collection_, &options);
    bson_destroy(&options);
    count_ = 0;
  }
  mongoc_client_t* client_ = nullptr;
  mongoc_collection_t* collection_ = nullptr;
  mongoc_bulk_operation_t* bulk_ = nullptr;
  bson_t no_check_ = BSON_INITIALIZER;
  int count_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) fail("usage: raw_loop BROKERS TOPIC EVENTS [MONGODB_URI]");
  const long events = std::strtol(argv[3], nullptr, 10);
  std::unique_ptr<Bulk> bulk;
  if (argc > 4) bulk = std::make_unique<Bulk>(argv[4]);
  rd_kafka_t* client = consumer(argv[1], argv[2]);
  RawDecode decode;
  bson_t document = BSON_INITIALIZER;
  std::chrono::steady_clock::time_point began;
  for (long seen = 0; seen < events;) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client, 1000);
    if (message == nullptr) continue;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) fail(rd_kafka_message_errstr(message));
    if (seen++ == 0) began = std::chrono::steady_clock::now();
    bson_reinit(&document);
    if (!decode({static_cast<const char*>(message->payload), message->len}, document))
      fail("a record that is no event");
    if (bulk) bulk->add(document, message->offset);
    rd_kafka_message_destroy(message);
  }
  if (bulk) bulk->flush();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("{\"wall_s\": %.4f}\n", took.count());
  bson_destroy(&document);
  rd_kafka_consumer_close(client);
  rd_kafka_destroy(client);
  bulk.reset();
  return 0;
}
