// Numbers for people: in the log, in summaries, on the dashboard and in what commands say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::engine {

// "12345678" as "12,345,678".
[[nodiscard]] std::string grouped(std::uint64_t number);
// Milliseconds with two or three digits that matter: "0.84 ms", "12.3 ms", "1.52 s".
[[nodiscard]] std::string duration_for_people(double ms);
// "1 letter", "2 letters".
[[nodiscard]] std::string counted(std::size_t count, const std::string& noun);

}  // namespace sluice::engine
