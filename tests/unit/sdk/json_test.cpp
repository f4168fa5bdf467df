#include <gtest/gtest.h>

#include <sluice/json.hpp>

namespace sluice {
namespace {

using nlohmann::json;

json there_and_back(const json& from) {
  bson::Writer writer;
  append_json(writer, from);
  return to_json(writer.finish());
}

TEST(Json, comes_back_as_it_was) {
  const json document =
      json::parse(R"({"a": 1, "b": -5000000000, "c": 1.5, "d": "ü", "e": [1, [], {}], "f": null,
    "g": {"h": true}, "at": {"$date": "2026-11-21T08:06:32.584Z"}, "by": {"$oid": "507f1f77bcf86cd799439011"}})");
  EXPECT_EQ(there_and_back(document), document);
}

TEST(Json, dates_and_object_ids_keep_their_types) {
  bson::Writer writer;
  append_json(writer,
              json{{"at", {{"$date", "2026-11-21"}}}, {"by", {{"$oid", "507f1f77bcf86cd799439011"}}}});
  const bson::View document = writer.finish();
  EXPECT_EQ(document.find("at").type, bson::Type::date);
  EXPECT_EQ(document.find("by").type, bson::Type::object_id);
}

TEST(Json, leaves_alone_what_only_looks_like_a_date) {
  const json document = {{"a", {{"$date", "soon"}}}, {"b", {{"$oid", "short"}}}, {"c", {{"$date", 5}}}};
  EXPECT_EQ(there_and_back(document), document);
}

TEST(Json, refuses_numbers_beyond_64_bits) {
  bson::Writer writer;
  EXPECT_THROW(append_json(writer, json{{"n", 18446744073709551615U}}), Reject);
}

TEST(Json, shows_decimals_with_all_their_digits) {
  // 12.3: the digits 123 and the exponent -1, which has the bias 6176.
  constexpr std::uint64_t low = 123;
  constexpr std::uint64_t high = std::uint64_t{6175} << 49U;
  std::uint8_t bytes[16];
  std::memcpy(bytes, &low, 8);
  std::memcpy(bytes + 8, &high, 8);
  EXPECT_EQ(to_json(bson::Value{bson::Type::decimal128, bytes, 16}), (json{{"$numberDecimal", "123E-1"}}));
}

}  // namespace
}  // namespace sluice
