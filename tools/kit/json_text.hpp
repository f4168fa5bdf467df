// Appends JSON text as PostgreSQL prints jsonb: `": "` and `", "`.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::kit {

inline void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (!control && c != '"' && c != '\\') continue;
    out.append(text, copied, at - copied);
    copied = at + 1;
    if (control) {
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4U];
      out += digits[static_cast<unsigned char>(c) & 15U];
    } else {
      out += '\\';
      out += c;
    }
  }
  out.append(text, copied);
}

inline void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

inline void append_number(std::string& out, std::int64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
  if (error == std::errc{}) out.append(std::begin(digits), end);
}

// A JSON object under construction; done when it goes out of scope.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  JsonObject(JsonObject& parent, std::string_view key) : out_(parent.begin(key)) { out_ += '{'; }
  ~JsonObject() { out_ += '}'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  void text(std::string_view key, std::string_view value) { append_quoted(begin(key), value); }
  void number(std::string_view key, std::int64_t value) { append_number(begin(key), value); }
  void boolean(std::string_view key, bool value) { begin(key) += value ? "true" : "false"; }
  void raw(std::string_view key, std::string_view json) { begin(key) += json; }

 private:
  std::string& begin(std::string_view key) {
    if (!first_) out_ += ", ";
    first_ = false;
    append_quoted(out_, key);
    return out_ += ": ";
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace sluice::kit
