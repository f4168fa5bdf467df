// The generator says what its poison must be refused for; the rules, which know nothing of it, must find the
// same. That the engine does is shown by tests/integration/load.
#include "kit/poison.hpp"

#include <gtest/gtest.h>

#include "kit/rules.hpp"

namespace sluice::kit {
namespace {

Meaning meaning_of_poison(PoisonKind kind) {
  Random random(1);
  const Uuid user = random_uuid(random);
  std::string payload;
  const std::string_view type = append_poison(payload, random, kind, user);
  return meaning_of({.event_id = "e", .event_type = type, .payload = payload, .created_at = {}});
}

TEST(Poison, is_refused_for_its_reason) {
  for (const Poison& one : all_poison()) {
    const Meaning meaning = meaning_of_poison(one.kind);
    const auto* refused = std::get_if<RefusedEvent>(&meaning);
    ASSERT_NE(refused, nullptr) << one.name;
    EXPECT_EQ(refused->code, one.code) << one.name;
  }
}

TEST(Poison, is_known_by_its_name) {
  for (const Poison& one : all_poison()) EXPECT_EQ(poison_named(one.name), one.kind);
  EXPECT_THROW(static_cast<void>(poison_named("arsenic")), std::invalid_argument);
}

TEST(Poison, goes_only_where_it_is_taken) {
  EXPECT_LT(poison_within(PoisonReach::everywhere).size(), poison_within(PoisonReach::as_text).size());
  EXPECT_EQ(poison_within(PoisonReach::heavy).size(), all_poison().size());
}

}  // namespace
}  // namespace sluice::kit
