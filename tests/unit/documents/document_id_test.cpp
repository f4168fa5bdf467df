#include "documents/document_id.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

class DocumentId : public testing::Test {
 protected:
  // The id that the field "id" of the writer's document becomes.
  Result<bson::Value> normalised() { return normalise_id(writer_.finish().find("id"), arena_); }
  bson::Writer& with() { return writer_.clear(); }

 private:
  Arena arena_;
  bson::Writer writer_;
};

TEST_F(DocumentId, is_one_for_equal_numbers_of_every_type) {
  with().int32("id", 7);
  const auto narrow = normalised();
  with().int64("id", 7);
  const auto wide = normalised();
  with().number("id", 7.0);
  const auto real = normalised();
  ASSERT_TRUE(narrow && wide && real);
  EXPECT_EQ(narrow->type, bson::Type::int64);
  EXPECT_TRUE(narrow->same_bytes(*wide));
  EXPECT_TRUE(narrow->same_bytes(*real));
}

TEST_F(DocumentId, takes_minus_zero_for_zero) {
  with().number("id", -0.0);
  const auto zero = normalised();
  ASSERT_TRUE(zero);
  EXPECT_EQ(zero->as_int64(), 0);
}

TEST_F(DocumentId, keeps_the_whole_range_of_int64) {
  with().number("id", -9223372036854775808.0);
  const auto least = normalised();
  ASSERT_TRUE(least);
  EXPECT_EQ(least->as_int64(), std::numeric_limits<std::int64_t>::min());
  with().number("id", 9223372036854775808.0);
  EXPECT_FALSE(normalised());
}

TEST_F(DocumentId, refuses_numbers_that_are_not_whole) {
  for (const double number : {0.5, std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    with().number("id", number);
    EXPECT_FALSE(normalised()) << number;
  }
}

TEST_F(DocumentId, keeps_texts_and_dates_as_they_are) {
  with().text("id", "0c5c7fd0-a6a3-4450-a513-270e269e0d37");
  const auto text = normalised();
  ASSERT_TRUE(text);
  EXPECT_EQ(text->as_text(), "0c5c7fd0-a6a3-4450-a513-270e269e0d37");
  with().date_ms("id", 5);
  const auto date = normalised();
  ASSERT_TRUE(date);
  EXPECT_EQ(date->as_date_ms(), 5);
}

TEST_F(DocumentId, lives_in_the_arena) {
  with().text("id", "before");
  const auto id = normalised();
  with().text("id", "after!");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->as_text(), "before");
}

TEST_F(DocumentId, refuses_texts_that_stores_cannot_keep_apart) {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("a\0b", 3), std::string_view("x_sluicey")}) {
    with().text("id", text);
    EXPECT_FALSE(normalised()) << text;
  }
}

TEST_F(DocumentId, refuses_other_types) {
  with().boolean("id", true);
  EXPECT_FALSE(normalised());
  with().null("id");
  EXPECT_FALSE(normalised());
  with().begin_document("id");
  EXPECT_FALSE(normalised());
  with().begin_array("id");
  EXPECT_FALSE(normalised());
  with();
  EXPECT_FALSE(normalised());
}

}  // namespace
}  // namespace sluice::engine
