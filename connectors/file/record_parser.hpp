// One record from one line of JSON, as `kcat -J` prints it:
//   {"topic":"t","partition":0,"offset":7,"tstype":"create","ts":1795248397932,
//    "headers":["name","value", …],"key":"…","payload":"…"}
//
// payload (or value) is the only field that must be there; null is a tombstone; anything but text is taken as
// the JSON it is, and the same holds for key and the values of headers. headers is a flat list or an object.
// ts (or timestamp) is in milliseconds since 1970, or text as in RFC 3339. Other fields are passed over.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "core/record.hpp"

namespace sluice::engine::file {

// One thread.
class RecordParser {
 public:
  RecordParser();
  ~RecordParser();
  RecordParser(const RecordParser&) = delete;
  RecordParser& operator=(const RecordParser&) = delete;

  // Fills the record's topic, key, value, headers and timestamp. Behind the line are Blocks::padding bytes
  // that may be read; `text` has room for as many bytes as the line and as much padding, and moves behind
  // what was put there. The record borrows from the line, from the text and from the arena. The error says
  // why it is none.
  [[nodiscard]] Result<void> parse(std::string_view line, char*& text, Arena& arena, Record& record);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::engine::file
