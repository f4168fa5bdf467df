#include "base/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice::engine {
namespace {

constexpr std::array<std::string_view, 4> names{"batch", "writers", "workers", "dead_letters"};

TEST(Nearest, forgives_a_slip_of_the_fingers) {
  EXPECT_EQ(nearest("bacth", names), "batch");
  EXPECT_EQ(nearest("Batch", names), "batch");
  EXPECT_EQ(nearest("writer", names), "writers");
  EXPECT_EQ(nearest("deadletters", names), "dead_letters");
}

TEST(Nearest, finds_a_name_by_its_beginning) { EXPECT_EQ(nearest("dead", names), "dead_letters"); }

TEST(Nearest, stays_silent_when_nothing_is_near) {
  EXPECT_EQ(nearest("store", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), names), std::nullopt);
}

TEST(Nearest, suggests_all_names_when_none_is_near) {
  EXPECT_EQ(suggestion("wokers", names), "; did you mean \"workers\"?");
  EXPECT_EQ(suggestion("qqq", names), "; there are: batch, writers, workers, dead_letters");
  EXPECT_EQ(suggestion("qqq", {}), "");
}

}  // namespace
}  // namespace sluice::engine
