// Examines a pipeline: what its connectors find (core/examination.hpp), and what only the engine knows:
// plugins, routes, records as its decoder and handlers take them, positions, dead letters, the breaker.
// Nothing is changed.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "assembly/setup.hpp"
#include "core/finding.hpp"
#include "examine/sampled_records.hpp"

namespace sluice::engine {

struct PipelineFindings {
  std::string pipeline;
  Findings findings;
};

class Doctor {
 public:
  // The setup outlives it. What does not answer is given up after `patience`.
  Doctor(const Setup& setup, milliseconds patience) : setup_(setup), patience_(patience) {}

  [[nodiscard]] PipelineFindings examine(const PipelineConfig& pipeline) const;

 private:
  [[nodiscard]] bool examine_plugins(const PipelineConfig& pipeline, Findings& findings) const;
  [[nodiscard]] std::shared_ptr<Journal> examine_memory(const PipelineConfig& pipeline,
                                                        Findings& findings) const;
  void examine_source(const PipelineConfig& pipeline, Journal* journal, Findings& findings) const;
  void examine_journal(const PipelineConfig& pipeline, Journal& journal, Findings& findings) const;
  void examine_dead_letters(const PipelineConfig& pipeline, Findings& findings) const;

  const Setup& setup_;
  milliseconds patience_;
};

}  // namespace sluice::engine
