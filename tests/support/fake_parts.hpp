// What stands behind the routes of a pipeline in tests: a decoder of one-line texts, a handler that does what
// they say, and a sink that remembers.
//
// A record's value is "Type argument": "Count a", say. No value is a tombstone; "?" is no event, "!" stops
// the pipeline.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/handler.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {

class LineDecoder final : public Decoder {
 public:
  Result<Decoded> decode(const Record& record, Event& event) override;
  Result<bson::View> payload() override;

 private:
  std::string id_;
};

// Of the collection "things", by the event's type:
//   Count   adds one to `count` and the position to `positions`; the document is made if absent
//   Follow  the same, but waits until the document exists
//   Put     replaces the document
//   Reject  is refused with handler.rejected
//   Two     counts in two documents: argument and argument + "'"
// Any other type changes nothing.
class LineHandler final : public Handler {
 public:
  explicit LineHandler(std::shared_ptr<std::atomic<int>> calls = nullptr) : calls_(std::move(calls)) {}
  Result<void> handle(const Event& event, PayloadSource& payload, ChangeList& changes) override;

 private:
  [[nodiscard]] Result<void> count(const Event& event, std::string_view document, bool wait,
                                   ChangeList& changes);

  std::shared_ptr<std::atomic<int>> calls_;
  bson::Writer writer_;
};

// Deliveries of all instances of a sink, in the order of their success.
class Deliveries {
 public:
  // Asked for each event before it counts as delivered; none: all succeed.
  using Plan = std::function<Outcome(const Event& event)>;
  void answer(Plan plan);
  // "key/position", in the order in which they came.
  [[nodiscard]] std::vector<std::string> all() const;

 private:
  friend class RecordingSink;
  mutable std::mutex mutex_;
  Plan plan_;
  std::vector<std::string> all_;
};

class RecordingSink final : public Sink {
 public:
  explicit RecordingSink(std::shared_ptr<Deliveries> deliveries) : deliveries_(std::move(deliveries)) {}
  Result<void> deliver(std::span<const Event* const> events, std::span<WriteResult> results) override;

 private:
  std::shared_ptr<Deliveries> deliveries_;
};

}  // namespace sluice::engine
