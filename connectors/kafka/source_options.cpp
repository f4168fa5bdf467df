#include "kafka/source_options.hpp"

#include <regex.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "kafka/client_options.hpp"

namespace sluice::engine::kafka {
namespace {

Where where(const std::string& text) noexcept {
  return text == "earliest" ? Where::earliest : text == "latest" ? Where::latest : Where::error;
}

// For a session that is set: a third of it, as Kafka advises. The client's own 3 s outlast a short one.
std::optional<std::string> heartbeat_of(const OptionMap& client) {
  const auto session = client.find("session.timeout.ms");
  if (session == client.end()) return std::nullopt;
  int milliseconds = 0;
  const char* end = session->second.data() + session->second.size();
  if (std::from_chars(session->second.data(), end, milliseconds).ptr != end) return std::nullopt;
  return std::to_string(std::clamp(milliseconds / 3, 1, 3000));
}

std::string share_name(const Share& share) {
  return std::to_string(share.index) + "-of-" + std::to_string(share.of);
}

bool matches(const std::string& pattern, const std::string& topic) {
  regex_t compiled{};
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool found = regexec(&compiled, topic.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

std::vector<std::string> list_of(const OptionMap& client, const std::string& name) {
  std::vector<std::string> list;
  const auto given = client.find(name);
  if (given == client.end()) return list;
  std::string_view left = given->second;
  while (!left.empty()) {
    const std::size_t comma = std::min(left.find(','), left.size());
    if (comma > 0) list.emplace_back(left.substr(0, comma));
    left.remove_prefix(std::min(comma + 1, left.size()));
  }
  return list;
}

}  // namespace

bool SourceSettings::finds(const std::string& pattern, const std::string& topic) const {
  const auto of_topic = [&](const std::string& one) { return matches(one, topic); };
  return of_topic(pattern) && std::ranges::none_of(left_out, of_topic);
}

const std::string* SourceSettings::reads(const std::string& topic) const {
  const auto found = std::ranges::find_if(
      topics, [&](const std::string& one) { return is_pattern(one) ? finds(one, topic) : one == topic; });
  return found == topics.end() ? nullptr : &*found;
}

const std::vector<OptionSpec>& source_options() {
  static const std::vector<OptionSpec> options = [] {
    std::vector<OptionSpec> all{
        {.name = "brokers", .type = OptionType::texts, .help = "host:port of some brokers"},
        {.name = "topics",
         .type = OptionType::texts,
         .help = "the topics to read; one that begins with ^ is a regular expression"},
        {.name = "group",
         .fallback = "",
         .help = "the consumer group; else the pipeline's id. With a share, .INDEX-of-OF is added"},
        {.name = "instance_id",
         .fallback = "",
         .help = "makes this process a static member of the group (group.instance.id): unique in the group, "
                 "the same after a restart. With a share it is set by itself"},
        {.name = "assignment",
         .fallback = "eager",
         .help = "how partitions move between members; the same for all of a group",
         .choices = {"eager", "cooperative"}},
        {.name = "start",
         .fallback = "earliest",
         .help = "where to begin a partition for which neither the group nor the store knows a position",
         .choices = {"earliest", "latest", "error"}},
        {.name = "out_of_range",
         .fallback = "error",
         .help =
             "where to go on when the broker has deleted what was to be read next; error: stop and say so",
         .choices = {"error", "earliest", "latest"}},
        {.name = "isolation",
         .fallback = "read_committed",
         .help = "whether records of unfinished and aborted transactions are read too",
         .choices = {"read_committed", "read_uncommitted"}},
    };
    const auto common = client_option_specs();
    all.insert(all.end(), common.begin(), common.end());
    return all;
  }();
  return options;
}

SourceSettings source_settings(const Options& options, const ConnectorContext& context) {
  SourceSettings settings;
  settings.topics = options.texts("topics");
  std::erase(settings.topics, "");
  if (settings.topics.empty()) throw ConfigurationError("topics is empty: name at least one topic");
  settings.left_out = list_of(options.map("client"), "topic.blacklist");
  settings.group = options.text("group").empty() ? context.pipeline : options.text("group");
  if (context.share.of > 1) settings.group += "." + share_name(context.share);
  settings.start = where(options.text("start"));
  settings.out_of_range = where(options.text("out_of_range"));
  settings.pipeline = context.pipeline;
  return settings;
}

Conf source_conf(const Options& options, const ConnectorContext& context) {
  const SourceSettings settings = source_settings(options, context);
  Conf conf = make_client_conf(options, ClientRole::source, "sluice-" + context.pipeline);
  const auto unless_given = [&](const std::string& name, const std::string& value) {
    if (!options.map("client").contains(name)) set(*conf, name, value);
  };
  set(*conf, "group.id", settings.group);
  std::string instance = options.text("instance_id");
  // A share has one process, which its supervisor restarts: the new one takes the old one's place at once.
  if (instance.empty() && context.share.of > 1) instance = context.pipeline + "." + share_name(context.share);
  if (!instance.empty()) set(*conf, "group.instance.id", instance);
  const bool eager = options.text("assignment") == "eager";
  set(*conf, "partition.assignment.strategy", eager ? "range,roundrobin" : "cooperative-sticky");
  set(*conf, "isolation.level", options.text("isolation"));
  set(*conf, "enable.auto.commit", "false");
  set(*conf, "enable.auto.offset.store", "false");
  set(*conf, "auto.offset.reset", "error");  // each case is the source's to decide
  set(*conf, "enable.partition.eof", "true");
  // A member that was killed holds up its group until its session ends: 10 s, Kafka's own value for years,
  // not 45. An event is applied once whoever believes to own the partition.
  unless_given("session.timeout.ms", "10000");
  if (const auto heartbeat = heartbeat_of(options.map("client")))
    unless_given("heartbeat.interval.ms", *heartbeat);
  // One request at a time waits at each broker. A partition that joins or is resumed meanwhile, while those
  // in the request have nothing, begins only when it is back: in a tenth of a second, not half a one.
  unless_given("fetch.wait.max.ms", "100");
  unless_given("statistics.interval.ms", "5000");
  if (std::ranges::any_of(settings.topics, SourceSettings::is_pattern))
    unless_given("topic.metadata.refresh.interval.ms", "30000");  // how soon a new topic is found
  return conf;
}

}  // namespace sluice::engine::kafka
