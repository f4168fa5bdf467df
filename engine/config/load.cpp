#include "config/load.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>
#include <tuple>

#include "config/pipeline_reader.hpp"
#include "config/reader.hpp"
#include "config/yaml.hpp"

namespace sluice::engine {
namespace {

using namespace config;
namespace fs = std::filesystem;

// Puts the files together: one engine section, pipelines with names and ids of their own.
class Loader {
 public:
  Loader(const Vocabulary& vocabulary, const Environment& environment)
      : vocabulary_(vocabulary), environment_(environment) {}

  void add_text(std::string text, const fs::path& path) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    const auto file = std::make_shared<SourceFile>(path, std::move(text));
    if (!first_file_) first_file_ = file;
    std::vector<Problem> problems;
    if (const auto root = parse_yaml(file, environment_, problems)) {
      Reader reader(file, problems);
      read_file(reader, *root);
    }
    std::ranges::stable_sort(problems, {},
                             [](const Problem& p) { return std::tuple(p.place.line, p.place.column); });
    std::ranges::move(problems, std::back_inserter(loaded_.problems));
  }

  void add_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (in) return add_text(std::move(text).str(), path);
    refuse(path, "the file cannot be read; is it readable for this user?");
  }

  void add_folder(const fs::path& path) {
    std::error_code failed;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(path, failed)) {
      const fs::path extension = entry.path().extension();
      if ((extension == ".yaml" || extension == ".yml") && entry.is_regular_file(failed))
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    if (files.empty()) return refuse(path, "the folder holds no *.yaml or *.yml file");
    for (const fs::path& file : files) add_file(file);
  }

  void refuse(const fs::path& path, std::string message) {
    loaded_.problems.push_back({{std::make_shared<const SourceFile>(path, ""), 0, 0, 0}, std::move(message)});
  }

  // Defaults of the engine section where no file has one.
  Loaded finish() {
    if (!engine_place_.known() && first_file_) {
      std::vector<Problem> none;
      Reader reader(first_file_, none);
      read_engine(reader, Object{{}, {}, {}, nullptr});
    }
    return std::move(loaded_);
  }

 private:
  void read_file(Reader& reader, const Node& root) {
    const Object file = reader.object(section("file"), &root, {}, Place{reader.file(), 0, 0, 0});
    if (const Node::Entry* engine = file.find("engine")) {
      if (engine_place_.known())
        reader.problem(engine->place, "engine stands in two files; the other is " + to_text(engine_place_));
      engine_place_ = engine->place;
      read_engine(reader, file);
    }
    const Node::Entry* pipelines = file.find("pipelines");
    if (pipelines == nullptr || !reader.expect_mapping(*pipelines->value, "pipelines", "names and pipelines"))
      return;
    if (pipelines->value->entries.empty())
      reader.problem(pipelines->place, "pipelines is empty: there is nothing to run");
    for (const Node::Entry& entry : pipelines->value->entries) read_pipeline(reader, entry);
  }

  void read_engine(Reader& reader, const Object& file) {
    const Object engine = reader.child(file, "engine");
    EngineConfig& config = loaded_.config.engine;
    config.plugin_path.clear();
    for (const std::string& folder : engine.values.texts("plugin_path"))
      config.plugin_path.push_back((reader.file()->folder() / folder).lexically_normal().string());
    config.on_failure = engine.values.text("on_failure") == "keep" ? OnFailure::keep : OnFailure::exit;
    config.state = engine.values.text("state");
    config.log_level = reader.child(engine, "log").values.text("level");
    config.stall_after = engine.values.duration("stall_after");
    if (engine.has("admin")) read_admin(reader, reader.child(engine, "admin"));
  }

  void read_admin(Reader& reader, const Object& admin) {
    const auto listen = parse_listen_address(admin.values.text("listen"));
    if (!listen)
      return reader.problem(admin.place_of("listen"), admin.path + ".listen: " + listen.error().message);
    AdminConfig config{*listen, admin.values.text("token")};
    if (const auto safe = expect_token(config.listen, config.token); !safe)
      reader.problem(admin.place_of("listen"), admin.path + ": " + safe.error().message);
    loaded_.config.engine.admin = std::move(config);
  }

  void read_pipeline(Reader& reader, const Node::Entry& entry) {
    PipelineConfig pipeline = PipelineReader(reader, vocabulary_).read(entry);
    expect_own_identity(reader, pipeline);
    loaded_.config.pipelines.push_back(std::move(pipeline));
  }

  void expect_own_identity(Reader& reader, const PipelineConfig& pipeline) const {
    for (const PipelineConfig& other : loaded_.config.pipelines) {
      if (other.name != pipeline.name && other.id != pipeline.id) continue;
      if (other.name == pipeline.name)
        reader.problem(pipeline.place,
                       "the pipeline \"" + pipeline.name + "\" is already in " + to_text(other.place));
      else
        reader.problem(pipeline.place, "the pipelines \"" + pipeline.name + "\" and \"" + other.name +
                                           "\" (" + to_text(other.place) + ") have the same id, \"" +
                                           pipeline.id + "\"; their watermarks would be mixed up");
      return;
    }
  }

  const Vocabulary& vocabulary_;
  const Environment& environment_;
  std::shared_ptr<SourceFile> first_file_;
  Place engine_place_;
  Loaded loaded_;
};

}  // namespace

Loaded load(const fs::path& file_or_folder, const Vocabulary& vocabulary, const Environment& environment) {
  Loader loader(vocabulary, environment);
  std::error_code failed;
  const fs::file_status status = fs::status(file_or_folder, failed);
  if (fs::is_directory(status))
    loader.add_folder(file_or_folder);
  else if (fs::exists(status))
    loader.add_file(file_or_folder);
  else
    loader.refuse(file_or_folder, "there is no such file or folder");
  return loader.finish();
}

Loaded load_text(std::string text, const fs::path& path, const Vocabulary& vocabulary,
                 const Environment& environment) {
  Loader loader(vocabulary, environment);
  loader.add_text(std::move(text), path);
  return loader.finish();
}

}  // namespace sluice::engine
