// What Debezium makes of a row of the outbox.
#pragma once

#include <cstdint>
#include <string>

#include "kit/target.hpp"
#include "kit/time.hpp"
#include "kit/world.hpp"

namespace sluice::kit {

// Both as Connect's converter writes them, with schemas or without. One object serves one thread.
class EnvelopeWriter {
 public:
  explicit EnvelopeWriter(bool schemas);

  // The envelope of an inserted row; `row` counts the rows and stands in for PostgreSQL's positions.
  void append_value(const OutboxEvent& event, Micros created_at, std::int64_t row, std::string& out) const;
  // The key, as `message.key.columns` on the aggregate's id makes it.
  void append_key(const OutboxEvent& event, std::string& out) const;

 private:
  std::string before_value_;  // {"schema":{…},"payload":
  std::string before_key_;
};

// Makes envelopes and throws them away: what generating costs by itself.
class DiscardedEnvelopes final : public EventTarget {
 public:
  explicit DiscardedEnvelopes(bool schemas) : envelopes_(schemas) {}

  void add(const OutboxEvent& event, Micros created_at) override {
    value_.clear();
    envelopes_.append_value(event, created_at, ++row_, value_);
    envelopes_.append_key(event, value_);
  }
  void commit() override {}

 private:
  EnvelopeWriter envelopes_;
  std::string value_;
  std::int64_t row_ = 0;
};

}  // namespace sluice::kit
