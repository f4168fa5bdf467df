#include "mongodb/client.hpp"

#include <vector>

#include "mongodb/admission.hpp"
#include "mongodb/library.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::mongodb {

struct Deployment {
  PoolHandle pool;
  std::string database;
  std::vector<std::uint8_t> write_concern;
  bool repeats_writes = true;
  mutable Admission admission;
};

namespace {

constexpr int error_api = 2;  // server codes in a domain of their own

bson_t borrowed(bson::View view) noexcept {
  bson_t document;
  // Never fails: the view is a document that was written with its length.
  if (!bson_init_static(&document, view.data(), view.size())) bson_init(&document);
  return document;
}

bool labelled_retryable(bson::View reply) noexcept {
  const auto labels = reply.find("errorLabels").as_document();
  if (!labels) return false;
  for (const bson::Element& label : *labels) {
    const auto text = label.value.as_text();
    if (text == "RetryableWriteError" || text == "TransientTransactionError") return true;
  }
  return false;
}

}  // namespace

Client::Client(std::shared_ptr<const Deployment> deployment)
    : deployment_(std::move(deployment)), client_(mongoc_client_pool_pop(deployment_->pool.get())) {}

Client::~Client() { mongoc_client_pool_push(deployment_->pool.get(), client_); }

const std::string& Client::database() const noexcept { return deployment_->database; }

Failure Client::to_failure(const bson_error_t& error, bson::View reply) const {
  Failure failure{error.domain, static_cast<std::int32_t>(error.code), error.message,
                  labelled_retryable(reply)};
  if (is_refusal(failure) && deployment_->admission.may_pass(std::chrono::steady_clock::now()))
    failure.retryable = true;
  return failure;
}

std::optional<Failure> Client::drain(mongoc_cursor_t* cursor, const Each& each) const {
  const bson_t* document = nullptr;
  while (mongoc_cursor_next(cursor, &document)) each(bson::View(bson_get_data(document)));
  bson_error_t error;
  const bson_t* reply = nullptr;
  if (mongoc_cursor_error_document(cursor, &error, &reply))
    return to_failure(error, reply == nullptr ? bson::View() : bson::View(bson_get_data(reply)));
  deployment_->admission.granted();
  return std::nullopt;
}

void Client::write(bson::View command, Reply& reply) const {
  reply.repeated_ = false;
  send(command, reply);
  if (!reply.failure_ || !deployment_->repeats_writes) return;
  if (!reply.failure_->retryable && fault_of(*reply.failure_) != Fault::closed) return;
  reply.repeated_ = true;
  send(command, reply);
}

void Client::send(bson::View command, Reply& reply) const {
  const bson_t sent = borrowed(command);
  bson_error_t error;
  bson_destroy(&reply.document_);
  const bool fine = mongoc_client_write_command_with_opts(client_, database().c_str(), &sent, nullptr,
                                                          &reply.document_, &error);
  reply.failure_.reset();
  // A reply with ok: 1 that holds write errors or a write concern error counts as a failure for the library,
  // not here.
  if (fine || reply.view().find("ok").as_double() == 1) return deployment_->admission.granted();
  reply.failure_ = to_failure(error, reply.view());
}

void Client::run(const std::string& database, bson::View command, Reply& reply) const {
  const bson_t sent = borrowed(command);
  bson_error_t error;
  bson_destroy(&reply.document_);
  const bool fine =
      mongoc_client_command_simple(client_, database.c_str(), &sent, nullptr, &reply.document_, &error);
  reply.failure_.reset();
  if (fine) return deployment_->admission.granted();
  reply.failure_ = to_failure(error, reply.view());
}

std::optional<Failure> Client::find(std::string_view collection, bson::View filter, bson::View options,
                                    const Each& each) const {
  const std::string name(collection);
  const CollectionHandle from(mongoc_client_get_collection(client_, database().c_str(), name.c_str()));
  bson::Writer writer;
  writer.elements(options).begin_document("readConcern").text("level", "majority").end();
  const bson_t sent_filter = borrowed(filter);
  const bson_t sent_options = borrowed(writer.finish());
  const CursorHandle cursor(
      mongoc_collection_find_with_opts(from.get(), &sent_filter, &sent_options, nullptr));
  return drain(cursor.get(), each);
}

std::optional<Failure> Client::list_collections(const Each& each) const {
  const DatabaseHandle from(mongoc_client_get_database(client_, database().c_str()));
  const CursorHandle cursor(mongoc_database_find_collections_with_opts(from.get(), nullptr));
  return drain(cursor.get(), each);
}

std::optional<Failure> Client::list_indexes(std::string_view collection, const Each& each) const {
  const std::string name(collection);
  const CollectionHandle from(mongoc_client_get_collection(client_, database().c_str(), name.c_str()));
  const CursorHandle cursor(mongoc_collection_find_indexes_with_opts(from.get(), nullptr));
  return drain(cursor.get(), each);
}

Result<ClientPool> ClientPool::open(const StoreSettings& settings) {
  start_library();
  auto uri = make_uri(settings);
  if (!uri) return uri.error();
  auto deployment = std::make_shared<Deployment>();
  deployment->repeats_writes = mongoc_uri_get_option_as_bool(uri->get(), MONGOC_URI_RETRYWRITES, true);
  deployment->database = settings.database;

  bson_t concern = BSON_INITIALIZER;
  mongoc_write_concern_t* wanted = mongoc_write_concern_copy(mongoc_uri_get_write_concern(uri->get()));
  const bool appended = mongoc_write_concern_append(wanted, &concern);
  if (appended) {
    const auto inner = bson::View(bson_get_data(&concern)).find("writeConcern");
    deployment->write_concern.assign(inner.data, inner.data + inner.size);
  }
  mongoc_write_concern_destroy(wanted);
  bson_destroy(&concern);
  if (!appended)
    return Error{Code::store_fatal, "the write concern of " + shown_uri(settings.uri) + " is invalid"};

  bson_error_t error;
  deployment->pool.reset(mongoc_client_pool_new_with_error(uri->get(), &error));
  if (!deployment->pool)
    return Error{Code::store_unavailable,
                 "MongoDB, looking up " + shown_uri(settings.uri) + ": " + error.message};
  if (!mongoc_client_pool_set_error_api(deployment->pool.get(), error_api))
    return Error{Code::internal, "libmongoc refuses its error API 2"};
  return ClientPool(std::move(deployment));
}

std::unique_ptr<Client> ClientPool::client() const { return std::make_unique<Client>(deployment_); }

bson::View ClientPool::write_concern() const noexcept {
  return bson::View(deployment_->write_concern.data());
}

bool ClientPool::repeats_writes() const noexcept { return deployment_->repeats_writes; }

}  // namespace sluice::engine::mongodb
