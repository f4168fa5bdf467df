// The options of a handler as they were written, until its plugin says what they mean.
#pragma once

#include <memory>
#include <string>

#include "config/source_file.hpp"
#include "config/yaml.hpp"

namespace sluice::engine {

struct RawOptions {
  std::shared_ptr<SourceFile> file;
  std::shared_ptr<const config::Node> node;
  std::string path;  // "pipelines.activity.handlers.stats.options"
};

}  // namespace sluice::engine
