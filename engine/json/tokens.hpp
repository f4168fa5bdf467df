// The tokens of one JSON text, and a strict walk over them: what reads JSON on the hot path is built on this.
//
// simdjson's first stage finds the tokens and checks UTF-8, quotes and control characters, with the widest
// instructions the machine has. The second stage is ours: simdjson's DOM refuses integers beyond 64 bits,
// which occur in real payloads, and its On-Demand accepts mismatched brackets in what it passes over.
//
// One instance for each thread. Texts that it gives out are valid until the next open().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "json/limits.hpp"

namespace sluice::engine {

class JsonTokens {
 public:
  explicit JsonTokens(const JsonLimits& limits);
  ~JsonTokens();
  JsonTokens(JsonTokens&&) noexcept;
  JsonTokens& operator=(JsonTokens&&) noexcept;

  // Copies the text once, into memory padded as the parser needs it, and stands at its first token.
  // The first `behind` bytes are left out: whoever calls knows them, and that a token begins behind them.
  // too_large (of the whole text), not_utf8, not_json.
  [[nodiscard]] Result<void> open(std::string_view text, std::size_t behind = 0);

  // The first character of the token at hand: one of {}[]:," for structure and text, '\0' after the last
  // token.
  [[nodiscard]] char first() const noexcept { return text_[index_[at_]]; }
  [[nodiscard]] char second() const noexcept { return ended() ? '\0' : text_[index_[at_ + 1]]; }
  [[nodiscard]] bool ended() const noexcept { return at_ == count_; }
  // To the next token. Precondition: !ended().
  void advance() noexcept { ++at_; }
  [[nodiscard]] bool take(char expected) noexcept {
    if (first() != expected || ended()) return false;
    ++at_;
    return true;
  }

  // Where the walk stands, to come back to: rewind() ends the life of texts taken since.
  struct Mark {
    std::uint32_t token;
    std::size_t unescaped;
  };
  [[nodiscard]] Mark mark() const noexcept;
  void rewind(Mark mark) noexcept;
  // At which byte of the text the token at hand begins; the text's size behind the last one.
  [[nodiscard]] std::size_t place() const noexcept { return left_out_ + index_[at_]; }

  // What was walked over since, as written; at least one token.
  [[nodiscard]] std::string_view text_since(Mark mark) const noexcept {
    const std::uint32_t start = index_[mark.token];
    std::size_t end = index_[at_];
    while (end > start && is_space(text_[end - 1])) --end;
    return {text_ + start, end - start};
  }

  // The token as written, quotes and escapes included.
  [[nodiscard]] std::string_view token() const noexcept {
    const std::uint32_t start = index_[at_];
    std::size_t end = index_[at_ + (ended() ? 0U : 1U)];
    while (end > start && is_space(text_[end - 1])) --end;
    return {text_ + start, end - start};
  }

  // The following say false when the text is not what they expect; failure() then tells why.

  // Takes a text and unescapes it. At least eight bytes after it may be read.
  [[nodiscard]] bool take_text(std::string_view& text) {
    if (first() != '"' || ended()) return expected("a text in quotes");
    const char* const begin = text_ + index_[at_] + 1;
    const char* end = text_ + index_[at_ + 1] - 1;
    while (*end != '"') --end;  // past spaces: the first stage has seen to it that the text is closed
    text = {begin, static_cast<std::size_t>(end - begin)};
    // Texts are taken in their order, so what lies between two escapes is looked through once.
    if (next_escape_ < end) return take_escaped(text);
    ++at_;
    return true;
  }
  // Whether a text that was taken stands in the JSON just so, without an escape.
  [[nodiscard]] bool as_written(std::string_view text) const noexcept {
    return !std::less<>()(text.data(), text_) && std::less<>()(text.data(), text_ + index_[count_]);
  }
  // Takes a name and its colon.
  [[nodiscard]] bool take_name(std::string_view& name) {
    if (first() != '"') return expected("a name in quotes");
    return take_text(name) && (take(':') || expected("':' behind a name"));
  }
  // Passes over a name, which may be any text, and its colon.
  [[nodiscard]] bool pass_name();
  // After a member or element: takes ',' (more) or `closing` (the end).
  [[nodiscard]] bool take_separator(char closing, bool& more);
  // Takes one value of any kind and gives its text as written.
  [[nodiscard]] bool take_value(std::string_view& raw);
  // That nothing follows.
  [[nodiscard]] bool take_end();

  // Whether the value at hand is the last of its object, judged by brackets alone.
  [[nodiscard]] bool at_last_member() const noexcept;

  // Notes why the text is refused, at the token at hand; always false.
  bool fail(Code code, std::string_view what);
  bool expected(std::string_view what);
  [[nodiscard]] Error failure() const { return {code_, reason_}; }

  [[nodiscard]] const JsonLimits& limits() const noexcept { return limits_; }

 private:
  class Index;

  [[nodiscard]] static bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
  [[nodiscard]] bool take_escaped(std::string_view& text);
  [[nodiscard]] bool pass_scalar();
  [[nodiscard]] bool take_nested(std::string_view& raw);

  JsonLimits limits_;
  std::unique_ptr<Index> memory_;
  const char* text_ = "";  // without what was left out
  std::size_t left_out_ = 0;
  const std::uint32_t* index_ = nullptr;
  std::uint32_t count_ = 0;
  std::uint32_t at_ = 0;
  const char* next_escape_ = "";  // the first that is not before the last text; the end if there is none
  Code code_ = Code::decode_not_json;
  std::string reason_;
};

}  // namespace sluice::engine
