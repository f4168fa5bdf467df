#include "json/tokens.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sluice::engine {
namespace {

std::string value_of(std::string_view json, JsonLimits limits = {}) {
  JsonTokens tokens(limits);
  if (auto opened = tokens.open(json); !opened) return opened.error().message;
  std::string_view raw;
  if (!tokens.take_value(raw) || !tokens.take_end()) return tokens.failure().message;
  return std::string(raw);
}

TEST(JsonTokens, give_a_value_as_it_is_written) {
  for (const char* json : {"{}", "[]", "{ \"a\" : [ 1 , { } , [ ] ] }", "\"x\\n\"", "12345678901234567890",
                           "null", "{\"a\":{\"b\":{}},\"c\":[[],[{}]]}"}) {
    EXPECT_EQ(value_of(json), json);
    EXPECT_EQ(value_of(" \n" + std::string(json) + "\t "), json);
  }
}

TEST(JsonTokens, refuse_mismatched_brackets_in_what_is_passed_over) {
  for (const char* json : {"[}",         "{]",        "[{]}",  "{\"a\":[}]", "[1,2", "[1 2]", "{\"a\" 1}",
                           "{\"a\":1,}", "[,]",       "{1:1}", "[nul]",      "[-]",  "[[]",   "[]]",
                           "{\"a\":1}}", "{\"a\":{}", ":",     ",",          "]",    "}"})
    EXPECT_NE(value_of(json).find("not valid JSON at byte"), std::string::npos) << json << value_of(json);
}

TEST(JsonTokens, pass_over_deep_nesting_within_the_limit_only) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(value_of(nested(100)), nested(100));
  EXPECT_EQ(value_of(nested(101)), "the JSON is nested deeper than 100");
  EXPECT_EQ(value_of(nested(200'000), {.depth = 100'000}), "the JSON is nested deeper than 1000");
}

TEST(JsonTokens, go_back_to_a_mark) {
  JsonTokens tokens{JsonLimits{}};
  ASSERT_TRUE(tokens.open(R"(["a\tb",2])"));
  ASSERT_TRUE(tokens.take('['));
  const auto mark = tokens.mark();
  std::string_view first;
  ASSERT_TRUE(tokens.take_text(first));
  tokens.rewind(mark);
  std::string_view again;
  ASSERT_TRUE(tokens.take_text(again));
  EXPECT_EQ(first, "a\tb");
  EXPECT_EQ(again, "a\tb");
}

TEST(JsonTokens, find_escapes_in_whichever_texts_they_are) {
  const std::vector<std::pair<std::string, std::string>> texts{
      {"plain", "plain"}, {R"(\n)", "\n"},     {"", ""},   {R"(\\)", "\\"},
      {"x", "x"},         {R"(a\"b)", "a\"b"}, {"y", "y"}, {"end", "end"}};
  // The bits are those that are taken; the others are passed over.
  for (unsigned chosen = 0; chosen < 1U << texts.size(); ++chosen) {
    std::string json = "[";
    for (const auto& [written, meant] : texts) json += (json.size() > 1 ? " , \"" : "\"") + written + "\" ";
    JsonTokens tokens{JsonLimits{}};
    ASSERT_TRUE(tokens.open(json + "]"));
    tokens.advance();
    const auto begin = tokens.mark();
    for (int round = 0; round < 2; ++round, tokens.rewind(begin)) {
      for (std::size_t i = 0; i < texts.size(); ++i) {
        ASSERT_TRUE(i == 0 || tokens.take(','));
        std::string_view text;
        if ((chosen & 1U << i) == 0) {
          ASSERT_TRUE(tokens.take_value(text));
          continue;
        }
        ASSERT_TRUE(tokens.take_text(text));
        EXPECT_EQ(text, texts[i].second);
        EXPECT_EQ(tokens.as_written(text), texts[i].first == texts[i].second);
      }
    }
  }
}

TEST(JsonTokens, give_back_the_memory_of_a_large_text) {
  JsonTokens tokens{JsonLimits{}};
  ASSERT_TRUE(tokens.open("\"" + std::string(std::size_t{8} << 20U, 'x') + "\""));
  ASSERT_TRUE(tokens.open("[1]"));
  EXPECT_EQ(tokens.first(), '[');
}

}  // namespace
}  // namespace sluice::engine
