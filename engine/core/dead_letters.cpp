#include "core/dead_letters.hpp"

#include <algorithm>

namespace sluice::engine {

void add_unapplied(std::vector<Unapplied>& all, const std::vector<Unapplied>& more) {
  const auto add = [&all](const Unapplied& one) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  };
  if (all.empty() && more.empty()) return;
  if (all.empty() || more.empty()) add(whole_event);
  for (const Unapplied& one : more) add(one);
}

std::string DeadLetter::id() const {
  std::string id = pipeline;
  id.append("/").append(topic).append("/").append(std::to_string(partition));
  id.append("/").append(std::to_string(position.value));
  if (generation != 0) id.append("@").append(std::to_string(generation));
  return id;
}

}  // namespace sluice::engine
