// Decoding in tests: a decoder with options as YAML would set them, and its answer in one piece.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/event.hpp"
#include "decode/decoders.hpp"

namespace sluice::engine {

// Throws ConfigurationError as the decoder does.
std::unique_ptr<Decoder> decoder(std::string_view name,
                                 const std::map<std::string, std::string>& options = {});

// What a decoder said of a record, copied, so that it outlives both.
struct Answer {
  bool is_event = false;
  bool passed_over = false;
  Code code = Code::internal;  // of a refusal
  std::string reason;

  std::string id;
  std::string type;
  std::string aggregate_type;
  std::string aggregate_id;
  std::string created;  // as text, or empty
  std::string captured;
  std::optional<Origin> origin;  // also of a refusal
  std::string payload_json;
  std::string payload;  // its BSON
  Code payload_code = Code::internal;
  std::string payload_reason;  // why it has none

  bool operator==(const Answer&) const = default;
};

[[nodiscard]] Answer decode(Decoder& decoder, const Record& record);

// Of a value alone, or with topic, key and headers.
struct Sent {
  std::string_view value;
  std::string_view topic = "topic";
  std::string_view key = "key";
  std::vector<std::pair<std::string, std::string>> headers = {};
};
[[nodiscard]] Answer decode(Decoder& decoder, const Sent& sent);

// The BSON of a JSON text as libbson makes it.
[[nodiscard]] std::string libbson(std::string_view json);

// Relaxed Extended JSON of BSON bytes.
[[nodiscard]] std::string shown(const std::string& bson);

}  // namespace sluice::engine
