#include "pipeline/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Router, gives_an_event_to_the_first_route_that_has_its_type) {
  const Router router({{{"A", "B"}, {0}, {}}, {{"B"}, {1}, {}}}, Otherwise::dead_letter);
  EXPECT_THAT(router.find("B")->handlers, ElementsAre(0));
}

TEST(Router, knows_handlers_and_sinks_of_a_route) {
  const Router router({{{"A"}, {2, 0}, {1}}}, Otherwise::dead_letter);
  EXPECT_THAT(router.find("A")->handlers, ElementsAre(2, 0));
  EXPECT_THAT(router.find("A")->sinks, ElementsAre(1));
}

TEST(Router, takes_any_type_by_a_route_without_types_but_after_the_named_ones_before_it) {
  const Router router({{{"A"}, {0}, {}}, {{}, {1}, {}}, {{"B"}, {2}, {}}}, Otherwise::stop);
  EXPECT_THAT(router.find("A")->handlers, ElementsAre(0));
  EXPECT_THAT(router.find("B")->handlers, ElementsAre(1)) << "what follows cannot be reached";
  EXPECT_THAT(router.find("C")->handlers, ElementsAre(1));
}

TEST(Router, leaves_a_type_of_no_route_to_the_otherwise) {
  const Router router({{{"A"}, {0}, {}}}, Otherwise::ignore);
  EXPECT_EQ(router.find("a"), nullptr);
  EXPECT_EQ(router.find(""), nullptr);
  EXPECT_EQ(router.otherwise(), Otherwise::ignore);
}

TEST(Router, marks_routes_that_ignore) {
  const Router router({{{"A"}, {}, {}, true}}, Otherwise::stop);
  EXPECT_TRUE(router.find("A")->ignore);
  EXPECT_THAT(router.find("A")->handlers, IsEmpty());
}

}  // namespace
}  // namespace sluice::engine
