// Judges sampled records as the pipeline would: decoded, routed, handled; nothing of it is kept. For `sluice
// doctor`, which says what would become a dead letter before it does.
#pragma once

#include <map>
#include <set>
#include <string>

#include "core/finding.hpp"
#include "core/record.hpp"
#include "examine/trial.hpp"

namespace sluice::engine {

class SampledRecords {
 public:
  // Both outlive it.
  SampledRecords(const PipelineConfig& pipeline, Handling& handling) : trial_(pipeline, handling) {}

  void judge(const Record& record);
  // Findings about formats and routes, and, of topics with several partitions, about keys.
  void report(const std::map<std::string, int>& partitions, Findings& findings) const;

 private:
  struct Topic {
    std::size_t records = 0;
    std::size_t events = 0;
    std::size_t bad = 0;  // would be dead letters
    TrialReport first_bad;
    std::string first_bad_place;
    std::map<std::string, std::size_t> types;
    std::size_t other_keys = 0;  // are not that of the aggregate
    std::string other_key;       // the first
    std::string other_aggregate;
  };
  void report_formats(const std::string& name, const Topic& topic, Findings& findings) const;
  void report_keys(const std::string& name, const Topic& topic, Findings& findings) const;

  Trial trial_;
  std::map<std::string, Topic> topics_;
};

}  // namespace sluice::engine
