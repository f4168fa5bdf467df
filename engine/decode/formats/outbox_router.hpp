// What Debezium's outbox event router makes: the payload alone as the value, or, when fields were placed in
// the "envelope", {"payload": …, "eventType": …}; with or without the schema wrapper, told apart record by
// record.
//
// The router emits no type of its own: table.fields.additional.placement=event_type:header:eventType (or
// :envelope:) does. It is looked for among the headers first; without such a header the value must be an
// envelope. The aggregate's id is the key; its type is what follows topic_prefix in the topic. A record
// without a value, or with the value null, is passed over.
//
// The router drops the envelope, and with it the place of the row in the database's log, by which a row that
// is sent again is known. Connect's HeaderFrom$Value can keep it: a header with the envelope's block
// `source`, as configs/debezium/outbox-router.json has it.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "core/event.hpp"
#include "core/options.hpp"
#include "decode/converted_text.hpp"
#include "decode/payload.hpp"
#include "decode/schema_wrapper.hpp"

namespace sluice::engine {

class OutboxRouter final : public Decoder {
 public:
  static std::span<const OptionSpec> options();
  static std::unique_ptr<Decoder> make(const Options& options);

  explicit OutboxRouter(const Options& options);
  Result<Decoded> decode(const Record& record, Event& event) override;
  Result<bson::View> payload() override { return payload_.document(); }

 private:
  // What stands in headers or in the envelope.
  struct Attributes;

  [[nodiscard]] bool read_value(bool envelope, Attributes& attributes);
  [[nodiscard]] bool read_envelope(Attributes& attributes);
  [[nodiscard]] static Field from_header(const Record& record, std::string_view name, ConvertedText& text);
  [[nodiscard]] std::optional<Origin> read_origin(const Record& record, std::string_view id);
  [[nodiscard]] Result<Decoded> judge(const Attributes& attributes, const Record& record, Event& event);

  std::string id_name_;
  std::string type_name_;
  std::string created_name_;
  std::string payload_name_;
  std::string topic_prefix_;
  std::string source_name_;
  bool knows_repeated_;
  JsonTokens tokens_;
  SchemaWrapper wrapper_;
  ConvertedText id_text_;
  ConvertedText type_text_;
  ConvertedText created_text_;
  ConvertedText key_text_;
  JsonTokens source_tokens_;
  SchemaWrapper source_wrapper_;
  Payload payload_;
};

}  // namespace sluice::engine
