// Versions of plugins, and the ranges of them that a configuration accepts: ">=1.0 <2".
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice::engine {

class VersionRange {
 public:
  // Conditions separated by spaces, all of which must hold: >=, >, <=, <, = and a version of one to three
  // numbers; "1.2" alone is "=1.2", "*" or nothing is any. A version with fewer numbers is compared by these
  // alone: =1.2 holds for 1.2.9, and <=1 for 1.9.
  [[nodiscard]] static Result<VersionRange> parse(std::string_view text);

  // False for what is no version, such as "1.x".
  [[nodiscard]] bool contains(std::string_view version) const;
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  enum class Comparison { at_least, above, at_most, below, equal };
  struct Condition {
    Comparison comparison;
    std::vector<unsigned> version;
  };
  static bool holds(const Condition& condition, const std::vector<unsigned>& version);

  std::string text_;
  std::vector<Condition> conditions_;
};

}  // namespace sluice::engine
