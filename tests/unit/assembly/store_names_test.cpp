// What a handler calls a collection, and what the store does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assembly/assemble.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

PipelineConfig with(std::vector<std::pair<std::string, std::string>> names) {
  PipelineConfig pipeline;
  for (const auto& [logical, name] : names) pipeline.collections.push_back({logical, {name, {}, false}});
  return pipeline;
}

TEST(StoreNames, are_those_of_the_configuration_and_else_the_same) {
  const auto names = store_names(with({{"people", "users"}, {"activities", "activities"}}));
  EXPECT_EQ(names("people").value(), "users");
  EXPECT_EQ(names("activities").value(), "activities");
  EXPECT_EQ(names("others").value(), "others");
}

TEST(StoreNames, need_no_looking_up_where_all_are_the_same) {
  EXPECT_FALSE(store_names(with({{"users", "users"}})));
}

TEST(StoreNames, are_refused_to_a_collection_that_would_be_another_one) {
  const auto names = store_names(with({{"people", "users"}}));
  const auto refused = names("users");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::handler_invalid_change);
  EXPECT_THAT(refused.error().message, HasSubstr("\"people\" has that name"));
}

TEST(StoreNames, may_be_exchanged) {
  const auto names = store_names(with({{"people", "users"}, {"users", "people"}}));
  EXPECT_EQ(names("people").value(), "users");
  EXPECT_EQ(names("users").value(), "people");
}

}  // namespace
}  // namespace sluice::engine
