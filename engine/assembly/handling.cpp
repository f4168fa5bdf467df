#include "assembly/handling.hpp"

namespace sluice::engine {

Handling::Handling(const PipelineConfig& pipeline, const Setup& setup)
    : Handling(pipeline, make_handling(pipeline, setup)) {}

Handling::Handling(const PipelineConfig& pipeline, PipelineParts parts)
    : decoder_(make_decoder(pipeline)), router_(std::move(parts.routes), parts.otherwise) {
  for (const HandlerBinding& handler : parts.handlers) {
    handler_names_.push_back(handler.name);
    handlers_.push_back(handler.make());
  }
  for (const SinkBinding& sink : parts.sinks) {
    sink_names_.push_back(sink.name);
    sinks_.push_back(sink.make());
  }
}

ReplayTargets Handling::targets(std::string_view type) const {
  ReplayTargets targets;
  const RouteTarget* route = router_.find(type);
  if (route == nullptr || route->ignore) return targets;
  for (const std::size_t handler : route->handlers)
    targets.handlers.push_back({handler_names_[handler], handlers_[handler].get()});
  for (const std::size_t sink : route->sinks)
    targets.sinks.push_back({sink_names_[sink], sinks_[sink].get()});
  return targets;
}

}  // namespace sluice::engine
