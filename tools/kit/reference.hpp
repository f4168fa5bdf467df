// The single-threaded reference: what the documents must be, computed from the events alone, one event after
// another.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kit/event_rows.hpp"
#include "kit/rules.hpp"

namespace sluice::kit {

struct ReferenceSummary {
  std::uint64_t events = 0;
  std::uint64_t users = 0;
  std::uint64_t activities = 0;
  std::uint64_t participations = 0;
  std::map<std::string, std::uint64_t> activities_by_type;
  std::optional<Micros> last_event_at;
  struct Refusal {
    std::string code;
    std::int64_t position = 0;  // 0: not known
  };
  std::multimap<std::string, Refusal> dead_letters;  // by event id: what must be among them

  [[nodiscard]] Json statistics() const;  // the document statistics/global
};

class Reference {
 public:
  explicit Reference(std::unique_ptr<EventSource> events);

  // Reads all events and calls `document` once for each document of users and activities in its final
  // state, in the order of their creation. Memory: the participations, not the documents.
  using Visit = std::function<void(std::string_view collection, const std::string& id, const Json& document)>;
  ReferenceSummary run(const Visit& document);

  struct Joining {
    std::string user;
    std::string event_id;
    std::int64_t position = 0;
  };
  // Who joined an activity, in order; known after run().
  [[nodiscard]] std::span<const Joining> joinings(const std::string& activity) const;

 private:
  void read_joinings();

  std::unique_ptr<EventSource> events_;
  std::unordered_map<std::string, std::vector<Joining>> joinings_;
};

}  // namespace sluice::kit
