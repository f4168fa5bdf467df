// Documents written as Extended JSON in tests, and shown as such when they differ.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/bson.hpp"

namespace sluice::engine {

// A document that owns its bytes.
class Document {
 public:
  // Canonical or relaxed Extended JSON; throws if it is not. Single quotes may stand for double ones.
  explicit Document(std::string_view json);
  explicit Document(bson::View view);

  [[nodiscard]] bson::View view() const noexcept { return bson::View(bytes_.data()); }
  // The value at a dotted path; valid as long as the document.
  [[nodiscard]] bson::Value at(std::string_view path) const noexcept { return view().at(path); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Relaxed Extended JSON, its fields sorted by name at every level, so that two documents whose fields differ
// in order alone give the same text.
[[nodiscard]] std::string sorted_json(bson::View document);
// Relaxed Extended JSON, its fields as they come.
[[nodiscard]] std::string json(bson::View document);

}  // namespace sluice::engine
