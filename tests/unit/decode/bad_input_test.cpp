// Bad input for the decode stage, as a table: what each record becomes. A refusal has a code and a reason in
// which a person finds the words given; a defined document is given as JSON.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

// A value around a payload, in the shape that one decoder reads.
struct Wrapping {
  std::string_view decoder;
  std::map<std::string, std::string> options;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string before;
  std::string after;
};

const std::vector<Wrapping> wrappings{
    {"debezium_outbox", {}, {}, R"({"op":"c","after":{"event_id":"e","event_type":"T","payload":)", "}}"},
    {"outbox_router", {}, {{"eventType", "T"}}, "", ""},
    {"cloudevents",
     {},
     {{"ce_specversion", "1.0"}, {"ce_id", "e"}, {"ce_source", "s"}, {"ce_type", "T"}},
     "",
     ""},
    {"cloudevents",
     {},
     {{"content-type", "application/cloudevents+json"}},
     R"({"specversion":"1.0","id":"e","source":"s","type":"T","data":)",
     "}"},
    {"plain", {{"type", "=T"}}, {}, "", ""},
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string names(int count) {
  std::string json = "{";
  for (int i = 0; i < count; ++i) json += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  return json + "}";
}

// A whole value that no decoder takes for a record of its own, whatever surrounds it.
struct BadValue {
  std::string name;
  std::string value;
  Code code;
  std::string word;
};

const std::vector<BadValue>& bad_values() {
  static const std::vector<BadValue> values{
      {"empty", "", Code::decode_empty, "0 bytes"},
      {"blank", " \n ", Code::decode_not_json, "empty"},
      {"binary", "\x7f\x45\x4c\x46\x02\x01", Code::decode_not_json, "not valid JSON"},
      {"avro", std::string("\0\0\0\0\x01\x08name", 10), Code::decode_avro, "Avro"},
      {"text", "hello", Code::decode_not_json, "byte 0"},
      {"xml", "<a/>", Code::decode_not_json, "byte 0"},
      {"byte order mark", "\xef\xbb\xbf{}", Code::decode_not_json, "byte 0"},
      {"UTF-16", std::string("{\0}\0", 4), Code::decode_not_json, "not valid JSON"},
      {"broken UTF-8", "{\"a\":\"\xc3\x28\"}", Code::decode_not_utf8, "UTF-8"},
      {"cut inside a character", "{\"a\":\"\xe2\x82", Code::decode_not_json, "cut off"},
      {"cut object", R"({"a":1,"b":)", Code::decode_not_json, "cut off"},
      {"cut text", R"({"a":"b)", Code::decode_not_json, "cut off"},
      {"two records in one", "{} {}", Code::decode_not_json, "byte 3"},
      {"line break in a text", "{\"a\":\"\n\"}", Code::decode_not_json, "control character"},
      {"50 MB", "\"" + std::string(std::size_t{50} << 20U, 'x') + "\"", Code::decode_too_large, "limit"},
      {"nested 200,000 times", repeated("[", 200'000), Code::decode_too_deep, "nested"},
  };
  return values;
}

TEST(BadInput, is_refused_whole_with_a_reason) {
  for (const BadValue& bad : bad_values())
    for (const Wrapping& wrapping : wrappings) {
      const auto made = decoder(wrapping.decoder, wrapping.options);
      const Answer answer = decode(*made, Sent{.value = bad.value, .headers = wrapping.headers});
      EXPECT_EQ(answer.code, bad.code) << bad.name << " " << wrapping.decoder << " " << answer.reason;
      EXPECT_NE(answer.reason.find(bad.word), std::string::npos) << bad.name << ": " << answer.reason;
      EXPECT_LT(answer.reason.size(), 400U) << bad.name;
    }
}

// A payload inside a good record: refused by the decoder, or when its document is asked for, or a document.
struct BadPayload {
  std::string name;
  std::string payload;
  Code code;         // internal: none, it is a document
  std::string word;  // in the reason, or the document as relaxed Extended JSON
};

const std::vector<BadPayload>& bad_payloads() {
  constexpr Code document = Code::internal;
  static const std::vector<BadPayload> payloads{
      {"null", "null", Code::decode_bad_field, "null"},
      {"array", "[]", Code::decode_bad_field, "an array"},
      {"number", "7", Code::decode_bad_field, "a number"},
      {"text", "\"hello\"", Code::decode_not_json, "byte 0"},
      {"empty text", "\"\"", Code::decode_empty, "empty"},
      {"empty object", "{}", document, "{}"},
      {"lone surrogate", R"({"a":"\ud800"})", Code::decode_not_json, "surrogate"},
      {"lone surrogate in a text", R"("{\"a\":\"\\udfff\"}")", Code::decode_not_json, "surrogate"},
      {"pair of surrogates", R"({"a":"\ud83d\ude00"})", document, "{\"a\":\"\xf0\x9f\x98\x80\"}"},
      {"nested 200,000 times", "{\"a\":" + repeated("[", 200'000) + repeated("]", 200'000) + "}",
       Code::decode_too_deep, "nested"},
      {"nested 101 times", "{\"a\":" + repeated("[", 100) + repeated("]", 100) + "}", Code::decode_too_deep,
       "nested"},
      {"nested 3 times", "{\"a\":[[]]}", document, "{\"a\":[[]]}"},
      {"a million names", names(1'000'000), Code::decode_too_many_keys, "100000"},
      {"a name twice", R"({"a":1,"a":2})", Code::decode_duplicate_key, "'a'"},
      {"a name twice, deep", R"({"a":[{"b":{"c":1,"c":2}}]})", Code::decode_duplicate_key, "'c'"},
      {"int64's ends", R"({"a":[9223372036854775807,-9223372036854775808]})", document,
       R"({"a":[9223372036854775807,-9223372036854775808]})"},
      {"beyond int64", R"({"a":[9223372036854775808,-9223372036854775809]})", document,
       R"({"a":[{"$numberDecimal":"9223372036854775808"},{"$numberDecimal":"-9223372036854775809"}]})"},
      {"beyond uint64", R"({"a":18446744073709551616})", document,
       R"({"a":{"$numberDecimal":"18446744073709551616"}})"},
      {"minus zero", R"({"a":-0})", document, R"({"a":-0.0})"},
      {"beyond double", R"({"a":1e999})", Code::decode_bad_number, "'a'"},
      {"leading zero", R"({"a":007})", Code::decode_not_json, "'007'"},
      {"not a number", R"({"a":NaN})", Code::decode_not_json, "'NaN'"},
      {"dollar name", R"({"$set":{"a":1}})", document, R"({"$set":{"a":1}})"},
      {"dotted name", R"({"a.b":1})", document, R"({"a.b":1})"},
      {"empty name", R"({"":1})", document, R"({"":1})"},
      {"_sluice name", R"({"_sluice":1})", Code::decode_reserved_name, "'_sluice'"},
      {"_sluice name, deep", R"({"a":[{"_sluice":1}]})", Code::decode_reserved_name, "'_sluice'"},
      {"zero character in a name", R"({"a\u0000b":1})", Code::decode_reserved_name, "U+0000"},
      {"zero character in a text", R"({"a":"\u0000"})", document, R"({"a":"\u0000"})"},
      {"bad escape", R"({"a":"\x"})", Code::decode_not_json, "escape"},
  };
  return payloads;
}

TEST(BadInput, makes_of_a_payload_a_document_or_a_refusal) {
  for (const BadPayload& bad : bad_payloads())
    for (const Wrapping& wrapping : wrappings) {
      SCOPED_TRACE(bad.name + " in " + std::string(wrapping.decoder));
      if (bad.payload == "null" && wrapping.decoder == "outbox_router")
        continue;  // passed over: outbox_router_test
      const auto made = decoder(wrapping.decoder, wrapping.options);
      const std::string value = wrapping.before + bad.payload + wrapping.after;
      const Answer answer = decode(*made, Sent{.value = value, .headers = wrapping.headers});
      if (bad.code == Code::internal) {
        ASSERT_TRUE(answer.is_event) << answer.reason;
        ASSERT_EQ(answer.payload_reason, "");
        EXPECT_EQ(shown(answer.payload), bad.word);
        continue;
      }
      EXPECT_EQ(answer.is_event ? answer.payload_code : answer.code, bad.code)
          << answer.reason << answer.payload_reason;
      const std::string reason = answer.reason + answer.payload_reason;
      EXPECT_NE(reason.find(bad.word), std::string::npos) << reason;
      EXPECT_LT(reason.size(), 400U);
    }
}

TEST(BadInput, leaves_a_decoder_as_good_as_new) {
  for (const Wrapping& wrapping : wrappings) {
    const auto made = decoder(wrapping.decoder, wrapping.options);
    const std::string good = wrapping.before + R"({"a":1})" + wrapping.after;
    for (const BadPayload& bad : bad_payloads()) {
      const std::string value = wrapping.before + bad.payload + wrapping.after;
      const Answer refused = decode(*made, Sent{.value = value, .headers = wrapping.headers});
      const Answer answer = decode(*made, Sent{.value = good, .headers = wrapping.headers});
      EXPECT_EQ(answer.payload, libbson(R"({"a":1})")) << bad.name << refused.reason;
    }
  }
}

long peak_kilobytes() {
  rusage usage{};
  EXPECT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

// AddressSanitizer holds back up to 256 MB of what was freed: that must be full before memory tells anything.
#ifdef __SANITIZE_ADDRESS__
constexpr int first_records = 100;
#else
constexpr int first_records = 3;
#endif

// Records at the limit of bytes over and over: memory follows the largest one, not their number.
TEST(BadInput, takes_no_more_memory_for_many_large_records_than_for_one) {
  const std::string large = R"({"a":")" + std::string(std::size_t{4} << 20U, 'x') + "\"}";
  const auto made = decoder("plain", {{"type", "=T"}});
  for (int i = 0; i < first_records; ++i) EXPECT_TRUE(decode(*made, Sent{.value = large}).is_event);
  const long after_the_first = peak_kilobytes();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(decode(*made, Sent{.value = large}).is_event);
    EXPECT_TRUE(decode(*made, Sent{.value = "{}"}).is_event);
  }
  EXPECT_LT(peak_kilobytes() - after_the_first, 16 * 1024);
}

}  // namespace
}  // namespace sluice::engine
