// A row that a source reads from an outbox table itself, as the sqlite source does: the payload is the value,
// the other columns are the headers id, eventType, aggregateType, aggregateId and createdAt. Nothing is
// unescaped, and the payload is parsed only when somebody asks for it.
//
// A payload that is NULL is an event whose payload is null.
#pragma once

#include <memory>
#include <span>

#include "core/event.hpp"
#include "core/options.hpp"
#include "decode/payload.hpp"

namespace sluice::engine {

class RowHeaders final : public Decoder {
 public:
  static std::span<const OptionSpec> options();
  static std::unique_ptr<Decoder> make(const Options& options);

  explicit RowHeaders(const Options& options);
  Result<Decoded> decode(const Record& record, Event& event) override;
  Result<bson::View> payload() override { return payload_.document(); }

 private:
  Payload payload_;
};

}  // namespace sluice::engine
