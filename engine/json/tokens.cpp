#include "json/tokens.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>

#include "base/word.hpp"
#include "json/number.hpp"
#include "json/unescape.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t padding = std::max(simdjson::SIMDJSON_PADDING, unescape_slack);
constexpr std::size_t most_bytes = std::size_t{256}
                                   << 20U;  // so that BSON made of it stays within its 32-bit lengths
constexpr int most_depth = 1000;            // the readers recurse

// What is kept from one text to the next; memory for a larger one is given back.
constexpr std::size_t kept_bytes = std::size_t{1} << 20U;

std::string shown(std::string_view token) {
  constexpr std::size_t most = 40;
  std::string text = "'";
  for (const char c : token.substr(0, most)) text += c >= ' ' && c <= '~' ? c : '?';
  return text + (token.size() > most ? "...'" : "'");
}

}  // namespace

// The parser, the padded copy and the room for unescaped texts.
class JsonTokens::Index {
 public:
  simdjson::error_code build(std::string_view text) {
    make_room(text.size());
    std::memcpy(copy_.get(), text.data(), text.size());
    std::memset(copy_.get() + text.size(), 0, padding);
    unescaped_ = 0;
    return parser_->stage1(copy_.get(), text.size(), simdjson::stage1_mode::regular);
  }
  [[nodiscard]] const char* text() const noexcept { return reinterpret_cast<const char*>(copy_.get()); }
  [[nodiscard]] const std::uint32_t* tokens() const noexcept { return parser_->structural_indexes.get(); }
  [[nodiscard]] std::uint32_t count() const noexcept { return parser_->n_structural_indexes; }
  [[nodiscard]] std::size_t unescaped() const noexcept { return unescaped_; }
  void forget_unescaped(std::size_t since) noexcept { unescaped_ = since; }

  // Unescaped texts are never longer than what they were, so all of them together have room.
  bool unescape(std::string_view escaped, std::string_view& text) {
    char* to = reinterpret_cast<char*>(room_.get()) + unescaped_;
    const char* end = unescape_json(escaped, to);
    if (end == nullptr) return false;
    text = {to, static_cast<std::size_t>(end - to)};
    unescaped_ += text.size();
    return true;
  }

 private:
  void make_room(std::size_t bytes) {
    if (parser_ && bytes <= capacity_ && (capacity_ <= kept_bytes || bytes > kept_bytes)) return;
    constexpr std::size_t smallest = std::size_t{4} << 10U;
    const std::size_t grown = std::max(bytes, smallest) * 5 / 4;
    parser_.reset();
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(grown, 1, parser_) !=
        simdjson::SUCCESS)
      throw std::bad_alloc();
    copy_ = std::make_unique_for_overwrite<std::uint8_t[]>(grown + padding);
    room_ = std::make_unique_for_overwrite<std::uint8_t[]>(grown + padding);
    capacity_ = grown;
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser_;
  std::unique_ptr<std::uint8_t[]> copy_;
  std::unique_ptr<std::uint8_t[]> room_;
  std::size_t capacity_ = 0;
  std::size_t unescaped_ = 0;
};

JsonTokens::JsonTokens(const JsonLimits& limits) : limits_(limits), memory_(std::make_unique<Index>()) {
  limits_.bytes = std::min(limits_.bytes, most_bytes);
  limits_.depth = std::min(limits_.depth, most_depth);
}
JsonTokens::~JsonTokens() = default;
JsonTokens::JsonTokens(JsonTokens&&) noexcept = default;
JsonTokens& JsonTokens::operator=(JsonTokens&&) noexcept = default;

Result<void> JsonTokens::open(std::string_view text, std::size_t behind) {
  static constexpr std::uint32_t nothing = 0;
  text_ = next_escape_ = "";
  index_ = &nothing;
  count_ = at_ = 0;
  left_out_ = behind;
  if (text.size() > limits_.bytes)
    return Error{Code::decode_too_large, std::to_string(text.size()) +
                                             " bytes of JSON, more than the limit of " +
                                             std::to_string(limits_.bytes)};
  switch (const auto error = memory_->build(text.substr(behind))) {
    case simdjson::SUCCESS:
      break;
    case simdjson::EMPTY:
      return Error{Code::decode_not_json, "not valid JSON: the text is empty"};
    case simdjson::UTF8_ERROR:
      return Error{Code::decode_not_utf8, "the JSON is not valid UTF-8"};
    case simdjson::UNCLOSED_STRING:
      return Error{Code::decode_not_json, "not valid JSON: a text is not closed; the record may be cut off"};
    case simdjson::UNESCAPED_CHARS:
      return Error{Code::decode_not_json, "not valid JSON: a control character inside a text is not escaped"};
    default:
      return Error{Code::decode_not_json, std::string("not valid JSON: ") + simdjson::error_message(error)};
  }
  text_ = next_escape_ = memory_->text();
  index_ = memory_->tokens();
  count_ = memory_->count();
  return {};
}

JsonTokens::Mark JsonTokens::mark() const noexcept { return {at_, memory_->unescaped()}; }

void JsonTokens::rewind(Mark mark) noexcept {
  at_ = mark.token;
  next_escape_ = text_;
  memory_->forget_unescaped(mark.unescaped);
}

bool JsonTokens::fail(Code code, std::string_view what) {
  code_ = code;
  reason_ = what;
  return false;
}

bool JsonTokens::expected(std::string_view what) {
  std::string reason = "not valid JSON at byte " + std::to_string(place()) + ": expected ";
  reason += what;
  reason +=
      ended() ? std::string(", but the text ends; the record may be cut off") : ", found " + shown(token());
  return fail(Code::decode_not_json, reason);
}

// Takes a text that holds an escape, or may.
bool JsonTokens::take_escaped(std::string_view& text) {
  if (next_escape_ < text.data()) {
    const char* const end = text_ + index_[count_];
    const void* found = std::memchr(text.data(), '\\', static_cast<std::size_t>(end - text.data()));
    next_escape_ = found != nullptr ? static_cast<const char*>(found) : end;
  }
  if (next_escape_ < text.data() + text.size() && !memory_->unescape(text, text))
    return expected("a text with valid escapes (no lone surrogates)");
  advance();
  return true;
}

bool JsonTokens::pass_name() {
  if (!take('"')) return expected("a name in quotes");
  return take(':') || expected("':' behind a name");
}

bool JsonTokens::take_separator(char closing, bool& more) {
  more = take(',');
  if (more || take(closing)) return true;
  return expected(closing == '}' ? "',' or '}'" : "',' or ']'");
}

bool JsonTokens::take_end() { return ended() || expected("the end of the text"); }

// The first stage has seen to it that a text which begins ends, too.
bool JsonTokens::pass_scalar() {
  switch (first()) {
    case '"':
      break;
    case 't':
      if (!is(token(), "true")) return expected("a value");
      break;
    case 'f':
      if (!is(token(), "false")) return expected("a value");
      break;
    case 'n':
      if (!is(token(), "null")) return expected("a value");
      break;
    default:
      if (!is_json_number(token())) return expected("a value");
  }
  advance();
  return true;
}

bool JsonTokens::at_last_member() const noexcept {
  int depth = 0;
  for (std::uint32_t at = at_; at < count_; ++at) {
    const char c = text_[index_[at]];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 0 && c == ',') return false;
    if (depth < 0) return true;
  }
  return true;
}

bool JsonTokens::take_value(std::string_view& raw) {
  if (first() == '{' || first() == '[') return take_nested(raw);
  raw = token();
  return pass_scalar();
}

// Walks without recursion: all it needs to know of the brackets that are open is of which kind each is.
bool JsonTokens::take_nested(std::string_view& raw) {
  const Mark start = mark();
  std::bitset<most_depth> in_object;
  int depth = 0;
  for (;;) {
    const char opened = first();
    if (opened == '{' || opened == '[') {
      if (depth == limits_.depth)
        return fail(Code::decode_too_deep, "the JSON is nested deeper than " + std::to_string(depth));
      in_object[static_cast<std::size_t>(depth++)] = opened == '{';
      advance();
      if (first() != (opened == '{' ? '}' : ']')) {
        if (opened == '{' && !pass_name()) return false;
        continue;
      }
    } else if (!pass_scalar()) {
      return false;
    }
    // Behind a value, or at the closing bracket of an empty one.
    bool more = false;
    while (depth > 0 && !more) {
      const bool object = in_object[static_cast<std::size_t>(depth - 1)];
      if (!take_separator(object ? '}' : ']', more)) return false;
      if (!more) --depth;
      if (more && object && !pass_name()) return false;
    }
    if (depth > 0) continue;
    raw = text_since(start);
    return true;
  }
}

}  // namespace sluice::engine
