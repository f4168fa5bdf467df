// The generator says what its poison must be refused for; the rules, which know nothing of it, must find the
// same. That the engine does is shown by tests/integration/load.
#include "kit/poison.hpp"

#include <gmock/gmock.h>

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
  for (const PoisonKind kind : poison_within(PoisonReach::heavy)) {
    const Poison& one = poison(kind);
    const Meaning meaning = meaning_of_poison(kind);
    const auto* refused = std::get_if<RefusedEvent>(&meaning);
    ASSERT_NE(refused, nullptr) << one.name;
    EXPECT_EQ(refused->code, one.code) << one.name;
  }
}

TEST(Poison, that_is_forbidden_is_for_the_store_to_refuse) {
  const Meaning meaning = meaning_of_poison(PoisonKind::forbidden);
  const auto* user = std::get_if<UserEvent>(&meaning);
  ASSERT_NE(user, nullptr);
  EXPECT_TRUE(user->forbidden);
}

TEST(Poison, is_known_by_its_name) {
  for (const Poison& one : all_poison()) EXPECT_EQ(poison_named(one.name), one.kind);
  EXPECT_THROW(static_cast<void>(poison_named("arsenic")), std::invalid_argument);
}

TEST(Poison, goes_only_where_it_is_taken) {
  EXPECT_LT(poison_within(PoisonReach::everywhere).size(), poison_within(PoisonReach::as_text).size());
  EXPECT_EQ(poison_within(PoisonReach::validated).size(), all_poison().size());
  EXPECT_THAT(poison_within(PoisonReach::heavy), testing::Not(testing::Contains(PoisonKind::forbidden)));
}

}  // namespace
}  // namespace sluice::kit
