#include "decode/forms/stencil.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

// {"a":VALUE,"b":VALUE}, with fields for both.
struct Two {
  Field a;
  Field b;

  Stencil stencil(const std::string& first, const std::string& second, bool as_written = false) {
    const std::string text = json(first, second);
    const std::size_t second_begin = 5 + first.size() + 5;
    return {text,
            {{.begin = 5, .end = 5 + first.size(), .field = &a, .as_written = as_written},
             {.begin = second_begin, .end = second_begin + second.size(), .field = &b}}};
  }
  // Of which the first value varies.
  Stencil varying(bool as_written = false) {
    Stencil made = stencil("1", "true", as_written);
    made.vary_as(stencil("2", "true", as_written));
    return made;
  }
  static std::string json(const std::string& first, const std::string& second) {
    return "{\"a\":" + first + ",\"b\":" + second + "}";
  }
};

TEST(Stencil, reads_the_values_that_vary) {
  Two two;
  Stencil stencil = two.varying();
  ASSERT_TRUE(stencil.read(Two::json(R"("x\"y")", "true")));
  EXPECT_TRUE(two.a.is_text("x\"y"));
  EXPECT_EQ(two.b.kind, Field::Kind::absent) << "what does not vary is set by whoever makes the stencil";
}

TEST(Stencil, tells_the_kind_of_each_value) {
  Two two;
  Stencil stencil = two.varying();
  const std::vector<std::pair<std::string, Field::Kind>> values{
      {"null", Field::Kind::null},         {"true", Field::Kind::boolean},
      {"false", Field::Kind::boolean},     {"-1.5e+3", Field::Kind::number},
      {"0", Field::Kind::number},          {"\"\"", Field::Kind::text},
      {"\"\xc3\xa9\"", Field::Kind::text}, {"12345678901234567890", Field::Kind::number}};
  for (const auto& [value, kind] : values) {
    ASSERT_TRUE(stencil.read(Two::json(value, "true"))) << value;
    EXPECT_EQ(two.a.kind, kind) << value;
    EXPECT_EQ(two.a.text, kind == Field::Kind::text ? value.substr(1, value.size() - 2) : value);
  }
}

TEST(Stencil, keeps_quotes_and_escapes_where_a_text_is_wanted_as_written) {
  Two two;
  Stencil stencil = two.varying(true);
  ASSERT_TRUE(stencil.read(Two::json(R"("[\"1\"]")", "true")));
  EXPECT_EQ(two.a.text, R"("[\"1\"]")");
}

TEST(Stencil, reads_nothing_that_is_of_another_form) {
  Two two;
  Stencil stencil = two.varying();
  for (const std::string& text :
       {Two::json("3", "false"), Two::json("3", "true") + " ", " " + Two::json("3", "true"),
        std::string(R"({"a":3,"c":true})"), std::string(R"({"a":3,"b":true)"), std::string(R"({"a":)"),
        std::string(), Two::json("{}", "true"), Two::json("[3]", "true")})
    EXPECT_FALSE(stencil.read(text)) << text;
  EXPECT_TRUE(stencil.read(Two::json("3", "true")));
}

TEST(Stencil, reads_nothing_that_is_not_sound) {
  Two two;
  Stencil stencil = two.varying();
  for (const char* value : {"01",     "1.",      "+1", "-",  ".5",      "1e",          "tru",      "nul",
                            "True",   "",        " ",  "\"", "\"\\x\"", "\"\\ud800\"", "\"\xff\"", "\"\xc3\"",
                            "\"\n\"", "\"a\\\"", "1 ", " 1", "1x",      "--1",         "1e5e5"})
    EXPECT_FALSE(stencil.read(Two::json(value, "true"))) << value;
}

TEST(Stencil, takes_up_what_varied_before) {
  Two two;
  Stencil later = two.stencil("1", "false");
  later.vary_as(two.varying());  // here `a` is the same, but it once was not
  EXPECT_TRUE(later.read(Two::json("7", "null")));
  EXPECT_EQ(two.a.text, "7");
  EXPECT_EQ(two.b.kind, Field::Kind::null);
}

TEST(Stencil, matches_a_text_with_other_values_only) {
  Two two;
  EXPECT_TRUE(two.stencil("1", "true").matches(two.stencil("\"text\"", "null")));
  EXPECT_FALSE(two.stencil("1", "true").matches(Stencil(R"({"a":1})", {{.begin = 5, .end = 6}})));
  EXPECT_FALSE(two.stencil("1", "true")
                   .matches(Stencil(R"({"a":1,"c":2})", {{.begin = 5, .end = 6}, {.begin = 11, .end = 12}})));
}

}  // namespace
}  // namespace sluice::engine
