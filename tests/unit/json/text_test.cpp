#include "json/text.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

namespace sluice::engine {
namespace {

// The same, byte by byte.
JsonText found_slowly(const std::string& text) {
  JsonText found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < ' ') return found;
    if (byte == '"') {
      found.end = text.data() + at;
      return found;
    }
    if (byte >= 0x80) found.ascii = false;
    if (byte == '\\') {
      found.escapes = true;
      ++at;
      if (static_cast<unsigned char>(text[at]) < ' ') return found;
      if (static_cast<unsigned char>(text[at]) >= 0x80) found.ascii = false;
    }
  }
  return found;
}

void expect_the_same(const std::string& bytes) {
  const std::string text = bytes + std::string(json_text_slack, '\0');
  const JsonText expected = found_slowly(text);
  for (const JsonText& found : {find_json_text(text.data()), find_json_text_narrow(text.data())}) {
    ASSERT_EQ(found.end, expected.end) << bytes;
    if (expected.end == nullptr) return;
    EXPECT_EQ(found.escapes, expected.escapes) << bytes;
    EXPECT_EQ(found.ascii, expected.ascii) << bytes;
  }
}

TEST(JsonText, ends_at_the_first_quote_that_is_not_escaped) {
  for (const char* text : {"\"", "a\"b\"", R"(\"")", R"(\\")", R"(\\\"")", R"(\"\\\"\\"")", "é\"", "a\"é"})
    expect_the_same(text);
}

TEST(JsonText, has_no_end_where_a_control_character_or_the_end_of_everything_comes_first) {
  for (const char* text : {"", "a", "a\nb\"", "\\\n\"", "\\", R"(\")"}) expect_the_same(text);
}

TEST(JsonText, ends_where_a_look_at_each_byte_says_so_whatever_the_bytes) {
  std::mt19937 random(20261129);
  constexpr std::string_view usual = "abc \\\"\xc3\xa9";
  constexpr std::string_view escapes = "\\\\\\\\\\\"a";
  for (int i = 0; i < 200'000; ++i) {
    const std::string_view letters = i % 2 == 0 ? usual : escapes;
    std::string text(random() % 140, 'x');
    for (char& c : text)
      if (random() % 3 != 0) c = letters[random() % letters.size()];
    if (i % 5 != 0) std::erase_if(text, [](char c) { return c == '"'; });
    if (random() % 8 == 0 && !text.empty()) text[random() % text.size()] = '\x1f';
    expect_the_same(text + '"');
  }
}

}  // namespace
}  // namespace sluice::engine
