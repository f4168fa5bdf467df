// Numbers for people.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace sluice::kit {

[[nodiscard]] inline std::string with_commas(std::uint64_t number) {  // "1,234,567"
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

[[nodiscard]] inline std::string fixed(double number, int digits) {  // "0.25"
  char text[64];
  const int length = std::snprintf(text, sizeof text, "%.*f", digits, number);
  return length < 0 ? std::string{} : std::string(text, static_cast<std::size_t>(length));
}

[[nodiscard]] inline double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

}  // namespace sluice::kit
