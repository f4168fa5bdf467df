// A JSON object that was read strictly, and what makes the documents of others like it: its stencil finds the
// values that vary, and they are put in their places in its BSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "decode/forms/stencil.hpp"
#include "json/limits.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine {

class DocumentForm {
 public:
  // Of a text that JsonReader::read_plain() has made the document of. Null when it cannot be learned from.
  [[nodiscard]] static std::unique_ptr<DocumentForm> make(std::string_view json, bson::View document,
                                                          const JsonLimits& limits);

  // The document of the text that the stencil has just read, as JsonReader::read_plain() makes it; valid
  // until the next call. Nothing when a value must be refused.
  [[nodiscard]] std::optional<bson::View> document();

  Stencil stencil{{}, {}};

 private:
  // Where a value is in the BSON.
  struct Place {
    std::uint32_t type;
    std::uint32_t begin;
    std::uint32_t end;
  };
  // A document or array in the BSON, and the first value that is in it or behind it, and the first behind it.
  struct Nested {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t first_value;
    std::uint32_t end_value;
  };

  void find_places(bson::View document);
  // Writes the value at `to`, and its type; returns its end, or null.
  [[nodiscard]] static std::uint8_t* write(const Field& field, std::uint8_t* type, std::uint8_t* to);
  void make_room(std::size_t bytes);

  std::vector<std::uint8_t> bson_;
  std::vector<Place> places_;   // of each value of the stencil
  std::vector<Nested> nested_;  // with the outermost
  std::vector<Field> fields_;   // for each value

  std::unique_ptr<std::uint8_t[]> out_;
  std::size_t capacity_ = 0;
  std::vector<std::int64_t>
      shifts_;  // by how much more bytes than in the BSON a value stands in what is made
};

}  // namespace sluice::engine
