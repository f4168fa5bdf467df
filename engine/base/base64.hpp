// Base64 of RFC 4648, with its standard alphabet and padding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::engine {

void append_base64(const std::uint8_t* bytes, std::size_t size, std::string& out);

// Nothing if it is no base64.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text);

}  // namespace sluice::engine
