// What a document's marks say about a write: read back whenever an answer leaves it open what happened.
#pragma once

#include <cstdint>

#include "core/write.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine::mongodb {

enum class Presence : std::uint8_t { absent, tombstone, live };

struct Standing {
  Presence presence = Presence::absent;
  bool reached = false;    // the guard says: applied, or what comes after it was
  bool exactly = false;    // reached, and the mark is the one that this write leaves
  bool overtaken = false;  // a replay that would overwrite what newer events made
};

// `document`: at least _id and _sluice of it.
[[nodiscard]] Standing standing_of(const Write& write, bson::View document) noexcept;

// The marks' names within _sluice.
inline constexpr const char* marks_name = "_sluice";
inline constexpr const char* replayed_name = "replayed";
inline constexpr const char* removed_name = "removed";

}  // namespace sluice::engine::mongodb
