#include "json/unescape.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace sluice::engine {
namespace {

std::string unescaped(std::string text) {
  const std::size_t size = text.size();
  text.resize(size + unescape_slack, '\\');  // what stands behind the text must not matter
  std::string out(size + unescape_slack, '?');
  char* end = unescape_json({text.data(), size}, out.data());
  if (end == nullptr) return "refused";
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

TEST(JsonUnescape, knows_every_escape) {
  EXPECT_EQ(unescaped(""), "");
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(unescaped(R"(\u0041\u00E9\u20aC\ud83d\uDE00\uffff)"),
            "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbf");
  EXPECT_EQ(unescaped(R"(\\u0041\\\u0041)"), R"(\u0041\A)");
}

TEST(JsonUnescape, refuses_wrong_escapes_and_lone_surrogates) {
  for (const char* text : {R"(\x)", R"(\u)", R"(\u12)", R"(\u12g4)", R"(\U0041)", R"(\ )", R"(\ud800)",
                           R"(\udc00)", R"(\ud800\u0041)", R"(\ud800x)", R"(\ud800\udbff)", R"(\ud83d\ude0)"})
    EXPECT_EQ(unescaped(text), "refused") << text;
}

// Escapes of all lengths at all places of the blocks it works in, against nlohmann-json.
TEST(JsonUnescape, agrees_with_another_reader_wherever_the_escapes_stand) {
  const char* pieces[] = {"a",     "bc",        "\xc3\xa9",        R"(\")",     R"(\\)",
                          R"(\n)", R"(\u0041)", R"(\ud83d\ude00)", "0123456789"};
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 70, 'x');
    for (std::size_t i = random() % 40; i > 0; --i) text += pieces[random() % std::size(pieces)];
    ASSERT_EQ(unescaped(text), nlohmann::json::parse("\"" + text + "\"").get<std::string>()) << text;
  }
}

}  // namespace
}  // namespace sluice::engine
