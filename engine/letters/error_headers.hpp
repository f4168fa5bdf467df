// What a letter says of its failure in headers of a record.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dead_letters.hpp"

namespace sluice::engine {

// The headers of Kafka Connect (__connect.errors.…) and our own (sluice.…) for a letter: what its copy in a
// topic or file carries beside the record's own headers, which must not keep older ones of these names.
// Long texts are cut to error_text_limit bytes.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> error_headers(const DeadLetter& letter);
inline constexpr std::size_t error_text_limit = 4096;

// Whether a header of this name is one of those, and so is replaced, never kept beside a second.
[[nodiscard]] bool is_error_header(std::string_view name) noexcept;
// Fills from these headers all of a letter but what is the record's own (key, value, headers, timestamp).
// False if they do not make a letter of ours; the letter is then worthless.
[[nodiscard]] bool read_error_headers(
    std::span<const std::pair<std::string, std::optional<std::string>>> headers, DeadLetter& letter);

}  // namespace sluice::engine
