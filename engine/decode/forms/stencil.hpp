// A text of which only some values differ from the next one's, as in the records of one table: the rest,
// names and brackets and values that are always the same, is compared byte by byte instead of being read as
// JSON.
//
// What it reads is what a strict reading of the text would find, or it reads nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "decode/field.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

// One thread at a time.
class Stencil {
 public:
  // A single value of the text (a JSON text, number, boolean or null), and where it is wanted.
  struct Value {
    std::size_t begin = 0;
    std::size_t end = 0;
    Field* field = nullptr;   // null: nobody asks for it
    bool as_written = false;  // a text is wanted with its quotes and escapes
    bool varies = false;
  };

  // The text has been read and found sound, these are its values in their order.
  Stencil(std::string_view text, std::vector<Value> values);

  // Whether the other's text is this one but for its values.
  [[nodiscard]] bool matches(const Stencil& other) const noexcept;
  // From now on the values vary that do so in the other, or differ from the other's. Precondition: matches().
  void vary_as(const Stencil& other);

  [[nodiscard]] std::span<const Value> values() const noexcept { return values_; }

  // Puts the values that vary into their fields, where they live until the next call. False: the text is not
  // of this form, or not sound; some fields may have been set.
  [[nodiscard]] bool read(std::string_view text);

 private:
  // A value that varies and what stands between it and the next, or the end.
  struct Hole {
    Field* field;
    bool as_written;
    std::string_view behind;
  };

  void cut();
  [[nodiscard]] std::string_view piece(std::size_t begin, std::size_t end) const noexcept {
    return {text_.data() + begin, end - begin};
  }
  [[nodiscard]] std::string_view between(std::size_t value) const noexcept;
  [[nodiscard]] std::string_view value(std::size_t value) const noexcept;
  void make_room(std::size_t bytes);
  [[nodiscard]] const char* take(const char* at, const Hole& hole);
  [[nodiscard]] const char* take_text(const char* at, const Hole& hole);

  std::vector<char> text_;  // with slack behind it; views into it stay when a stencil is moved
  std::size_t size_;
  std::vector<Value> values_;
  std::string_view before_;  // in front of the first hole
  std::vector<Hole> holes_;

  // The text at hand from its first hole on, with zeros behind it; and room for texts without their escapes,
  // which all together are no longer than that.
  std::unique_ptr<char[]> copy_;
  std::unique_ptr<char[]> room_;
  std::size_t capacity_ = 0;
  char* unescaped_ = nullptr;  // the end of what is in the room
};

// The values from the token at hand to the last, none of which varies or is wanted.
[[nodiscard]] std::vector<Stencil::Value> list_values(JsonTokens& tokens);

}  // namespace sluice::engine
