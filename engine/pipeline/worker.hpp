// A worker's craft, without its thread: decodes the records of a chunk and calls the handlers of their
// routes. Pure: what comes out depends on the chunk alone, so that workers need no order among themselves.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/handler.hpp"
#include "core/journal.hpp"
#include "pipeline/handled_chunk.hpp"
#include "pipeline/key_watch.hpp"
#include "pipeline/router.hpp"

namespace sluice::engine {

// What the workers of a pipeline share; immutable while they run.
struct WorkerPlan {
  const Router* router = nullptr;
  Share share;
  // From a logical name to the store's, or why the store has none for it. Null: names are used unchanged.
  std::function<Result<std::string>(std::string_view)> store_collection;
  std::vector<std::string> handler_names;
  KeyWatch* keys = nullptr;  // null: keys are not looked at
};

// One thread at a time.
class Worker {
 public:
  Worker(const WorkerPlan& plan, std::unique_ptr<Decoder> decoder,
         std::vector<std::unique_ptr<Handler>> handlers);

  [[nodiscard]] std::unique_ptr<HandledChunk> handle(std::uint64_t number, Chunk chunk);

 private:
  void handle_record(const Record& record, HandledChunk& out);
  void call_handlers(const RouteTarget& route, const Event& event, HandledEvent& handled, Arena& arena);
  [[nodiscard]] Result<void> add_changes(std::uint16_t handler, std::span<const Change> changes);
  void add_deliveries(const RouteTarget& route, const Event& event, Arena& arena);
  void refuse(HandledEvent& handled, const Error& error, Arena& arena) const;
  [[nodiscard]] bool mine(std::uint64_t hash) const noexcept {
    return hash % plan_.share.of == plan_.share.index;
  }
  [[nodiscard]] const Result<std::string>& store_name(std::string_view collection);

  const WorkerPlan& plan_;
  std::unique_ptr<Decoder> decoder_;
  std::vector<std::unique_ptr<Handler>> handlers_;
  std::vector<Work> work_;  // of the event at hand
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, Result<std::string>, Hash, std::equal_to<>> store_names_;
};

}  // namespace sluice::engine
