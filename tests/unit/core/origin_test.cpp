#include "core/origin.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

// A row of the transaction that follows the commit at `commit`, and was itself committed at that second.
Origin row(std::uint64_t commit, std::uint64_t place, int second, std::uint64_t id,
           std::uint64_t source = 1) {
  return {source, commit, place, Timestamp(std::chrono::seconds(second)), id};
}

TEST(Origins, know_a_suffix_that_is_sent_again) {
  Origins origins;
  const Origin first = row(100, 110, 1, 1);
  const Origin second = row(100, 120, 1, 2);
  const Origin third = row(130, 90, 2, 3);  // of a transaction that began earlier and was committed later
  for (const Origin& one : {first, second, third}) EXPECT_TRUE(origins.add(one));
  for (const Origin& one : {second, third}) EXPECT_FALSE(origins.add(one));
  EXPECT_TRUE(origins.add(row(140, 95, 3, 4)));
}

TEST(Origins, know_each_source_by_itself) {
  Origins origins;
  EXPECT_TRUE(origins.add(row(500, 510, 9, 1, 1)));
  EXPECT_TRUE(origins.add(row(20, 30, 4, 2, 2))) << "another server's log says nothing about this one";
  EXPECT_TRUE(origins.add(row(20, 40, 4, 3, 2)));
  EXPECT_TRUE(origins.add(row(510, 520, 9, 4, 1)));
  EXPECT_FALSE(origins.add(row(20, 30, 4, 2, 2)));
}

TEST(Origins, tell_rows_apart_that_one_copy_inserted_at_one_place) {
  Origins origins;
  for (std::uint64_t id = 1; id <= 5; ++id) EXPECT_TRUE(origins.add(row(100, 110, 1, id)));
  for (std::uint64_t id = 1; id <= 5; ++id) EXPECT_FALSE(origins.add(row(100, 110, 1, id)));
  EXPECT_TRUE(origins.add(row(100, 110, 1, 6))) << "one that the crash had left over";
  EXPECT_TRUE(origins.add(row(100, 120, 1, 7)));
  EXPECT_FALSE(origins.add(row(100, 110, 1, 6)));
}

TEST(Origins, lose_no_row_of_a_database_that_was_restored_and_starts_lower) {
  Origins origins;
  EXPECT_TRUE(origins.add(row(9000, 9010, 50, 1)));
  EXPECT_TRUE(origins.add(row(200, 210, 60, 2))) << "committed later: a new history";
  EXPECT_TRUE(origins.add(row(200, 220, 60, 3))) << "of the same transaction";
  EXPECT_TRUE(origins.add(row(230, 215, 59, 4))) << "its time was taken a moment earlier";
  EXPECT_FALSE(origins.add(row(200, 220, 60, 3)));
}

TEST(Origins, know_what_is_sent_again_though_times_are_in_another_order_than_commits) {
  Origins origins;
  EXPECT_TRUE(origins.add(row(100, 110, 7, 1)));
  EXPECT_TRUE(origins.add(row(120, 115, 5, 2)));
  EXPECT_FALSE(origins.add(row(100, 110, 7, 1))) << "not newer than the latest that was seen";
  EXPECT_FALSE(origins.add(row(120, 115, 5, 2)));
}

TEST(Origins, are_the_same_after_being_written_and_read) {
  Origins origins;
  EXPECT_EQ(origins.to_text(), "");
  EXPECT_TRUE(Origins::from_text("").empty());
  EXPECT_TRUE(origins.add(row(~std::uint64_t{0}, 1, 1'700'000'000, ~std::uint64_t{0}, ~std::uint64_t{0})));
  EXPECT_TRUE(origins.add(row(0, 0, 0, 0, 0)));
  EXPECT_TRUE(origins.add(row(0, 0, 0, 1, 0)));
  EXPECT_EQ(Origins::from_text(origins.to_text()), origins);
}

TEST(Origins, take_nothing_from_a_text_of_another_program) {
  Origins origins;
  EXPECT_TRUE(origins.add(row(1, 2, 3, 4)));
  const std::string text = origins.to_text();
  for (const std::string& foreign :
       {std::string("committed by hand"), text + " ", text + "x", text.substr(0, text.size() - 2), "x" + text,
        text + " 1:2:3:4", std::string("sluice-origins-2 1:2:3:4:5"), text + " 11111111111111111:2:3:4:5"})
    EXPECT_TRUE(Origins::from_text(foreign).empty()) << foreign;
}

TEST(Origins, fit_into_what_a_broker_keeps_with_an_offset) {
  Origins origins;
  const auto big = ~std::uint64_t{0} - 100'000;
  for (std::uint64_t i = 0; i < 1000; ++i)
    EXPECT_TRUE(origins.add(row(big, big, 2'000'000'000, big + i, big)));
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_TRUE(origins.add(row(big, big, 2'000'000'000, 1, i)));
  EXPECT_LT(origins.to_text().size(), 4000U);
  EXPECT_EQ(Origins::from_text(origins.to_text()), origins);
}

}  // namespace
}  // namespace sluice::engine
