// One pipeline of a file: from its node to a PipelineConfig.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/reader.hpp"
#include "config/vocabulary.hpp"

namespace sluice::engine::config {

class PipelineReader {
 public:
  PipelineReader(Reader& reader, const Vocabulary& vocabulary) : reader_(reader), vocabulary_(vocabulary) {}

  [[nodiscard]] PipelineConfig read(const Node::Entry& entry);

 private:
  void read_identity(const Object& object);
  void read_variants(const Object& object);
  [[nodiscard]] VariantConfig usual_decoder(const Object& object);
  void read_plugins(const Object& object);
  void read_handlers(const Object& object);
  void read_handler(const Node::Entry& entry, const std::string& path);
  void read_collections(const Object& object);
  [[nodiscard]] IndexSpec read_index(const Node& node, const std::string& path);
  void read_limits(const Object& object);

  // Reads what is given over what there is.
  [[nodiscard]] BatchConfig batch(const Object& parent, BatchConfig inherited, bool inherits);
  [[nodiscard]] RetryConfig retry(const Object& parent, RetryConfig inherited, bool inherits);
  [[nodiscard]] microseconds wait(const Object& parent, microseconds inherited, bool inherits);

  void expect_name(const std::string& name, const Place& place, std::string_view what);

  Reader& reader_;
  const Vocabulary& vocabulary_;
  PipelineConfig pipeline_;
};

// A plugin's component by its whole name, "activity.user_created".
struct ComponentName {
  std::string plugin;
  std::string component;
};
[[nodiscard]] std::optional<ComponentName> component_name(std::string_view text);

// A handler with the pipeline's settings.
[[nodiscard]] HandlerConfig make_handler(const PipelineConfig& pipeline, std::string name,
                                         ComponentName component, const Place& place);

// Complains about a plugin that the pipeline does not list, and says whether it does.
bool expect_plugin(Reader& reader, const PipelineConfig& pipeline, const std::string& plugin,
                   const Place& place, const std::string& path);

// Sets the pipeline's routes, and adds the handlers that they name directly (routes.cpp).
void read_routes(Reader& reader, const Object& object, PipelineConfig& pipeline);

}  // namespace sluice::engine::config
