#include "json/writer.hpp"

#include <bson/bson.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>

#include "json/reader.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

std::string text_of(bson::View document) {
  std::string out;
  write_extended(document, out);
  return out;
}

TEST(JsonWriter, writes_relaxed_extended_json) {
  bson::Writer writer;
  writer.text("text", "a\"b\\c\n\x01\xc3\xa9").int32("i", -7).int64("l", 9007199254740993).boolean("b", true);
  writer.null("n").date_ms("d", 1795248392584).begin_array("a").int32({}, 1).begin_document().end().end();
  writer.begin_document("empty").end().begin_array("none").end();
  EXPECT_EQ(
      text_of(writer.finish()),
      "{\"text\":\"a\\\"b\\\\c\\n\\u0001\xc3\xa9\",\"i\":-7,\"l\":9007199254740993,\"b\":true,\"n\":null,"
      "\"d\":{\"$date\":\"2026-11-21T08:06:32.584Z\"},\"a\":[1,{}],\"empty\":{},\"none\":[]}");
}

TEST(JsonWriter, writes_the_empty_document) { EXPECT_EQ(text_of(bson::View()), "{}"); }

TEST(JsonWriter, keeps_doubles_apart_from_whole_numbers) {
  bson::Writer writer;
  writer.number("a", 1.0).number("b", -0.0).number("c", 1e300).number("d", 0.1);
  writer.number("e", std::nan("")).number("f", -std::numeric_limits<double>::infinity());
  EXPECT_EQ(
      text_of(writer.finish()),
      R"({"a":1.0,"b":-0.0,"c":1e+300,"d":0.1,"e":{"$numberDouble":"NaN"},"f":{"$numberDouble":"-Infinity"}})");
}

TEST(JsonWriter, writes_dates_outside_the_calendar_as_milliseconds) {
  bson::Writer writer;
  writer.date_ms("first", 0)
      .date_ms("before", -1)
      .date_ms("last", 253'402'300'799'999)
      .date_ms("after", 253'402'300'800'000);
  EXPECT_EQ(
      text_of(writer.finish()),
      R"({"first":{"$date":"1970-01-01T00:00:00.000Z"},"before":{"$date":{"$numberLong":"-1"}},)"
      R"("last":{"$date":"9999-12-31T23:59:59.999Z"},"after":{"$date":{"$numberLong":"253402300800000"}}})");
}

// Every type there is, written by libbson; our text must come back from libbson and from ourselves as the
// same.
TEST(JsonWriter, loses_nothing_that_libbson_can_tell) {
  bson_t bson = BSON_INITIALIZER;
  bson_oid_t oid;
  bson_oid_init_from_string(&oid, "507f1f77bcf86cd799439011");
  bson_decimal128_t decimal;
  ASSERT_TRUE(bson_decimal128_from_string("-12345678901234567890.50", &decimal));
  const std::uint8_t bytes[] = {0, 1, 2, 253, 254, 255, 62};
  ASSERT_TRUE(BSON_APPEND_OID(&bson, "oid", &oid));
  ASSERT_TRUE(BSON_APPEND_DECIMAL128(&bson, "decimal", &decimal));
  ASSERT_TRUE(BSON_APPEND_BINARY(&bson, "binary", BSON_SUBTYPE_UUID, bytes, sizeof bytes));
  ASSERT_TRUE(BSON_APPEND_BINARY(&bson, "nothing", BSON_SUBTYPE_BINARY, bytes, 0));
  ASSERT_TRUE(BSON_APPEND_REGEX(&bson, "regex", "^a\"b", "im"));
  ASSERT_TRUE(BSON_APPEND_TIMESTAMP(&bson, "timestamp", 4294967295U, 7));
  ASSERT_TRUE(BSON_APPEND_DATE_TIME(&bson, "date", 1795248392005));
  ASSERT_TRUE(BSON_APPEND_DATE_TIME(&bson, "old", -62135596800001));
  ASSERT_TRUE(BSON_APPEND_INT32(&bson, "i", -2147483647 - 1));
  ASSERT_TRUE(BSON_APPEND_INT64(&bson, "l", std::numeric_limits<std::int64_t>::max()));
  ASSERT_TRUE(BSON_APPEND_DOUBLE(&bson, "x", 3.0));
  ASSERT_TRUE(BSON_APPEND_UTF8(&bson, "text", "\xf0\x9f\x98\x80"));
  ASSERT_TRUE(BSON_APPEND_NULL(&bson, "null"));
  const std::string expected(reinterpret_cast<const char*>(bson_get_data(&bson)), bson.len);
  const std::string text = text_of(bson::View(bson_get_data(&bson)));
  bson_destroy(&bson);

  JsonReader reader;
  const auto ours = reader.read_extended(text);
  ASSERT_TRUE(ours) << ours.error().message;
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(ours->data()), ours->size()), expected) << text;

  bson_error_t error;
  bson_t* theirs = bson_new_from_json(reinterpret_cast<const std::uint8_t*>(text.data()),
                                      static_cast<ssize_t>(text.size()), &error);
  ASSERT_NE(theirs, nullptr) << error.message << text;
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bson_get_data(theirs)), theirs->len), expected) << text;
  bson_destroy(theirs);
}

TEST(JsonWriter, escapes_a_json_string) {
  std::string out = "before ";
  write_json_string(std::string_view("\"\\/\b\f\n\r\t\0\x1f\x7f", 11), out);
  EXPECT_EQ(out, "before \"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\"");
}

}  // namespace
}  // namespace sluice::engine
