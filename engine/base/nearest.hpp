// "Did you mean …?"
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::engine {

// The name that a person most likely meant: the nearest by insertions, deletions, replacements and swaps of
// neighbours, case aside; nothing when none is near enough to be a slip. The first of equals.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view written,
                                                      std::span<const std::string_view> names);

// Ends an error about an unknown name: `; did you mean "batch"?`, else `; there are: a, b, c`, else nothing.
[[nodiscard]] std::string suggestion(std::string_view written, std::span<const std::string_view> names);

}  // namespace sluice::engine
