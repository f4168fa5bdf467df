// One writer's way into MongoDB: statements are sent, and what their answers leave open is settled by reading
// the marks back, until each write has its outcome.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/store.hpp"
#include "mongodb/client.hpp"
#include "mongodb/sender.hpp"

namespace sluice::engine::mongodb {

// Which collections keep tombstones, and the server's limits: known once the store is prepared.
class Tombstones {
 public:
  void set(std::span<const CollectionSpec> collections);
  [[nodiscard]] bool kept_in(std::string_view collection) const noexcept;

 private:
  std::vector<std::string> names_;  // sorted
};

class MongoSession final : public StoreSession {
 public:
  // The tombstones are the store's and outlive the session.
  MongoSession(ClientPool pool, const Tombstones& tombstones, Limits limits);

  Result<void> write(std::span<const Write> writes, std::span<WriteResult> results) override;

 private:
  void write_collection(std::string_view collection, std::span<Task*> tasks);
  // Each takes out of `tasks` what has got its outcome, and leaves what is to be done. False: no server
  // answers.
  [[nodiscard]] bool compute_swaps(std::string_view collection, std::vector<Task*>& tasks);
  [[nodiscard]] bool settle(std::string_view collection, std::vector<Task*>& tasks);
  [[nodiscard]] bool compute(std::string_view collection, Task& task, bool& finished);
  void give_up(std::span<Task* const> tasks, const Failure& failure);
  [[nodiscard]] Result<void> verdict(std::span<WriteResult> results) const;

  ClientPool pool_;
  std::unique_ptr<Client> client_;
  const Tombstones& tombstones_;
  Sender sender_;
  std::optional<Failure> lost_;  // the store as a whole
  bson::Writer filter_;
  bson::Writer made_;
  std::vector<Task> tasks_;
};

}  // namespace sluice::engine::mongodb
