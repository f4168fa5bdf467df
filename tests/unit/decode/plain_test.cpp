#include "decode/formats/plain.hpp"

#include <gtest/gtest.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

using Texts = std::map<std::string, std::string>;

Answer decoded_plain(const Sent& sent, const Texts& options) {
  return decode(*decoder("plain", options), sent);
}

TEST(Plain, takes_the_value_as_the_payload_under_a_fixed_type) {
  const Answer answer = decoded_plain({R"( {"a": 1} )", "users", "\"u-1\"", {}}, {{"type", "=UserSeen"}});
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.type, "UserSeen");
  EXPECT_EQ(answer.id, "");
  EXPECT_EQ(answer.aggregate_type, "users");
  EXPECT_EQ(answer.aggregate_id, "u-1");
  EXPECT_EQ(answer.payload_json, R"({"a": 1})");
  EXPECT_EQ(answer.payload, libbson(R"({"a": 1})"));
}

TEST(Plain, finds_everything_in_fields) {
  const Texts fields{{"type", "field:kind"},        {"id", "field:n"},          {"aggregate_type", "=user"},
                     {"aggregate_id", "field:who"}, {"created_at", "field:at"}, {"payload", "field:body"}};
  const Answer answer = decoded_plain(
      {R"({"kind":"T","n":7,"who":"u","at":"2026-11-21T08:06:32Z","body":"{\"a\": 1}","x":[{}]})"}, fields);
  ASSERT_TRUE(answer.is_event) << answer.reason;
  EXPECT_EQ(answer.type, "T");
  EXPECT_EQ(answer.id, "7");
  EXPECT_EQ(answer.aggregate_type, "user");
  EXPECT_EQ(answer.aggregate_id, "u");
  EXPECT_EQ(answer.created, "2026-11-21T08:06:32.000000Z");
  EXPECT_EQ(answer.payload_json, R"({"a": 1})");
}

TEST(Plain, keeps_the_whole_value_as_the_payload_when_fields_of_it_are_named) {
  const std::string_view value = R"({"k\u0069nd":"\u0054","more":{"\u0061":1}})";
  const Answer answer = decoded_plain({value}, {{"type", "field:kind"}});
  EXPECT_EQ(answer.type, "T");
  EXPECT_EQ(answer.payload_json, value);
}

TEST(Plain, finds_type_and_id_in_headers_key_and_topic) {
  const Answer answer = decoded_plain(
      {"{}", "UserSeen", "7", {{"uuid", "\"e-1\""}}},
      {{"type", "topic"}, {"id", "header:uuid"}, {"aggregate_id", ""}, {"aggregate_type", "key"}});
  EXPECT_EQ(answer.type, "UserSeen");
  EXPECT_EQ(answer.id, "e-1");
  EXPECT_EQ(answer.aggregate_type, "7");
  EXPECT_EQ(answer.aggregate_id, "");
}

TEST(Plain, takes_the_schema_wrapper_off) {
  EXPECT_EQ(decoded_plain({R"({"schema":{},"payload":{"kind":"T"}})"}, {{"type", "field:kind"}}).payload_json,
            R"({"kind":"T"})");
  const std::string_view business = R"({"schema":{},"payload":{},"kind":"T"})";
  EXPECT_EQ(decoded_plain({business}, {{"type", "field:kind"}}).payload_json, business);
}

TEST(Plain, passes_over_tombstones) {
  EXPECT_TRUE(decode(*decoder("plain", {{"type", "=T"}}), Record{}).passed_over);
}

TEST(Plain, names_what_is_missing_or_wrong) {
  const auto reason = [](std::string_view value, const Texts& options) {
    return decoded_plain({value}, options).reason;
  };
  EXPECT_EQ(reason("{}", {{"type", "field:kind"}}), "the field 'kind' is missing");
  EXPECT_EQ(reason("{}", {{"type", "header:kind"}}), "the header 'kind' is missing");
  EXPECT_EQ(reason("{}", {{"type", "=T"}, {"id", "field:n"}}), "the field 'n' is missing");
  EXPECT_EQ(reason("{}", {{"type", "=T"}, {"payload", "field:body"}}), "the field 'body' is missing");
  EXPECT_NE(reason("[]", {{"type", "field:kind"}}).find("no object"), std::string::npos);
  EXPECT_EQ(decoded_plain({"{"}, {{"type", "=T"}}).code, Code::decode_not_json);
  EXPECT_EQ(decoded_plain({R"({"kind":"T","kind":"T"})"}, {{"type", "field:kind"}}).code,
            Code::decode_duplicate_key);
}

TEST(Plain, refuses_options_that_make_no_sense) {
  for (const Texts& options :
       {Texts{{"type", "kind"}}, Texts{{"type", ""}}, Texts{{"type", "field:"}}, Texts{{"type", "value"}},
        Texts{{"type", "=T"}, {"payload", "key"}}, Texts{{"type", "=T"}, {"payload", ""}}})
    EXPECT_THROW(decoder("plain", options), ConfigurationError);
}

}  // namespace
}  // namespace sluice::engine
