#include "config/pipeline_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hash.hpp"
#include "base/nearest.hpp"
#include "config/raw_options.hpp"
#include "documents/validate.hpp"

namespace sluice::engine::config {
namespace {

constexpr std::size_t longest_name = 100;

bool name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, name_character);
}

// What a file held is not hashed, only that it was named: a fingerprint is kept and shown.
std::uint64_t fingerprint(const Node& node, std::uint64_t seed) {
  std::uint64_t hash = mix(seed, static_cast<std::uint64_t>(node.kind));
  hash = stable_hash(node.from_file ? node.written : node.text, hash);
  for (const auto& item : node.items) hash = fingerprint(*item, hash);
  for (const Node::Entry& entry : node.entries)
    hash = fingerprint(*entry.value, stable_hash(entry.key, hash));
  return hash;
}

std::string hexadecimal(std::uint64_t value) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return {digits.data(), end.ptr};
}

}  // namespace

std::optional<ComponentName> component_name(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view plugin = text.substr(0, dot);
  const std::string_view component = text.substr(dot + 1);
  if (!is_name(plugin) || !is_name(component)) return std::nullopt;
  return ComponentName{std::string(plugin), std::string(component)};
}

HandlerConfig make_handler(const PipelineConfig& pipeline, std::string name, ComponentName component,
                           const Place& place) {
  HandlerConfig handler;
  handler.name = std::move(name);
  handler.plugin = std::move(component.plugin);
  handler.component = std::move(component.component);
  handler.place = place;
  handler.wait_for = pipeline.wait_for;
  handler.writers =
      default_options(std::span(&section("handler").field("writers").spec, 1)).integer("writers");
  handler.batch = pipeline.batch;
  handler.retry = pipeline.retry;
  return handler;
}

bool expect_plugin(Reader& reader, const PipelineConfig& pipeline, const std::string& plugin,
                   const Place& place, const std::string& path) {
  std::vector<std::string_view> names;
  for (const PluginConfig& listed : pipeline.plugins) {
    if (listed.name == plugin) return true;
    names.push_back(listed.name);
  }
  std::string message = path + ": the plugin \"" + plugin + "\" is not among the pipeline's plugins";
  if (names.empty()) message += "; write plugins: { " + plugin + ": \"*\" }";
  reader.problem(place, message + suggestion(plugin, names));
  return false;
}

PipelineConfig PipelineReader::read(const Node::Entry& entry) {
  pipeline_ = {};
  pipeline_.name = entry.key;
  pipeline_.place = entry.place;
  expect_name(entry.key, entry.place, "a pipeline's name");
  const Object object =
      reader_.object(section("pipeline"), entry.value.get(), path_of("pipelines", entry.key), entry.place);
  pipeline_.fingerprint = hexadecimal(fingerprint(*entry.value, 0));

  read_identity(object);
  read_limits(object);
  read_variants(object);
  read_plugins(object);
  read_handlers(object);
  read_routes(reader_, object, pipeline_);
  read_collections(object);
  return std::move(pipeline_);
}

void PipelineReader::read_identity(const Object& object) {
  pipeline_.id = object.values.text("id");
  if (pipeline_.id.empty())
    pipeline_.id = pipeline_.name;
  else
    expect_name(pipeline_.id, object.place_of("id"), object.path + ".id");
  pipeline_.generation = static_cast<int>(object.values.integer("generation"));

  if (!object.has("share")) return;
  const Object share = reader_.child(object, "share");
  const std::int64_t index = share.values.integer("index");
  const std::int64_t of = share.values.integer("of");
  pipeline_.share = {static_cast<std::uint32_t>(index),
                     static_cast<std::uint32_t>(std::max<std::int64_t>(of, 1))};
  if (of > 0 && index >= of)
    reader_.problem(share.place_of("index"), share.path + ".index: " + std::to_string(index) +
                                                 " is beyond the last of " + std::to_string(of) +
                                                 " instances, which is " + std::to_string(of - 1));
}

void PipelineReader::read_limits(const Object& object) {
  const Options& values = object.values;
  pipeline_.workers = values.integer("workers");
  pipeline_.writers = values.integer("writers");
  pipeline_.commit_interval = values.duration("commit_interval");
  pipeline_.shutdown_timeout = values.duration("shutdown_timeout");
  pipeline_.metrics_file = values.text("metrics_file");
  pipeline_.batch = batch(object, {}, false);
  pipeline_.retry = retry(object, {}, false);
  pipeline_.wait_for = wait(object, {}, false);

  const Node::Entry* breaker_entry = object.find("breaker");
  const bool off = breaker_entry != nullptr && breaker_entry->value->kind == Node::Kind::scalar &&
                   breaker_entry->value->text == "off";
  if (!off) {
    const Object breaker = reader_.child(object, "breaker");
    pipeline_.breaker = BreakerConfig{breaker.values.number("ratio"), breaker.values.integer("window")};
    if (pipeline_.breaker->ratio <= 0 || pipeline_.breaker->ratio > 1)
      reader_.problem(breaker.place_of("ratio"),
                      breaker.path + ".ratio must be above 0 and at most 1; write breaker: off to have none");
  }

  const Object limits = reader_.child(object, "limits");
  pipeline_.limits = {limits.values.integer("events"), limits.values.bytes("bytes"),
                      limits.values.integer("distance")};
  const auto exceeds = [&](std::int64_t batch, std::int64_t limit, std::string_view what) {
    if (batch <= limit) return;
    const Object& given = limits.has(what) ? limits : object;
    reader_.problem(given.place_of(limits.has(what) ? what : "batch"),
                    object.path + ": limits." + std::string(what) + " is below batch." + std::string(what) +
                        ", so that a batch could never be full");
  };
  exceeds(pipeline_.batch.events, pipeline_.limits.events, "events");
  exceeds(pipeline_.batch.bytes, pipeline_.limits.bytes, "bytes");
}

void PipelineReader::read_variants(const Object& object) {
  const auto read = [&](std::string_view name, const std::vector<VariantSpec>& variants) {
    const Node::Entry* entry = object.find(name);
    std::optional<VariantConfig> variant;
    if (entry != nullptr) variant = reader_.variant(variants, *entry, path_of(object.path, name));
    return variant;
  };
  pipeline_.source = read("source", vocabulary_.sources).value_or(VariantConfig{});
  pipeline_.decode = object.has("decode") ? read("decode", vocabulary_.decoders).value_or(VariantConfig{})
                                          : usual_decoder(object);
  pipeline_.store = read("store", vocabulary_.stores);
  pipeline_.dead_letters = read("dead_letters", vocabulary_.dead_letters);
}

// What the source says that its records are decoded by.
VariantConfig PipelineReader::usual_decoder(const Object& object) {
  const auto named = [](const std::vector<VariantSpec>& variants, std::string_view name) {
    return std::find_if(variants.begin(), variants.end(),
                        [&](const VariantSpec& one) { return one.name == name; });
  };
  const auto source = named(vocabulary_.sources, pipeline_.source.name);
  if (source == vocabulary_.sources.end()) return {};  // a problem of its own
  const auto decoder = named(vocabulary_.decoders, source->decoder);
  if (decoder != vocabulary_.decoders.end())
    return {std::string(decoder->name), default_options(decoder->options), {}, object.place};
  reader_.problem(
      object.place,
      object.path +
          " lacks \"decode\": how a record becomes an event, such as decode: { debezium_outbox: {} }");
  return {};
}

void PipelineReader::read_plugins(const Object& object) {
  const Node::Entry* plugins = object.find("plugins");
  const std::string path = path_of(object.path, "plugins");
  if (plugins == nullptr || !reader_.expect_mapping(*plugins->value, path, "plugins and their versions"))
    return;
  for (const Node::Entry& entry : plugins->value->entries) {
    expect_name(entry.key, entry.place, "a plugin's name");
    if (entry.value->kind != Node::Kind::scalar) {
      reader_.problem(
          entry.value->place,
          path_of(path, entry.key) + " needs the versions that fit, such as \">=1.0 <2\", or \"*\" for any");
      continue;
    }
    pipeline_.plugins.push_back({entry.key, entry.value->text, entry.value->place});
  }
}

void PipelineReader::read_handlers(const Object& object) {
  const Node::Entry* handlers = object.find("handlers");
  const std::string path = path_of(object.path, "handlers");
  if (handlers == nullptr || !reader_.expect_mapping(*handlers->value, path, "names and handlers")) return;
  for (const Node::Entry& entry : handlers->value->entries) read_handler(entry, path_of(path, entry.key));
}

void PipelineReader::read_handler(const Node::Entry& entry, const std::string& path) {
  expect_name(entry.key, entry.place, "a handler's name");
  const Object object = reader_.object(section("handler"), entry.value.get(), path, entry.place);
  const std::string& use = object.values.text("use");
  auto component = component_name(use);
  if (!component && !use.empty())
    reader_.problem(object.place_of("use"),
                    path + ".use: \"" + use +
                        "\" names no component; write plugin.component, such as activity.user_created");
  if (component) expect_plugin(reader_, pipeline_, component->plugin, object.place_of("use"), path + ".use");

  HandlerConfig handler =
      make_handler(pipeline_, entry.key, component.value_or(ComponentName{}), entry.place);
  handler.batch = batch(object, pipeline_.batch, true);
  handler.retry = retry(object, pipeline_.retry, true);
  handler.wait_for = wait(object, pipeline_.wait_for, true);
  handler.writers = object.values.integer("writers");
  const auto given = [&](std::string_view name) {
    const Node::Entry* found = object.find(name);
    return found == nullptr ? Place{} : found->place;
  };
  handler.given = {given("wait"), given("writers"), given("batch"), given("retry")};
  if (const Node::Entry* options = object.find("options")) {
    reader_.hide(*options->value);  // which are secret is known when the plugin is loaded
    handler.raw =
        std::make_shared<const RawOptions>(RawOptions{reader_.file(), options->value, path + ".options"});
  }
  pipeline_.handlers.push_back(std::move(handler));
}

void PipelineReader::read_collections(const Object& object) {
  const Node::Entry* collections = object.find("collections");
  const std::string path = path_of(object.path, "collections");
  if (collections == nullptr || !reader_.expect_mapping(*collections->value, path, "names and collections"))
    return;
  if (!object.has("store"))
    reader_.problem(collections->place, path + " without a store: there is nothing to hold them");

  for (const Node::Entry& entry : collections->value->entries) {
    const Object collection =
        reader_.object(section("collection"), entry.value.get(), path_of(path, entry.key), entry.place);
    if (auto valid = validate_collection(entry.key); !valid)
      reader_.problem(entry.place, collection.path + ": " + valid.error().message);
    CollectionConfig config{entry.key, {}};
    config.spec.name = collection.values.text("name");
    if (config.spec.name.empty())
      config.spec.name = entry.key;
    else if (auto valid = validate_collection(config.spec.name); !valid)
      reader_.problem(collection.place_of("name"), collection.path + ".name: " + valid.error().message);
    config.spec.tombstones = collection.values.text("remove") == "tombstone";

    const Node::Entry* indexes = collection.find("indexes");
    const std::string indexes_path = path_of(collection.path, "indexes");
    if (indexes != nullptr &&
        reader_.expect_list(*indexes->value, indexes_path, "indexes, such as { keys: { email: 1 } }"))
      for (const auto& item : indexes->value->items)
        config.spec.indexes.push_back(read_index(*item, indexes_path));

    for (const CollectionConfig& other : pipeline_.collections)
      if (other.spec.name == config.spec.name)
        reader_.problem(entry.place, collection.path + " and " + path_of(path, other.logical_name) +
                                         " are both called \"" + config.spec.name + "\" in the store");
    pipeline_.collections.push_back(std::move(config));
  }
}

IndexSpec PipelineReader::read_index(const Node& node, const std::string& path) {
  const Object object = reader_.object(section("index"), &node, path, node.place);
  IndexSpec index;
  index.unique = object.values.boolean("unique");
  const Node::Entry* keys = object.find("keys");
  if (keys == nullptr || !reader_.expect_mapping(*keys->value, path + ".keys", "paths, such as { email: 1 }"))
    return index;
  if (keys->value->entries.empty())
    reader_.problem(keys->place, path + ".keys is empty; an index needs a path, such as { email: 1 }");
  for (const Node::Entry& key : keys->value->entries) {
    if (auto valid = validate_path(key.key); !valid)
      reader_.problem(key.place, path + ".keys: " + valid.error().message);
    if (key.value->text != "1" && key.value->text != "-1")
      reader_.problem(key.value->place, path + ".keys." + key.key + " is 1 (ascending) or -1 (descending)");
    index.keys.push_back({key.key, key.value->text == "-1"});
  }
  return index;
}

BatchConfig PipelineReader::batch(const Object& parent, BatchConfig inherited, bool inherits) {
  const Object object = reader_.child(parent, "batch");
  BatchConfig batch = inherited;
  if (!inherits || object.has("events")) batch.events = object.values.integer("events");
  if (!inherits || object.has("bytes")) batch.bytes = object.values.bytes("bytes");
  if (!inherits || object.has("linger")) batch.linger = object.values.duration("linger");
  return batch;
}

RetryConfig PipelineReader::retry(const Object& parent, RetryConfig inherited, bool inherits) {
  const Object object = reader_.child(parent, "retry");
  RetryConfig retry = inherited;
  if (!inherits || object.has("initial")) retry.initial = object.values.duration("initial");
  if (!inherits || object.has("max")) retry.max = object.values.duration("max");
  if (retry.max < retry.initial)
    reader_.problem(object.place_of(object.has("max") ? "max" : "initial"),
                    object.path + ": the longest pause, " + duration_to_text(retry.max) +
                        ", is below the first, " + duration_to_text(retry.initial));
  return retry;
}

microseconds PipelineReader::wait(const Object& parent, microseconds inherited, bool inherits) {
  const Object object = reader_.child(parent, "wait");
  return !inherits || object.has("for") ? object.values.duration("for") : inherited;
}

void PipelineReader::expect_name(const std::string& name, const Place& place, std::string_view what) {
  if (is_name(name)) return;
  reader_.problem(place, std::string(what) + " is made of letters, digits, _ and -, at most " +
                             std::to_string(longest_name) + " of them");
}

}  // namespace sluice::engine::config
