// What `sluice doctor` has to say: one finding for each thing that was looked at.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::engine {

enum class FindingLevel : std::uint8_t {
  ok,
  warning,  // the pipeline runs, but perhaps not as is wanted
  problem,  // it cannot start, or will stop, or loses something
};
[[nodiscard]] constexpr std::string_view to_text(FindingLevel level) noexcept {
  switch (level) {
    case FindingLevel::ok:
      return "ok";
    case FindingLevel::warning:
      return "warning";
    case FindingLevel::problem:
      return "problem";
  }
  return "";
}

// Written for the person who runs the pipeline; never holds a secret.
struct Finding {
  FindingLevel level = FindingLevel::ok;
  std::string part;     // of the pipeline: "source", "store"
  std::string subject;  // what was looked at: "topic orders"
  std::string what;     // one sentence
  std::string remedy;   // what to do about it; empty when all is well
};

// Collects. One thread.
class Findings {
 public:
  // The part of the pipeline that the following findings are about.
  void begin(std::string part) { part_ = std::move(part); }

  void ok(std::string subject, std::string what) {
    add(FindingLevel::ok, std::move(subject), std::move(what), {});
  }
  void warn(std::string subject, std::string what, std::string remedy) {
    add(FindingLevel::warning, std::move(subject), std::move(what), std::move(remedy));
  }
  void problem(std::string subject, std::string what, std::string remedy) {
    add(FindingLevel::problem, std::move(subject), std::move(what), std::move(remedy));
  }

  [[nodiscard]] std::span<const Finding> all() const noexcept { return findings_; }
  [[nodiscard]] std::size_t count(FindingLevel level) const noexcept {
    std::size_t found = 0;
    for (const Finding& finding : findings_) found += finding.level == level ? 1 : 0;
    return found;
  }

 private:
  // What clients and servers say, and sentences are made of, may have its own full stop.
  void add(FindingLevel level, std::string subject, std::string what, std::string remedy) {
    if (what.ends_with("..") || what.ends_with("?.")) what.pop_back();
    findings_.push_back({level, part_, std::move(subject), std::move(what), std::move(remedy)});
  }

  std::string part_;
  std::vector<Finding> findings_;
};

}  // namespace sluice::engine
