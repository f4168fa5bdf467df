// Records of any JSON: the value, or one field of it, is the payload, and options say where the rest stands.
// A schema wrapper of Kafka Connect around the value is taken off. A record without a value is passed over.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/options.hpp"
#include "decode/converted_text.hpp"
#include "decode/payload.hpp"
#include "decode/schema_wrapper.hpp"

namespace sluice::engine {

class Plain final : public Decoder {
 public:
  static std::span<const OptionSpec> options();
  static std::unique_ptr<Decoder> make(const Options& options);

  explicit Plain(const Options& options);
  Result<Decoded> decode(const Record& record, Event& event) override;
  Result<bson::View> payload() override { return payload_.document(); }

 private:
  enum Attribute : std::size_t {
    type,
    id,
    aggregate_type,
    aggregate_id,
    created_at,
    payload_text,
    attributes
  };

  // "field:NAME", "header:NAME", "key", "topic", "value" or "=TEXT".
  struct Place {
    enum class Kind : std::uint8_t { nowhere, field, header, key, topic, value, fixed };
    Kind kind = Kind::nowhere;
    std::string name;
    std::string title;  // for messages

    static Place parse(std::string_view option, std::string_view text);
  };

  using Fields = std::array<Field, attributes>;

  [[nodiscard]] bool read_value(Fields& fields);
  [[nodiscard]] bool read_members(Fields& fields);
  void read_places(const Record& record, Fields& fields);

  std::array<Place, attributes> places_;
  bool in_fields_ = false;
  JsonTokens tokens_;
  SchemaWrapper wrapper_;
  std::vector<ConvertedText> texts_;  // one for each attribute
  Payload payload_;
};

}  // namespace sluice::engine
