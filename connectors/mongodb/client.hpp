// Clients of a pool, and the few commands that this connector sends with them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mongodb/errors.hpp"
#include "mongodb/handles.hpp"
#include "mongodb/uri.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine::mongodb {

// What came back for a command: the reply as the server sent it, or a failure of the whole command. A reply
// without a failure may still hold errors of single statements and of the write concern (mongodb/reply.hpp).
class Reply {
 public:
  Reply() noexcept { bson_init(&document_); }
  ~Reply() { bson_destroy(&document_); }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  [[nodiscard]] bson::View view() const noexcept { return bson::View(bson_get_data(&document_)); }
  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }
  // The command was sent a second time: it may have found its own work.
  [[nodiscard]] bool repeated() const noexcept { return repeated_; }

 private:
  friend class Client;
  bson_t document_;
  std::optional<Failure> failure_;
  bool repeated_ = false;
};

struct Deployment;

// A client of the pool, until it is destroyed. One thread at a time; never outlives its pool.
class Client {
 public:
  explicit Client(std::shared_ptr<const Deployment> deployment);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // A write command, complete with its write concern, to the primary. Sent once more when its answer is lost
  // or the server says so, unless the URI says retryWrites=false: libmongoc repeats only what is written
  // through its own operations. So the command must be one that may be carried out twice.
  void write(bson::View command, Reply& reply) const;
  [[nodiscard]] const std::string& database() const noexcept;

  // Any other command, to the primary.
  void run(bson::View command, Reply& reply) const { run(database(), command, reply); }
  void run(const std::string& database, bson::View command, Reply& reply) const;

  // Calls `each` for every document that the filter finds, as a majority of the members has it, read from the
  // primary. The view is valid during the call.
  using Each = std::function<void(bson::View)>;
  [[nodiscard]] std::optional<Failure> find(std::string_view collection, bson::View filter,
                                            bson::View options, const Each& each) const;
  [[nodiscard]] std::optional<Failure> list_collections(const Each& each) const;
  // None of a collection that is not there.
  [[nodiscard]] std::optional<Failure> list_indexes(std::string_view collection, const Each& each) const;

 private:
  void send(bson::View command, Reply& reply) const;
  [[nodiscard]] Failure to_failure(const bson_error_t& error, bson::View reply) const;
  [[nodiscard]] std::optional<Failure> drain(mongoc_cursor_t* cursor, const Each& each) const;

  std::shared_ptr<const Deployment> deployment_;
  mongoc_client_t* client_;
};

// Thread-safe. Keeps libmongoc initialised while the process lives.
class ClientPool {
 public:
  // store_fatal when the URI's host cannot be looked up for good, store_unavailable when it may be later.
  [[nodiscard]] static Result<ClientPool> open(const StoreSettings& settings);

  [[nodiscard]] std::unique_ptr<Client> client() const;
  // The write concern as a document to put into a write command: {w: "majority", j: true, wtimeout: …}.
  [[nodiscard]] bson::View write_concern() const noexcept;
  // Whether write() sends a command once more when its answer is lost.
  [[nodiscard]] bool repeats_writes() const noexcept;

 private:
  explicit ClientPool(std::shared_ptr<const Deployment> deployment) noexcept
      : deployment_(std::move(deployment)) {}
  std::shared_ptr<const Deployment> deployment_;
};

}  // namespace sluice::engine::mongodb
