#include <gmock/gmock.h>

#include <iterator>
#include <sluice/bson_writer.hpp>
#include <string>
#include <vector>

namespace sluice::bson {
namespace {

TEST(Writer, writes_what_a_view_reads) {
  Writer writer;
  writer.text("name", "Ada")
      .integer("small", 7)
      .integer("large", 1LL << 40)
      .begin_array("list")
      .text("a")
      .text("b")
      .end();
  writer.begin_document("inner")
      .boolean("yes", true)
      .null("nothing")
      .end()
      .number("real", 0.5)
      .date_ms("at", -1);
  const View view = writer.finish();
  EXPECT_EQ(view.find("name").as_text(), "Ada");
  EXPECT_EQ(view.find("small").type, Type::int32);
  EXPECT_EQ(view.find("large").type, Type::int64);
  EXPECT_EQ(view.at("list.1").as_text(), "b");
  EXPECT_EQ(view.at("inner.yes").as_bool(), true);
  EXPECT_EQ(view.at("inner.nothing").type, Type::null);
  EXPECT_EQ(view.find("real").as_double(), 0.5);
  EXPECT_EQ(view.find("at").as_date_ms(), -1);
  EXPECT_FALSE(view.find("nowhere"));
  EXPECT_FALSE(view.at("name.first"));
}

TEST(Writer, names_the_elements_of_an_array_by_their_index) {
  Writer writer;
  writer.begin_array("list");
  for (int i = 0; i < 12; ++i) writer.int32({}, i);
  std::vector<std::string> names;
  const View list = *writer.finish().find("list").as_document();
  for (const Element& element : list) names.emplace_back(element.name);
  EXPECT_EQ(names.front(), "0");
  EXPECT_EQ(names.back(), "11");
}

TEST(Writer, starts_anew_when_cleared) {
  Writer writer;
  writer.text("a", std::string(1000, 'x')).begin_document("open");
  EXPECT_EQ(writer.depth(), 2U);
  EXPECT_TRUE(writer.clear().finish().empty());
}

TEST(Writer, takes_over_single_elements) {
  Writer one;
  one.int32("a", 1).text("b", std::string(1000, 'x')).null("c");
  Writer two;
  for (const Element& element : one.finish()) two.element(element);
  EXPECT_TRUE(two.finish().as_value().same_bytes(one.finish().as_value()));
  Writer list;
  list.begin_array("list");
  for (const Element& element : one.finish()) list.element(element);
  std::vector<std::string> names;
  const View elements = *list.finish().find("list").as_document();
  for (const Element& element : elements) names.emplace_back(element.name);
  EXPECT_THAT(names, testing::ElementsAre("0", "1", "2"));
}

TEST(Writer, takes_over_the_elements_of_a_document) {
  Writer one;
  one.int32("a", 1).int32("b", 2);
  Writer two;
  two.int32("c", 3).elements(one.finish());
  std::vector<std::string> names;
  for (const Element& element : two.finish()) names.emplace_back(element.name);
  EXPECT_THAT(names, testing::ElementsAre("c", "a", "b"));
}

TEST(Writer, takes_over_elements_that_follow_each_other) {
  Writer one;
  one.int32("a", 1).begin_document("b").text("c", "inside").end().null("d").boolean("e", true);
  const View from = one.finish();
  const std::uint8_t* begin = std::next(from.begin())->bytes().data();
  const std::uint8_t* end = std::next(from.begin(), 3)->bytes().data();
  Writer two;
  two.int32("first", 0).elements({begin, end}).elements({end, end});
  Writer expected;
  expected.int32("first", 0).begin_document("b").text("c", "inside").end().null("d");
  EXPECT_TRUE(two.finish().as_value().same_bytes(expected.finish().as_value()));
}

TEST(View, reads_names_of_every_length) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string name(size, '\xff');
    Writer writer;
    writer.null(name).null(name + "b").null(name);  // the last ends with the document
    std::vector<std::string> names;
    for (const Element& element : writer.finish()) names.emplace_back(element.name);
    EXPECT_THAT(names, testing::ElementsAre(name, name + "b", name));
  }
}

}  // namespace
}  // namespace sluice::bson
