// A pipeline's decoder, routes, handlers and sinks without the pipeline: for commands that handle single
// events.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "assembly/assemble.hpp"
#include "pipeline/router.hpp"
#include "replay/replayer.hpp"

namespace sluice::engine {

// One thread at a time.
class Handling {
 public:
  // Makes one instance of each handler and sink. Throws ConfigurationError.
  Handling(const PipelineConfig& pipeline, const Setup& setup);

  [[nodiscard]] Decoder& decoder() noexcept { return *decoder_; }
  [[nodiscard]] const Router& router() const noexcept { return router_; }
  // Nothing for a type that no route takes, or one that a route ignores.
  [[nodiscard]] ReplayTargets targets(std::string_view type) const;

 private:
  Handling(const PipelineConfig& pipeline, PipelineParts parts);

  std::unique_ptr<Decoder> decoder_;
  Router router_;
  std::vector<std::string> handler_names_;
  std::vector<std::unique_ptr<Handler>> handlers_;
  std::vector<std::string> sink_names_;
  std::vector<std::unique_ptr<Sink>> sinks_;
};

}  // namespace sluice::engine
