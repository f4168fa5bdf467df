// One document, one id: numbers that are equal are the same id in every store and every share layout.
#pragma once

#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine {

// The id in its one form, its bytes copied into the arena: an int32 or a whole double within int64 becomes an
// int64; text, object_id, binary and date stay. Other types, doubles that are not whole, the empty text and a
// text that holds "_sluice" or a zero byte are refused (handler.invalid_change). The id's bytes are
// well-formed.
[[nodiscard]] Result<bson::Value> normalise_id(const bson::Value& id, Arena& arena);

// For people and dead letters: relaxed Extended JSON, "\"0c5c…\"" or "17".
[[nodiscard]] std::string id_to_text(const bson::Value& id);

}  // namespace sluice::engine
