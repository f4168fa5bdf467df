// CloudEvents 1.0 on Kafka, told apart record by record: structured when the content-type begins with
// application/cloudevents (or there is no content-type and no ce_ header, but a specversion in the value),
// else binary, with the attributes in headers ce_id, ce_type, …. Data is JSON. A record without a value is a
// tombstone: passed over. There is no batch mode on Kafka.
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

namespace sluice::engine {

class CloudEvents final : public Decoder {
 public:
  static std::span<const OptionSpec> options();
  static std::unique_ptr<Decoder> make(const Options& options);

  explicit CloudEvents(const Options& options);
  Result<Decoded> decode(const Record& record, Event& event) override;
  Result<bson::View> payload() override { return payload_.document(); }

 private:
  // The attributes that make the event; `aggregate` ones as configured.
  enum Attribute : std::size_t {
    specversion,
    id,
    type,
    source,
    time,
    aggregate_type,
    aggregate_id,
    attributes
  };

  struct Parts {
    std::array<Field, attributes> attribute;
    Field content_type;
    Field data;
    Field data_base64;
  };

  [[nodiscard]] Result<void> read_binary(const Record& record, Parts& parts);
  [[nodiscard]] bool read_structured(Parts& parts);
  [[nodiscard]] bool unpack_base64(Parts& parts, Error& why);
  [[nodiscard]] Result<Decoded> judge(Parts& parts, const Record& record, Event& event);

  std::array<std::string, attributes> names_;
  std::array<std::string, attributes> headers_;  // "ce_" and the name
  JsonTokens tokens_;
  std::vector<ConvertedText> texts_;  // one for each attribute
  std::vector<std::uint8_t> base64_;
  Payload payload_;
};

}  // namespace sluice::engine
