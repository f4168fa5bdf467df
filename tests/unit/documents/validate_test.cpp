#include "documents/validate.hpp"

#include <bson/bson.h>
#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(bson::View view) { return {view.data(), view.data() + view.size()}; }

// In a buffer of exactly its size, so that a sanitizer sees every byte read beyond it.
Result<void> check(const Bytes& bytes) {
  const auto exact = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), exact.get());
  return validate_document(exact.get(), bytes.size());
}

std::string reason(const Bytes& bytes) {
  auto result = check(bytes);
  return result ? "accepted" : result.error().message;
}

Bytes user_document() {
  bson::Writer writer;
  writer.text("email", "clara.novak8314@example.org")
      .int32("logins", 7)
      .int64("score", 1LL << 40)
      .number("lat", 7.5);
  writer.boolean("active", true).date_ms("created_at", 1'795'248'397'932).null("phone");
  writer.begin_document("address").text("city", "Zürich – Süd").text("zip", "07747").end();
  writer.begin_array("tags").text("new").text("🎲").begin_document().text("deep", "yes").end().end();
  return bytes_of(writer.finish());
}

TEST(ValidateDocument, accepts_a_document_of_every_common_type) {
  EXPECT_EQ(reason(user_document()), "accepted");
}

TEST(ValidateDocument, accepts_the_empty_document) { EXPECT_EQ(reason({5, 0, 0, 0, 0}), "accepted"); }

TEST(ValidateDocument, refuses_every_truncation) {
  const Bytes whole = user_document();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(reason(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))), "accepted")
        << size;
}

TEST(ValidateDocument, refuses_bytes_after_the_document) {
  Bytes longer = user_document();
  longer.push_back(0);
  EXPECT_THAT(reason(longer), HasSubstr("another length"));
}

TEST(ValidateDocument, never_accepts_what_libbson_refuses) {
  const Bytes whole = user_document();
  std::mt19937 random(20261121);
  constexpr auto flags =
      static_cast<bson_validate_flags_t>(BSON_VALIDATE_UTF8 | BSON_VALIDATE_UTF8_ALLOW_NULL);
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    Bytes mutated = whole;
    const auto changes = 1 + random() % 3;
    for (unsigned i = 0; i < changes; ++i)
      mutated[random() % mutated.size()] = static_cast<std::uint8_t>(random());
    if (!check(mutated)) continue;
    ++accepted;
    bson_t view;
    std::size_t offset = 0;
    ASSERT_TRUE(bson_init_static(&view, mutated.data(), mutated.size()));
    ASSERT_TRUE(bson_validate(&view, flags, &offset)) << "round " << round << ", offset " << offset;
  }
  EXPECT_GT(accepted, 1000) << "most single changes hit the inside of a text or number and harm nothing";
}

TEST(ValidateDocument, agrees_with_libbson_on_what_is_well_formed) {
  const Bytes whole = user_document();
  std::mt19937 random(7);
  for (int round = 0; round < 100'000; ++round) {
    Bytes mutated = whole;
    // Lengths and types alone: names and texts have rules of our own.
    static const std::size_t places[] = {0, 1, 4, 5, 6, 11, 12};
    mutated[places[random() % std::size(places)]] = static_cast<std::uint8_t>(random() % 24);
    bson_t view;
    std::size_t offset = 0;
    const bool well_formed = bson_init_static(&view, mutated.data(), mutated.size()) &&
                             bson_validate(&view, BSON_VALIDATE_UTF8, &offset);
    if (well_formed) continue;
    EXPECT_FALSE(check(mutated)) << "round " << round;
  }
}

TEST(ValidateDocument, names_the_field_that_is_wrong) {
  bson::Writer writer;
  writer.begin_document("address").begin_array("lines").begin_document().text("$where", "1");
  EXPECT_THAT(reason(bytes_of(writer.finish())), HasSubstr("\"address.lines.0.$where\" starts with '$'"));
}

TEST(ValidateDocument, names_the_document_that_ends_too_soon) {
  EXPECT_EQ(reason({18, 0, 0, 0, 3, 'a', 0, 9, 0, 0, 0, 10, 'b', 0, 0, 0, 0, 0}),
            "the field \"a\" ends before its length says");
}

TEST(ValidateDocument, refuses_names_that_no_store_should_see) {
  for (const char* name : {"", "$set", "a.b", "_sluice"}) {
    bson::Writer top;
    top.int32(name, 1);
    EXPECT_NE(reason(bytes_of(top.finish())), "accepted") << name;
    bson::Writer nested;
    nested.begin_document("inner").int32(name, 1);
    EXPECT_NE(reason(bytes_of(nested.finish())), "accepted") << name;
  }
}

// Names and texts are looked at in blocks of sixteen bytes: what is wrong must be seen wherever it stands in
// one, and nothing of what follows may be taken for a part.
TEST(ValidateDocument, sees_what_is_wrong_at_every_place) {
  const auto reason_of = [](std::string_view name, std::string_view text, bool more) {
    bson::Writer writer;
    writer.text(name, text);
    if (more) writer.text("behind", "…").null("and more");
    return reason(bytes_of(writer.finish()));
  };
  for (std::size_t size = 1; size < 40; ++size) {
    const std::string good(size, 'n');
    for (const bool more : {false, true}) {
      EXPECT_EQ(reason_of(good, good, more), "accepted") << size;
      for (std::size_t place = 0; place < size; ++place) {
        std::string dotted = good;
        dotted[place] = '.';
        EXPECT_THAT(reason_of(dotted, good, more), HasSubstr("holds a '.'")) << size << ' ' << place;
        EXPECT_EQ(reason_of(good, dotted, more), "accepted") << size << ' ' << place;
        std::string wrong = good;
        wrong[place] = '\xff';
        EXPECT_THAT(reason_of(wrong, good, more), HasSubstr("name that is not valid UTF-8"));
        EXPECT_THAT(reason_of(good, wrong, more), HasSubstr("is not valid UTF-8")) << size << ' ' << place;
      }
    }
  }
}

TEST(ValidateDocument, refuses_the_id_at_the_top_alone) {
  bson::Writer top;
  top.int32("_id", 1);
  EXPECT_THAT(reason(bytes_of(top.finish())), HasSubstr("given apart"));
  bson::Writer nested;
  nested.begin_document("user").int32("_id", 1);
  EXPECT_EQ(reason(bytes_of(nested.finish())), "accepted");
}

TEST(ValidateDocument, refuses_text_that_is_not_utf8) {
  for (std::string bad :
       {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "cut \xe2\x82", "seven..\xc3"}) {
    bson::Writer writer;
    writer.text("name", bad);
    EXPECT_THAT(reason(bytes_of(writer.finish())), HasSubstr("\"name\" is not valid UTF-8"));
  }
}

TEST(ValidateDocument, accepts_a_zero_byte_inside_a_text) {
  bson::Writer writer;
  writer.text("name", std::string_view("a\0b", 3));
  EXPECT_EQ(reason(bytes_of(writer.finish())), "accepted");
}

Bytes nested(int depth) {
  bson::Writer writer;
  for (int i = 1; i < depth; ++i) writer.begin_document("d");
  return bytes_of(writer.finish());
}

TEST(ValidateDocument, accepts_a_hundred_levels_and_no_more) {
  EXPECT_EQ(reason(nested(100)), "accepted");
  EXPECT_THAT(reason(nested(101)), HasSubstr("deeper than 100"));
  EXPECT_THAT(reason(nested(20'000)), HasSubstr("deeper than 100"));
}

TEST(ValidateDocument, refuses_more_than_16_mebibytes) {
  bson::Writer writer;
  writer.text("huge", std::string(DocumentLimits::bytes, 'x'));
  EXPECT_THAT(reason(bytes_of(writer.finish())), HasSubstr("the limit is 16777216"));
}

TEST(ValidateDocument, refuses_an_array_whose_indices_are_out_of_order) {
  bson::Writer writer;
  writer.begin_array("tags").int32("", 1).int32("", 2);
  Bytes bytes = bytes_of(writer.finish());
  *std::find(bytes.begin(), bytes.end(), std::uint8_t{'1'}) = '7';
  EXPECT_THAT(reason(bytes), HasSubstr("next index"));
}

TEST(ValidateDocument, refuses_types_it_does_not_know) {
  for (const std::uint8_t type : {0x06, 0x0c, 0x0d, 0x0e, 0x0f, 0x14, 0x7f, 0xff}) {
    Bytes bytes{13, 0, 0, 0, type, 'a', 0, 1, 0, 0, 0, 0, 0};
    EXPECT_NE(reason(bytes), "accepted") << int{type};
  }
}

TEST(ValidateDocument, refuses_nothing_at_all) { EXPECT_FALSE(validate_document(nullptr, 5)); }

TEST(ValidateValue, wants_exactly_the_size_of_its_type) {
  const std::uint8_t bytes[8] = {};
  EXPECT_TRUE(validate_value(0x12, bytes, 8));
  EXPECT_FALSE(validate_value(0x12, bytes, 7));
  EXPECT_FALSE(validate_value(0x10, bytes, 8));
  EXPECT_TRUE(validate_value(0x0a, nullptr, 0));
  EXPECT_FALSE(validate_value(0x0a, bytes, 1));
  EXPECT_FALSE(validate_value(0x12, nullptr, 8));
  EXPECT_FALSE(validate_value(0x00, nullptr, 0));
}

TEST(ValidateValue, checks_what_is_inside_of_a_document) {
  bson::Writer writer;
  writer.int32("_id", 1);
  const Bytes with_id = bytes_of(writer.finish());
  EXPECT_TRUE(validate_value(0x03, with_id.data(), with_id.size()))
      << "an _id is wrong at a document's top only";
  writer.clear().int32("$inc", 1);
  const Bytes with_operator = bytes_of(writer.finish());
  EXPECT_FALSE(validate_value(0x03, with_operator.data(), with_operator.size()));
}

TEST(ValidatePath, accepts_names_and_indices) {
  for (const char* path : {"email", "address.city", "participants.allowed_users.0", "a._id", "x_sluice"})
    EXPECT_TRUE(validate_path(path)) << path;
}

TEST(ValidatePath, refuses_what_is_no_path) {
  for (const char* path : {"", ".", "a.", ".a", "a..b", "$set", "a.$push", "a.$[]", "_id", "_id.x", "_sluice",
                           "a._sluice", "\xff"})
    EXPECT_FALSE(validate_path(path)) << path;
  EXPECT_FALSE(validate_path(std::string_view("a\0b", 3)));
  std::string long_path = "a";
  for (int i = 1; i < 100; ++i) long_path += ".a";
  EXPECT_TRUE(validate_path(long_path));
  EXPECT_FALSE(validate_path(long_path + ".a"));
}

TEST(ValidateCollection, accepts_names_of_the_usual_characters) {
  for (const char* name : {"users", "Users-2026.archive", "_private"})
    EXPECT_TRUE(validate_collection(name)) << name;
  EXPECT_TRUE(validate_collection(std::string(120, 'c')));
}

TEST(ValidateCollection, refuses_others) {
  for (const char* name : {"", "us ers", "$cmd", "_sluice", "_sluice_positions", "system.users", "a/b", "ü"})
    EXPECT_FALSE(validate_collection(name)) << name;
  EXPECT_FALSE(validate_collection(std::string(121, 'c')));
}

}  // namespace
}  // namespace sluice::engine
