// What a wrapper remembers must not show: whatever it has seen, a text is read as by one that has seen
// nothing.
#include "decode/schema_wrapper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// How the text is read: with or without a wrapper, its value, or why not.
std::string read(SchemaWrapper& wrapper, std::string_view text) {
  JsonTokens tokens(JsonLimits{.bytes = 300});
  if (const auto opened = wrapper.open(text, tokens); !opened) return opened.error().message;
  const std::string place = std::to_string(tokens.place());
  std::string_view value;
  if (!tokens.take_value(value) || !wrapper.leave(tokens)) return tokens.failure().message;
  return (wrapper.entered() ? "wrapped at " : "bare at ") + place + ": " + std::string(value);
}

std::string read_first(std::string_view text) {
  SchemaWrapper wrapper;
  return read(wrapper, text);
}

const std::vector<std::string> texts{
    R"({"schema":{"type":"string"},"payload":1})",
    R"({"schema":{"type":"string"},"payload":12})",
    R"({"schema":{"type":"string"},"payload": {"a":[1,{}]} })",
    R"({"schema":{"type":"string"},"payload":null})",
    R"({"schema":{"type":"string"},"payload":"\ud83d\ude00"})",
    R"( {"schema":{"type":"string"} , "payload" :	[] } )",
    R"({"schema":{"type":"int32"},"payload":1})",
    R"({"schema":null,"payload":1})",
    R"({"schema":{"type":"string"},"payload":1,"more":2})",
    R"({"schema":{"type":"string"},"payload":{"a":1},"more":2})",
    R"({"schema":{"type":"string"},"payload":1}})",
    R"({"schema":{"type":"string"},"payload":1} 2)",
    R"({"schema":{"type":"string"},"payload":)",
    R"({"schema":{"type":"string"},"payload":})",
    R"({"schema":{"type":"string"},"payload":{"a":1}]",
    R"({"schema":{"type":"string"},"payload":"open)",
    R"({"schema":{"type":"string"},"payload":"\ud83d"})",
    R"({"schema":{"type":"string"},"payload":tru})",
    "{\"schema\":{\"type\":\"string\"},\"payload\":\"\xff\"}",
    R"({"schema":{"type":"string"},"payload":")" + std::string(300, 'x') + "\"}",
    R"({"schema":{"type":"string"})",
    R"({"payload":1,"schema":{}})",
    R"("a text")",
    "",
};

TEST(SchemaWrapper, reads_every_text_as_if_it_were_the_first) {
  for (const std::string& seen : texts)
    for (const std::string& text : texts) {
      SchemaWrapper wrapper;
      (void)read(wrapper, seen);
      EXPECT_EQ(read(wrapper, text), read_first(text)) << seen;
      EXPECT_EQ(read(wrapper, seen), read_first(seen)) << text;
    }
}

TEST(SchemaWrapper, is_taken_off_whether_its_schema_is_known_or_not) {
  SchemaWrapper wrapper;
  EXPECT_EQ(read(wrapper, texts[0]), "wrapped at 38: 1");
  EXPECT_EQ(read(wrapper, texts[1]), "wrapped at 38: 12");
  EXPECT_EQ(read(wrapper, texts[7]), "wrapped at 25: 1");
  EXPECT_EQ(read(wrapper, texts[1]), "wrapped at 38: 12");
  EXPECT_THAT(read(wrapper, texts[8]), StartsWith("bare at 0: {"));
}

TEST(SchemaWrapper, tells_the_place_of_a_mistake_in_the_whole_text) {
  SchemaWrapper wrapper;
  (void)read(wrapper, texts[0]);
  EXPECT_THAT(read(wrapper, R"({"schema":{"type":"string"},"payload":tru})"), HasSubstr("at byte 38"));
}

}  // namespace
}  // namespace sluice::engine
