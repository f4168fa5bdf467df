// A record of the outbox as a document, written by hand: all that the loop does to a record.
#pragma once

#include <bson/bson.h>
#include <simdjson.h>

#include <string>
#include <string_view>

class RawDecode {
 public:
  // Appends the id and every field of the envelope's payload. False for what is no outbox event.
  [[nodiscard]] bool operator()(std::string_view value, bson_t& document);

 private:
  simdjson::ondemand::parser envelope_parser_;
  simdjson::ondemand::parser payload_parser_;
  std::string envelope_text_;
  std::string payload_text_;
};
