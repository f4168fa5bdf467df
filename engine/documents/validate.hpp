// Checks of what comes from a plugin, before anything trusts it. Nothing here reads beyond the bytes given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "core/change.hpp"

namespace sluice::engine {

struct DocumentLimits {
  static constexpr std::size_t bytes = std::size_t{16} * 1024 * 1024;  // MongoDB's limit of a document
  static constexpr int depth = 100;                                    // MongoDB's limit of nesting
};

// The bytes are one well-formed BSON document: lengths, nesting, UTF-8, known types, within DocumentLimits;
// no name is empty, starts with '$', holds a '.', or is "_sluice"; no "_id" at the top. Dates, numbers: any.
[[nodiscard]] Result<void> validate_document(const std::uint8_t* bytes, std::size_t size);

// The same for a value of an operation, condition or id.
[[nodiscard]] Result<void> validate_value(std::uint8_t type, const std::uint8_t* bytes, std::size_t size);

// A dotted path: no empty part, none that starts with '$', no zero byte, none that is "_sluice"; not "_id"
// and nothing below it. At most 100 parts.
[[nodiscard]] Result<void> validate_path(std::string_view path);

// A collection's logical name: 1 to 120 of [A-Za-z0-9_.-], not starting with "_sluice" or "system.".
[[nodiscard]] Result<void> validate_collection(std::string_view name);

}  // namespace sluice::engine
