// Waiting for a condition: tests never sleep for a time and hope.
#pragma once

#include <chrono>
#include <functional>
#include <source_location>

namespace sluice::engine {

// Longer than any machine under load needs; a test that meets it has failed.
inline constexpr std::chrono::seconds patience{60};

// Returns as soon as the condition holds; it is asked on the caller's thread, at first without pause, then
// every two milliseconds. Throws, with the place of the call, when it does not hold within the bound.
void wait_until(const std::function<bool()>& condition, std::chrono::steady_clock::duration bound = patience,
                std::source_location where = std::source_location::current());

}  // namespace sluice::engine
