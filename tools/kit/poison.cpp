#include "kit/poison.hpp"

#include <algorithm>
#include <stdexcept>

#include "kit/json_text.hpp"
#include "kit/payload.hpp"

namespace sluice::kit {
namespace {

using enum PoisonKind;
using enum PoisonReach;

constexpr std::array table{
    Poison{unknown_type, "unknown_type", "route.no_match", everywhere},
    Poison{missing_type, "missing_type", "decode.bad_field", everywhere},
    Poison{missing_field, "missing_field", "handler.rejected", everywhere},
    Poison{wrong_type, "wrong_type", "handler.rejected", everywhere},
    Poison{wrong_uuid, "wrong_uuid", "handler.rejected", everywhere},
    Poison{wrong_date, "wrong_date", "handler.rejected", everywhere},
    Poison{not_an_object, "not_an_object", "decode.bad_field", everywhere},
    Poison{too_deep, "too_deep", "decode.too_deep", everywhere},
    Poison{bad_number, "bad_number", "decode.bad_number", everywhere},
    Poison{reserved_name, "reserved_name", "decode.reserved_name", everywhere},
    Poison{dotted_name, "dotted_name", "handler.invalid_change", everywhere},
    Poison{cut_off, "cut_off", "decode.not_json", as_text},
    Poison{empty, "empty", "decode.empty", as_text},
    Poison{lone_surrogate, "lone_surrogate", "decode.not_json", as_text},
    Poison{duplicate_key, "duplicate_key", "decode.duplicate_key", as_text},
    Poison{too_many_keys, "too_many_keys", "decode.too_many_keys", heavy},
    Poison{too_large, "too_large", "decode.too_large", heavy},
    Poison{forbidden, "forbidden", "store.refused", validated},
};

static_assert([] {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].kind != static_cast<PoisonKind>(i)) return false;
  return true;
}());

// Beyond the engine's defaults: 100 levels, 100,000 keys, 16 MiB.
constexpr std::size_t depth_of_too_deep = 120;
constexpr std::int64_t keys_of_too_many = 100'001;
constexpr std::size_t bytes_of_too_large = (std::size_t{16} << 20U) + 1;

// Puts other JSON in the place of a text that a user has.
void replace_text(std::string& user, std::string_view name, std::string_view json) {
  std::string member;
  append_quoted(member, name);
  member += ": ";
  const std::size_t value = user.find(member) + member.size();
  user.replace(value, user.find('"', value + 1) + 1 - value, json);
}

// One more member. A payload ends with the brace of its object.
void add_member(std::string& user, std::string_view member) {
  user.pop_back();
  user.append(", ").append(member).append("}");
}

std::string nested_lists() {
  return R"("extra": )" + std::string(depth_of_too_deep, '[') + std::string(depth_of_too_deep, ']');
}

std::string many_keys() {
  std::string member = R"("extra": )";
  JsonObject keys(member);
  std::string name;
  for (std::int64_t i = 0; i < keys_of_too_many; ++i) {
    name = "k";
    append_number(name, i);
    keys.number(name, 0);
  }
  return member;
}

}  // namespace

std::span<const Poison> all_poison() noexcept { return table; }

const Poison& poison(PoisonKind kind) noexcept { return table[static_cast<std::size_t>(kind)]; }

std::vector<PoisonKind> poison_within(PoisonReach reach) {
  std::vector<PoisonKind> kinds;
  for (const Poison& one : table)
    if (one.reach <= reach) kinds.push_back(one.kind);
  return kinds;
}

PoisonKind poison_named(std::string_view name) {
  const auto* const found = std::ranges::find(table, name, &Poison::name);
  if (found == table.end())
    throw std::invalid_argument("no kind of poison is named '" + std::string(name) + "'");
  return found->kind;
}

std::string_view append_poison(std::string& out, Random& random, PoisonKind kind, const Uuid& user) {
  append_user(out, random, user);
  switch (kind) {
    case unknown_type:
      return "UserTeleported";
    case missing_type:
      return "";
    case missing_field:
      replace_text(out, "email", "null");
      break;
    case wrong_type:
      replace_text(out, "email", "17");
      break;
    case wrong_uuid:
      replace_text(out, "user_id", R"("nobody")");
      break;
    case wrong_date:
      replace_text(out, "created_at", R"("2026-02-30T25:61:00Z")");
      break;
    case not_an_object:
      out = "[1, 2]";
      break;
    case too_deep:
      add_member(out, nested_lists());
      break;
    case bad_number:
      add_member(out, R"("extra": )" + std::string(400, '9'));  // fits neither a double nor a decimal
      break;
    case reserved_name:
      add_member(out, R"("_sluice": 1)");
      break;
    case dotted_name:
      add_member(out, R"("extra.name": 1)");
      break;
    case cut_off:
      out.resize(out.size() / 2);
      break;
    case empty:
      out.clear();
      break;
    case lone_surrogate:
      add_member(out, R"("extra": "\ud83d")");
      break;
    case duplicate_key:
      add_member(out, R"("phone": "+1-555-0000")");
      break;
    case too_many_keys:
      add_member(out, many_keys());
      break;
    case too_large:
      add_member(out, R"("extra": ")" + std::string(bytes_of_too_large, 'x') + '"');
      break;
    case forbidden:
      add_member(out, R"("forbidden": true)");
      break;
  }
  return "UserCreated";
}

}  // namespace sluice::kit
