// Events that every pipeline must refuse: each kind, the code it must be refused with, and a payload that is
// it.
//
// All are of users that nothing else depends on, so that whatever else a load has must still arrive. What is
// forbidden is a good event whose document the store refuses: all else that its handlers ask for counts.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/random.hpp"
#include "kit/uuid.hpp"

namespace sluice::kit {

enum class PoisonKind : std::uint8_t {
  unknown_type,
  missing_type,
  missing_field,
  wrong_type,
  wrong_uuid,
  wrong_date,
  not_an_object,
  too_deep,
  bad_number,
  reserved_name,
  dotted_name,
  cut_off,
  empty,
  lone_surrogate,
  duplicate_key,
  too_many_keys,
  too_large,
  forbidden,
};

enum class PoisonReach : std::uint8_t {
  everywhere,
  as_text,    // where a payload is any text: PostgreSQL's jsonb refuses it or mends it
  heavy,      // of megabytes, which Kafka does not take: into a SQLite outbox only, and once in a load
  validated,  // on request: only a store with a validator that is made for it refuses it
};

struct Poison {
  PoisonKind kind;
  std::string_view name;  // "cut_off"
  std::string_view code;  // "decode.not_json", as docs/errors.md has it
  PoisonReach reach;
};

// All of them, in the order of their kinds.
[[nodiscard]] std::span<const Poison> all_poison() noexcept;
[[nodiscard]] const Poison& poison(PoisonKind kind) noexcept;

// What can be brought where; beside what is only on request `heavy` reaches furthest.
[[nodiscard]] std::vector<PoisonKind> poison_within(PoisonReach reach);

// By name. Throws std::invalid_argument for one that nobody knows.
[[nodiscard]] PoisonKind poison_named(std::string_view name);

// The type of the event, and its payload appended to `out`, which is empty.
[[nodiscard]] std::string_view append_poison(std::string& out, Random& random, PoisonKind kind,
                                             const Uuid& user);

}  // namespace sluice::kit
