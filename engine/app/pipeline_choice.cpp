#include "app/pipeline_choice.hpp"

#include "app/command_failed.hpp"

namespace sluice::engine {

void add_pipeline_option(CLI::App& command, std::string& name) {
  command
      .add_option("-p,--pipeline", name, "The pipeline meant, by its name; needed where there are several")
      ->type_name("NAME");
}

std::vector<const PipelineConfig*> select_pipelines(const Config& config, const std::string& name) {
  std::vector<const PipelineConfig*> selected;
  for (const PipelineConfig& pipeline : config.pipelines)
    if (name.empty() || pipeline.name == name || pipeline.id == name) selected.push_back(&pipeline);
  if (!selected.empty()) return selected;
  std::string known;
  for (const PipelineConfig& pipeline : config.pipelines)
    known += (known.empty() ? "" : ", ") + pipeline.name;
  throw CommandFailed(ExitCode::usage, "there is no pipeline \"" + name + "\"; there are: " + known);
}

const PipelineConfig& select_pipeline(const Config& config, const std::string& name) {
  const auto selected = select_pipelines(config, name);
  if (selected.size() == 1) return *selected.front();
  std::string known;
  for (const PipelineConfig* pipeline : selected) known += (known.empty() ? "" : ", ") + pipeline->name;
  throw CommandFailed(ExitCode::usage, "there are several pipelines, say which with -p: " + known);
}

}  // namespace sluice::engine
