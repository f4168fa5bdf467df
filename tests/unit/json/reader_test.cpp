#include "json/reader.hpp"

#include <bson/bson.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace sluice::engine {
namespace {

std::string bytes_of(bson::View view) { return {reinterpret_cast<const char*>(view.data()), view.size()}; }

// What libbson makes of the same text.
std::string oracle(std::string_view json) {
  bson_error_t error;
  bson_t* bson = bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()),
                                    static_cast<ssize_t>(json.size()), &error);
  if (bson == nullptr) return std::string("libbson: ") + error.message;
  std::string bytes(reinterpret_cast<const char*>(bson_get_data(bson)), bson->len);
  bson_destroy(bson);
  return bytes;
}

std::string plain(std::string_view json, JsonLimits limits = {}) {
  JsonReader reader(limits);
  const auto document = reader.read_plain(json);
  return document ? bytes_of(*document) : "refused: " + document.error().message;
}

std::string extended(std::string_view json) {
  JsonReader reader;
  const auto document = reader.read_extended(json);
  return document ? bytes_of(*document) : "refused: " + document.error().message;
}

Error refusal(std::string_view json, JsonLimits limits = {}) {
  JsonReader reader(limits);
  const auto document = reader.read_plain(json);
  return document ? Error{Code::internal, "accepted"} : document.error();
}

testing::AssertionResult refused(std::string_view json, Code code, std::string_view word) {
  const Error error = refusal(json);
  if (error.code == code && error.message.find(word) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << to_text(error.code) << ": " << error.message;
}

TEST(JsonReader, agrees_with_libbson_on_plain_documents) {
  for (const char* json : {
           R"({})",
           R"({"a":1})",
           " \t\r\n{ \"a\" : [ ] , \"b\" : { } } \n",
           R"({"text":"","null":null,"yes":true,"no":false})",
           R"({"a":{"b":{"c":[1,[2,[3,{"d":[]}]]]}}})",
           R"({"escapes":"\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00"})",
           "{\"raw\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xe2\x80\xa8\"}",
           R"({"":1,"a.b":2,"key with \"quotes\"":3})",
           R"({"ints":[0,1,-1,2147483647,2147483648,-2147483648,-2147483649,9007199254740993]})",
           R"({"ends":[9223372036854775807,-9223372036854775808]})",
           R"({"doubles":[0.0,1.0,-1.5,1e10,1E+2,2.5e-3,7.230873,1.7976931348623157e308,5e-324]})",
           R"({"many":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30]})",
       })
    EXPECT_EQ(plain(json), oracle(json)) << json;
}

TEST(JsonReader, keeps_a_text_with_a_zero_character) {
  JsonReader reader;
  const auto document = reader.read_plain(R"({"a":"x\u0000y"})");
  ASSERT_TRUE(document);
  EXPECT_EQ(*document->find("a").as_text(), std::string_view("x\0y", 3));
}

bson::Value number(JsonReader& reader, std::string_view digits) {
  const auto document = reader.read_plain("{\"n\":" + std::string(digits) + "}");
  return document ? document->find("n") : bson::Value{};
}

std::string decimal(std::string_view digits) {
  JsonReader reader;
  const bson::Value value = number(reader, digits);
  if (value.type != bson::Type::decimal128) return "of type " + std::to_string(static_cast<int>(value.type));
  bson_decimal128_t bits{bson::load<std::uint64_t>(value.data), bson::load<std::uint64_t>(value.data + 8)};
  char text[BSON_DECIMAL128_STRING];
  bson_decimal128_to_string(&bits, text);
  return text;
}

TEST(JsonReader, keeps_whole_numbers_beyond_64_bits_exactly) {
  EXPECT_EQ(decimal("9223372036854775808"), "9223372036854775808");
  EXPECT_EQ(decimal("-9223372036854775809"), "-9223372036854775809");
  EXPECT_EQ(decimal("12345678901234567890"), "12345678901234567890");
  EXPECT_EQ(decimal("18446744073709551616"), "18446744073709551616");
  EXPECT_EQ(decimal("1234567890123456789012345678901234"), "1234567890123456789012345678901234");
  EXPECT_EQ(decimal("1" + std::string(300, '0')), "1.000000000000000000000000000000000E+300");
  EXPECT_EQ(decimal("12" + std::string(400, '0')), "1.200000000000000000000000000000000E+401");
}

TEST(JsonReader, takes_the_nearest_double_where_no_decimal_is_exact) {
  JsonReader reader;
  EXPECT_EQ(number(reader, "12345678901234567890123456789012345").as_double(),
            12345678901234567890123456789012345.0);
  EXPECT_EQ(number(reader, std::string(50, '7')).as_double(),
            77777777777777777777777777777777777777777777777777.0);
}

TEST(JsonReader, reads_numbers_that_are_nearly_zero_as_zero) {
  JsonReader reader;
  EXPECT_EQ(number(reader, "1e-400").as_double(), 0.0);
  EXPECT_EQ(number(reader, "0." + std::string(500, '0') + "1").as_double(), 0.0);
  EXPECT_EQ(number(reader, "0." + std::string(500, '0') + "1e20").as_double(), 0.0);
  EXPECT_EQ(number(reader, "0e99999999999999999999").as_double(), 0.0);
  EXPECT_TRUE(std::signbit(*number(reader, "-1e-400").as_double()));
}

TEST(JsonReader, reads_minus_zero_as_a_double) {
  JsonReader reader;
  EXPECT_EQ(number(reader, "-0").type, bson::Type::number_double);
  EXPECT_TRUE(std::signbit(*number(reader, "-0").as_double()));
  EXPECT_EQ(number(reader, "0").type, bson::Type::int32);
}

TEST(JsonReader, refuses_numbers_beyond_every_type) {
  EXPECT_TRUE(refused(R"({"far":1e400})", Code::decode_bad_number, "'far'"));
  EXPECT_TRUE(refused(R"({"far":-1e99999999999999999999})", Code::decode_bad_number, "'far'"));
  EXPECT_TRUE(refused("{\"far\":0." + std::string(50, '0') + "1e500}", Code::decode_bad_number, "'far'"));
  EXPECT_TRUE(
      refused("{\"a\":{\"far\":" + std::string(400, '7') + "}}", Code::decode_bad_number, "'far' in 'a'"));
  EXPECT_TRUE(refused("{\"far\":1" + std::string(7000, '0') + "}", Code::decode_bad_number, "'far'"));
}

TEST(JsonReader, refuses_what_is_not_json_and_says_where) {
  for (const char* json : {"{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":1]",
                           "{\"a\":[1}",
                           "{\"a\":[1,]}",
                           "{\"a\":[,1]}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":1.}",
                           "{\"a\":.5}",
                           "{\"a\":1e}",
                           "{\"a\":-}",
                           "{\"a\":0x1}",
                           "{\"a\":NaN}",
                           "{\"a\":Infinity}",
                           "{\"a\":tru}",
                           "{\"a\":truex}",
                           "{\"a\":nulll}",
                           "{\"a\":True}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":1}{}",
                           "{\"a\":1},",
                           "{\"a\":1} x",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":1 2}",
                           "{\"a\":\"b\"\"c\"}",
                           "{\"a\":\"b\"c}",
                           "{\"a\":1\"c\"}",
                           "{1:2}",
                           "{\"a\"::1}",
                           "{\"a\":1:2}",
                           "{\"a\" 1}",
                           "[1",
                           "x",
                           "{\"a\":[1 2]}",
                           "{\"a\":/*c*/1}",
                           "[]]",
                           "nul",
                           "{\"a\":1}\"\""})
    EXPECT_TRUE(refused(json, Code::decode_not_json, "at byte")) << json;
  EXPECT_TRUE(refused("", Code::decode_not_json, "empty"));
  EXPECT_TRUE(refused("  \n", Code::decode_not_json, "empty"));
  EXPECT_TRUE(refused("{\"a\":\"", Code::decode_not_json, "cut off"));
  EXPECT_TRUE(refused("{\"a\":1", Code::decode_not_json, "cut off"));
  EXPECT_TRUE(refused("{\"a\":\"line\nbreak\"}", Code::decode_not_json, "control character"));
  EXPECT_TRUE(refused(std::string_view("{\"a\":1}\0", 8), Code::decode_not_json, "at byte 7"));
  EXPECT_TRUE(refused(std::string_view("{\"a\":\0}", 7), Code::decode_not_json, "at byte 5"));
}

TEST(JsonReader, refuses_every_truncation) {
  const std::string json = R"({"a":[1,{"b":"c\"d"},true],"e":-1.5e3,"f":{"g":null}})";
  ASSERT_EQ(plain(json), oracle(json));
  for (std::size_t size = 0; size < json.size(); ++size)
    EXPECT_EQ(refusal(json.substr(0, size)).code, Code::decode_not_json) << json.substr(0, size);
}

TEST(JsonReader, refuses_what_is_not_utf8) {
  for (const char* text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"})
    EXPECT_TRUE(refused("{\"a\":\"" + std::string(text) + "\"}", Code::decode_not_utf8, "UTF-8"));
}

TEST(JsonReader, refuses_lone_surrogates) {
  for (const char* text : {"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\u0041", "\\udc00\\ud800", "ok \\udfff",
                           "\\ud83d\\ude00\\ude00"})
    for (const std::string& json :
         {"{\"a\":\"" + std::string(text) + "\"}", "{\"" + std::string(text) + "\":1}"})
      EXPECT_TRUE(refused(json, Code::decode_not_json, "surrogate")) << json;
}

TEST(JsonReader, keeps_hangul_which_begins_as_surrogates_do) {
  const std::string json = "{\"a\":\"\\ud55c \xed\x95\x9c \\ud7ff\"}";
  EXPECT_EQ(plain(json), oracle(json));
}

TEST(JsonReader, takes_only_objects) {
  EXPECT_TRUE(refused("[1,2]", Code::decode_bad_field, "an array"));
  EXPECT_TRUE(refused("\"x\"", Code::decode_bad_field, "a text"));
  EXPECT_TRUE(refused("null", Code::decode_bad_field, "null"));
  EXPECT_TRUE(refused(" 12 ", Code::decode_bad_field, "a number"));
  EXPECT_TRUE(refused("true", Code::decode_bad_field, "a boolean"));
}

TEST(JsonReader, refuses_a_name_that_occurs_twice) {
  EXPECT_TRUE(refused(R"({"a":1,"b":2,"a":3})", Code::decode_duplicate_key, "'a'"));
  EXPECT_TRUE(refused(R"({"a":1,"\u0061":3})", Code::decode_duplicate_key, "'a'"));
  EXPECT_TRUE(
      refused(R"({"a":{"x":[{"b":1,"b":2}]}})", Code::decode_duplicate_key, "'b' occurs twice in 'a.x.[]'"));
  EXPECT_TRUE(refused(R"({"":1,"":3})", Code::decode_duplicate_key, "''"));
  const std::string nested =
      R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"longer name 1":1,"longer name 2":1})";
  EXPECT_EQ(plain(nested), oracle(nested));
}

std::string object_of(int names, const std::string& last) {
  std::string json = "{";
  for (int i = 0; i < names; ++i) json += "\"a name that is long " + std::to_string(i) + "\":1,";
  return json + "\"" + last + "\":1}";
}

TEST(JsonReader, finds_twins_among_many_names) {
  EXPECT_EQ(plain(object_of(5000, "x")), oracle(object_of(5000, "x")));
  EXPECT_TRUE(refused(object_of(5000, "a name that is long 17"), Code::decode_duplicate_key, "long 17"));
}

TEST(JsonReader, keeps_its_limits) {
  EXPECT_EQ(refusal("{\"a\":\"0123456789\"}", {.bytes = 10}).code, Code::decode_too_large);
  EXPECT_EQ(refusal(object_of(10, "x"), {.keys = 10}).code, Code::decode_too_many_keys);
  EXPECT_EQ(refusal(object_of(9, "x"), {.keys = 10}).message, "accepted");
  EXPECT_EQ(refusal(R"({"a":{"b":[1]}})", {.depth = 2}).code, Code::decode_too_deep);
  EXPECT_EQ(refusal(R"({"a":{"b":[1]}})", {.depth = 3}).message, "accepted");
  const std::string deep = "{\"a\":" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  EXPECT_EQ(refusal(deep).code, Code::decode_too_deep);
  EXPECT_EQ(refusal("{\"a\":" + std::string(200'000, '[')).code, Code::decode_too_deep);
}

TEST(JsonReader, refuses_names_that_no_document_may_have) {
  EXPECT_TRUE(refused(R"({"a":{"_sluice":1}})", Code::decode_reserved_name, "'_sluice' in 'a'"));
  EXPECT_TRUE(refused(R"({"_slu\u0069ce":1})", Code::decode_reserved_name, "'_sluice'"));
  EXPECT_TRUE(refused(R"({"a\u0000b":1})", Code::decode_reserved_name, "U+0000"));
  const std::string odd = R"({"$set":1,"a.b":2,"_id":3,"_sluice2":4})";
  EXPECT_EQ(plain(odd), oracle(odd));
}

TEST(JsonReader, is_as_good_as_new_after_a_refusal) {
  JsonReader reader;
  EXPECT_FALSE(reader.read_plain(R"({"a":{"b":[1,{"c":1,"c":2}]}})"));
  EXPECT_FALSE(reader.read_plain("{\"a"));
  const auto document = reader.read_plain(R"({"c":2})");
  ASSERT_TRUE(document);
  EXPECT_EQ(bytes_of(*document), oracle(R"({"c":2})"));
}

TEST(JsonReader, agrees_with_libbson_on_extended_json) {
  for (
      const char* json : {
          R"({"d":{"$date":"2026-11-21T08:06:32.584Z"},"before":{"$date":{"$numberLong":"-1500"}}})",
          R"({"i":{"$numberInt":"7"},"l":{"$numberLong":"7"},"x":{"$numberDouble":"7"},"y":{"$numberDouble":"-0.5"}})",
          R"({"inf":[{"$numberDouble":"Infinity"},{"$numberDouble":"-Infinity"}]})",
          R"({"m":{"$numberDecimal":"12345678901234567890.5"},"n":{"$numberDecimal":"1E+300"}})",
          R"({"o":{"$oid":"507f1f77bcf86cd799439011"},"u":{"$uuid":"0c5c7fd0-a6a3-4450-a513-270e269e0d37"}})",
          R"({"b":{"$binary":{"base64":"AQIDBA==","subType":"00"}},"c":{"$binary":{"subType":"80","base64":""}}})",
          R"({"r":{"$regularExpression":{"pattern":"^a\\d","options":"i"}},"t":{"$timestamp":{"t":5,"i":7}}})",
          R"({"nested":[{"a":{"$oid":"507f1f77bcf86cd799439011"}}],"plain":{"a":{"b":1}}})",
      })
    EXPECT_EQ(extended(json), oracle(json)) << json;
}

TEST(JsonReader, leaves_dollar_names_alone_in_plain_json) {
  JsonReader reader;
  const auto document = reader.read_plain(R"({"d":{"$date":"2026-11-21T08:06:32.584Z"}})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("d").type, bson::Type::document);
}

TEST(JsonReader, names_the_field_of_a_malformed_extended_value) {
  for (const char* json :
       {R"({"a":{"$oid":"12"}})", R"({"a":{"$date":"today"}})", R"({"a":{"$numberInt":"x"}})",
        R"({"a":{"$binary":{"base64":"A","subType":"00"}}})", R"({"a":{"$minKey":1}})",
        R"({"a":{"$numberLong":"9223372036854775808"}})", R"({"a":{"$numberDecimal":"x"}})"})
    EXPECT_NE(extended(json).find("refused: 'a'"), std::string::npos) << extended(json);
}

}  // namespace
}  // namespace sluice::engine
