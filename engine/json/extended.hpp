// The values that Extended JSON version 2 writes as objects: {"$date": …}, {"$oid": …}, ….
#pragma once

#include <cstdint>
#include <string_view>

#include "json/tokens.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {

enum class ExtendedValue : std::uint8_t {
  written,
  plain,      // an object like any other: the tokens stand where they stood
  malformed,  // tokens.failure() tells why
};

// Reads one value, the tokens standing at its '{', into the writer. $minKey, $maxKey, $symbol, $code and
// $dbPointer have no type here and are refused.
[[nodiscard]] ExtendedValue read_extended_value(JsonTokens& tokens, std::string_view name,
                                                bson::Writer& writer);

}  // namespace sluice::engine
