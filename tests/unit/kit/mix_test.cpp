#include "kit/mix.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace sluice::kit {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Mix, is_three_shares) {
  EXPECT_EQ(parse_mix("50/30/20"), (Mix{50, 30, 20}));
  EXPECT_EQ(parse_mix("1/0/0"), (Mix{1, 0, 0}));
}

TEST(Mix, refuses_anything_else) {
  for (const char* text :
       {"", "50", "50/30", "50/30/20/0", "50-30-20", "a/b/c", "-1/1/1", "50/30/20 ", "9999999/1/1"})
    EXPECT_THAT([=] { return parse_mix(text); }, ThrowsMessage<std::invalid_argument>(HasSubstr("50/30/20")))
        << text;
}

TEST(Quota, gives_each_kind_its_share_of_any_number) {
  EXPECT_EQ(divide(10, {50, 30, 20}), (Quota{5, 3, 2}));
  EXPECT_EQ(divide(10, {40, 30, 30}), (Quota{4, 3, 3}));
  EXPECT_EQ(divide(1'000'000, {1, 1, 1}).total(), 1'000'000U);
  EXPECT_EQ(divide(0, {50, 30, 20}), Quota{});
  for (std::uint64_t events = 1; events < 200; ++events)
    EXPECT_EQ(divide(events, {50, 30, 20}).total(), events);
}

TEST(Quota, refuses_a_world_that_cannot_hold_together) {
  EXPECT_THROW(static_cast<void>(divide(10, {0, 0, 0})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(divide(10, {0, 1, 0})), std::invalid_argument);
  EXPECT_THAT(([] {
                return divide(100, {1, 1, 98});
              }),
              ThrowsMessage<std::invalid_argument>(HasSubstr("1 users can join 1 activities only 1 times")));
}

}  // namespace
}  // namespace sluice::kit
