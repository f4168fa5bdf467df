#include "config/load.hpp"

#include <gtest/gtest.h>

#include "pipeline/pipeline.hpp"
#include "support/temp_folder.hpp"
#include "vocabulary.hpp"

namespace sluice::engine {
namespace {

using namespace std::chrono_literals;

Loaded load_plain(std::string text, const Environment& environment = {}) {
  return load_text(std::move(text), "/conf/a.yaml", small_vocabulary(), environment);
}

constexpr std::string_view smallest = R"(
sluice: 1
pipelines:
  NAME:
    source: { sqlite: { path: o.db } }
    decode: { plain: }
    routes: [ { on: X, to: [] } ]
)";

std::string pipeline_named(std::string_view name) {
  std::string text(smallest);
  return text.replace(text.find("NAME"), 4, name);
}

TEST(Load, takes_the_decoder_of_the_source_where_the_pipeline_names_none) {
  Vocabulary vocabulary = small_vocabulary();
  std::string text = pipeline_named("p");
  text.erase(text.find("    decode: { plain: }\n"), 23);
  const Loaded without = load_text(text, "/conf/a.yaml", vocabulary, {});
  ASSERT_EQ(without.problems.size(), 1U);
  EXPECT_NE(without.problems[0].message.find("lacks \"decode\""), std::string::npos);

  for (VariantSpec& source : vocabulary.sources)
    if (source.name == "sqlite") source.decoder = "debezium_outbox";
  const Loaded with = load_text(text, "/conf/a.yaml", vocabulary, {});
  ASSERT_TRUE(with.problems.empty());
  EXPECT_EQ(with.config.pipelines[0].decode.name, "debezium_outbox");
  EXPECT_EQ(with.config.pipelines[0].decode.options.text("on_update"), "warn");
}

std::string with_engine(std::string_view engine) {
  return "engine: { " + std::string(engine) + " }\n" + pipeline_named("p");
}

TEST(Load, has_no_admin_endpoint_unless_there_is_a_section_for_it) {
  EXPECT_FALSE(load_plain(pipeline_named("p")).config.engine.admin);
  EXPECT_EQ(load_plain(pipeline_named("p")).config.engine.stall_after, 60s);
  const Loaded loaded = load_plain(with_engine("admin: {}, stall_after: 5s"));
  ASSERT_EQ(to_text(loaded.problems), "");
  ASSERT_TRUE(loaded.config.engine.admin);
  EXPECT_EQ(to_text(loaded.config.engine.admin->listen), "127.0.0.1:8083");
  EXPECT_EQ(loaded.config.engine.admin->token, "");
  EXPECT_EQ(loaded.config.engine.stall_after, 5s);
}

TEST(Load, lets_an_endpoint_that_others_can_reach_have_a_token_only) {
  for (const std::string host : {"0.0.0.0", "[::]", "10.0.0.1", "example.org", "127.example.org"}) {
    const std::string listen = "listen: \"" + host + ":8083\"";
    EXPECT_NE(to_text(load_plain(with_engine("admin: { " + listen + " }")).problems).find("needs a token"),
              std::string::npos)
        << host;
    EXPECT_EQ(to_text(load_plain(with_engine("admin: { " + listen + ", token: t }")).problems), "") << host;
  }
  for (const std::string host : {"127.0.0.1", "127.1.2.3", "[::1]", "localhost"})
    EXPECT_EQ(to_text(load_plain(with_engine("admin: { listen: \"" + host + ":8083\" }")).problems), "")
        << host;
}

TEST(Load, says_what_is_no_address_to_listen_on) {
  for (const std::string text :
       {"8083", ":8083", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:80a", "::1:80"})
    EXPECT_NE(to_text(load_plain(with_engine("admin: { listen: \"" + text + "\" }")).problems)
                  .find("engine.admin.listen: \"" + text + "\" is no address to listen on"),
              std::string::npos)
        << text;
}

TEST(Load, reads_the_example_of_the_design) {
  Environment environment;
  environment.set("BATCH_SIZE", "100");
  environment.set("LOG_LEVEL", "WARNING");
  const Loaded loaded = load_plain(R"(
sluice: 1
engine:
  plugin_path: [../build/plugins, /opt/plugins]
  on_failure: keep
  log: { level: "${LOG_LEVEL:-info}" }
pipelines:
  activity:
    id: activity-1
    generation: 2
    share: { index: 1, of: 3 }
    source:
      kafka:
        brokers: ${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}
        topics: ["${KAFKA_TOPIC:-postgres.activity.event_outbox}"]
        group: ${KAFKA_GROUP_ID:-event-processor-group}
        client: { fetch.min.bytes: 10 }
    decode: { debezium_outbox: {} }
    plugins: { activity: ">=1.0 <2", notify: "*" }
    handlers:
      stats: { use: activity.user_statistics, options: { per_type: true }, wait: { for: 5s } }
      mail:  { use: notify.webhook, writers: 64, batch: { events: 50 }, retry: { max: 1m } }
    routes:
      - { on: UserCreated,       to: [activity.user_created, stats, mail] }
      - { on: [ActivityCreated, ActivityRenamed], to: stats }
      - { on: Heartbeat, to: [] }
      - { from: activity }
      - { otherwise: stop }
    store: { mongodb: { database: "${MONGODB_DATABASE:-activity_read}" } }
    collections:
      users: { indexes: [ { keys: { email: 1, created_at: -1 }, unique: true } ] }
      statistics: { name: stats_v2, remove: tombstone }
    batch: { events: "${BATCH_SIZE:-1000}", bytes: 2MiB, linger: 3ms }
    writers: 8
    workers: 2
    retry: { initial: 50ms, max: 10s }
    wait:  { for: 1m }
    dead_letters: { sqlite: { path: dead.db } }
    breaker: off
    limits: { events: 2000, bytes: 8MiB, distance: 3000 }
    commit_interval: 200ms
    shutdown_timeout: 5s
    metrics_file: out/metrics.json
)",
                                   environment);
  ASSERT_EQ(to_text(loaded.problems), "");
  const EngineConfig& engine = loaded.config.engine;
  EXPECT_EQ(engine.plugin_path, (std::vector<std::string>{"/build/plugins", "/opt/plugins"}));
  EXPECT_EQ(engine.on_failure, OnFailure::keep);
  EXPECT_EQ(engine.log_level, "warning");
  EXPECT_EQ(engine.state, "/conf/sluice-state.db");

  ASSERT_EQ(loaded.config.pipelines.size(), 1U);
  const PipelineConfig& pipeline = loaded.config.pipelines.front();
  EXPECT_EQ(pipeline.name, "activity");
  EXPECT_EQ(pipeline.id, "activity-1");
  EXPECT_EQ(pipeline.generation, 2);
  EXPECT_EQ(pipeline.share, (Share{1, 3}));
  EXPECT_EQ(pipeline.source.name, "kafka");
  EXPECT_EQ(pipeline.source.options.text("brokers"), "localhost:9092");
  EXPECT_EQ(pipeline.source.options.texts("topics"), OptionTexts{"postgres.activity.event_outbox"});
  EXPECT_EQ(pipeline.source.options.map("client"), (OptionMap{{"fetch.min.bytes", "10"}}));
  EXPECT_EQ(pipeline.decode.name, "debezium_outbox");
  EXPECT_EQ(pipeline.decode.options.text("on_update"), "warn");
  EXPECT_EQ(pipeline.plugins[0].versions, ">=1.0 <2");
  EXPECT_EQ(to_text(pipeline.plugins[0].place), "/conf/a.yaml:19:26");

  ASSERT_EQ(pipeline.handlers.size(), 3U);
  const HandlerConfig& stats = pipeline.handlers[0];
  EXPECT_EQ(stats.name, "stats");
  EXPECT_EQ(stats.component, "user_statistics");
  EXPECT_EQ(stats.wait_for, 5s);
  const HandlerConfig& mail = pipeline.handlers[1];
  EXPECT_EQ(mail.writers, 64);
  EXPECT_EQ(mail.batch.events, 50);
  EXPECT_EQ(mail.batch.linger, 3ms) << "the pipeline's, where it says nothing itself";
  EXPECT_EQ(mail.retry.initial, 50ms);
  EXPECT_EQ(mail.retry.max, 1min);
  EXPECT_EQ(pipeline.handlers[2].name, "activity.user_created");
  EXPECT_EQ(pipeline.handlers[2].plugin, "activity");
  EXPECT_EQ(pipeline.handlers[2].wait_for, 1min);

  ASSERT_EQ(pipeline.routes.size(), 4U);
  EXPECT_EQ(pipeline.routes[0].to, (std::vector<std::size_t>{2, 0, 1}));
  EXPECT_EQ(pipeline.routes[1].types, (std::vector<std::string>{"ActivityCreated", "ActivityRenamed"}));
  EXPECT_TRUE(pipeline.routes[2].to.empty());
  EXPECT_EQ(pipeline.routes[3].from, "activity");
  EXPECT_EQ(pipeline.otherwise, Unrouted::stop);

  EXPECT_EQ(pipeline.store->options.text("database"), "activity_read");
  EXPECT_EQ(pipeline.dead_letters->options.text("path"), "/conf/dead.db");
  ASSERT_EQ(pipeline.collections.size(), 2U);
  EXPECT_EQ(pipeline.collections[0].spec.indexes[0].keys[0].path, "email");
  EXPECT_TRUE(pipeline.collections[0].spec.indexes[0].keys[1].descending);
  EXPECT_TRUE(pipeline.collections[0].spec.indexes[0].unique);
  EXPECT_EQ(pipeline.collections[1].logical_name, "statistics");
  EXPECT_EQ(pipeline.collections[1].spec.name, "stats_v2");
  EXPECT_TRUE(pipeline.collections[1].spec.tombstones);

  EXPECT_EQ(pipeline.batch.events, 100);
  EXPECT_EQ(pipeline.batch.bytes, 2 << 20);
  EXPECT_EQ(pipeline.writers, 8);
  EXPECT_EQ(pipeline.workers, 2);
  EXPECT_FALSE(pipeline.breaker.has_value());
  EXPECT_EQ(pipeline.limits.distance, 3000);
  EXPECT_EQ(pipeline.commit_interval, 200ms);
  EXPECT_EQ(pipeline.shutdown_timeout, 5s);
  EXPECT_EQ(pipeline.metrics_file, "/conf/out/metrics.json");
}

// A pipeline that a program makes and one that a file makes are the same where neither says anything.
TEST(Load, has_the_defaults_of_the_pipeline) {
  const Loaded loaded = load_plain(pipeline_named("a"));
  ASSERT_EQ(to_text(loaded.problems), "");
  const PipelineConfig& config = loaded.config.pipelines.front();
  const PipelineSettings settings;
  EXPECT_EQ(config.id, "a");
  EXPECT_EQ(config.generation, settings.generation);
  EXPECT_EQ(config.share, settings.share);
  EXPECT_EQ(config.workers, settings.workers);
  EXPECT_EQ(config.writers, settings.writers);
  EXPECT_EQ(static_cast<std::size_t>(config.batch.events), settings.batch.events);
  EXPECT_EQ(static_cast<std::size_t>(config.batch.bytes), settings.batch.bytes);
  EXPECT_EQ(config.batch.linger, settings.batch.linger);
  EXPECT_EQ(config.retry.initial, settings.retry.initial);
  EXPECT_EQ(config.retry.max, settings.retry.max);
  EXPECT_EQ(config.breaker.value().ratio, settings.breaker.ratio);
  EXPECT_EQ(static_cast<std::size_t>(config.breaker->window), settings.breaker.window);
  EXPECT_EQ(static_cast<std::size_t>(config.limits.events), settings.max_unfinished_events);
  EXPECT_EQ(static_cast<std::size_t>(config.limits.bytes), settings.max_unfinished_bytes);
  EXPECT_EQ(config.limits.distance, settings.max_distance);
  EXPECT_EQ(config.commit_interval, settings.commit_interval);
  EXPECT_EQ(config.shutdown_timeout, settings.shutdown_timeout);
  EXPECT_EQ(config.wait_for, HandlerBinding{}.wait_for);
  EXPECT_EQ(config.otherwise, Unrouted::dead_letter);
}

TEST(Load, resolves_anchors_and_merge_keys) {
  const Loaded loaded = load_plain(R"(
sluice: 1
x-batch: &small { events: 10, linger: 1ms }
pipelines:
  a: &a
    source: { sqlite: { path: o.db } }
    decode: { plain: }
    routes: [ { on: X, to: [] } ]
    batch: { <<: *small, linger: 2ms }
  b: { <<: *a, id: other, writers: 1 }
  c: { <<: [ { writers: 2, id: third }, *a ] }
)");
  ASSERT_EQ(to_text(loaded.problems), "");
  EXPECT_EQ(loaded.config.pipelines[0].batch.events, 10);
  EXPECT_EQ(loaded.config.pipelines[0].batch.linger, 2ms);
  EXPECT_EQ(loaded.config.pipelines[1].id, "other");
  EXPECT_EQ(loaded.config.pipelines[1].batch.events, 10);
  EXPECT_EQ(loaded.config.pipelines[2].writers, 2);
}

TEST(Load, takes_a_bool_number_or_text_in_quotes_or_without) {
  const Loaded loaded = load_plain(R"(
sluice: "1"
pipelines:
  a:
    source: { kafka: { brokers: "b", topics: 7 } }
    decode: { debezium_outbox: { headers: "false" } }
    routes: [ { on: "*", to: [] } ]
    batch: { events: "5", linger: 0 }
)");
  ASSERT_EQ(to_text(loaded.problems), "");
  EXPECT_FALSE(loaded.config.pipelines[0].decode.options.boolean("headers"));
  EXPECT_EQ(loaded.config.pipelines[0].source.options.texts("topics"), OptionTexts{"7"});
  EXPECT_TRUE(loaded.config.pipelines[0].routes[0].types.empty());
}

TEST(Load, has_a_fingerprint_of_all_that_a_pipeline_says) {
  const auto fingerprint = [](std::string_view more, const Environment& environment = {}) {
    return load_plain(pipeline_named("a") + std::string(more), environment)
        .config.pipelines.at(0)
        .fingerprint;
  };
  Environment other;
  other.set("N", "7");
  EXPECT_EQ(fingerprint(""), fingerprint("# a comment\n"));
  EXPECT_NE(fingerprint(""), fingerprint("    workers: 2\n"));
  EXPECT_NE(fingerprint("    workers: ${N:-2}\n"), fingerprint("    workers: ${N:-2}\n", other));
}

TEST(Load, reads_a_folder_in_the_order_of_names) {
  const TempFolder folder;
  folder.write("b.yml", pipeline_named("second"));
  folder.write("a.yaml", pipeline_named("first") + "engine: { state: s.db }\n");
  folder.write("notes.txt", "not ours");
  const Loaded loaded = load(folder.path(), small_vocabulary(), {});
  ASSERT_EQ(to_text(loaded.problems), "");
  ASSERT_EQ(loaded.config.pipelines.size(), 2U);
  EXPECT_EQ(loaded.config.pipelines[0].name, "first");
  EXPECT_EQ(loaded.config.pipelines[1].source.options.text("path"), folder.file("o.db"));
  EXPECT_EQ(loaded.config.engine.state, folder.file("s.db"));
}

TEST(Load, names_both_places_of_what_two_files_say) {
  const TempFolder folder;
  const std::string engine = "engine: { on_failure: keep }\n";
  const std::string a = folder.write("a.yaml", pipeline_named("twin") + engine);
  const std::string b = folder.write("b.yaml", pipeline_named("twin") + engine);
  const std::string c = folder.write("c.yaml", pipeline_named("other") + "    id: twin\n");
  EXPECT_EQ(
      to_text(load(folder.path(), small_vocabulary(), {}).problems),
      b + ":4:3: the pipeline \"twin\" is already in " + a + ":4:3\n    4 |   twin:\n      |   ^~~~\n\n" + b +
          ":8:1: engine stands in two files; the other is " + a +
          ":8:1\n    8 | engine: { on_failure: keep }\n      | ^~~~~~\n\n" + c +
          ":4:3: the pipelines \"other\" and \"twin\" (" + a +
          ":4:3) have the same id, \"twin\"; their watermarks would be mixed up\n    4 |   other:\n      |   "
          "^~~~~\n");
}

TEST(Load, tells_of_files_that_cannot_be_read) {
  const TempFolder folder;
  const std::string path = folder.path().string();
  const auto answer = [](const std::string& what) {
    return to_text(load(what, small_vocabulary(), {}).problems);
  };
  EXPECT_EQ(answer(path), path + ": the folder holds no *.yaml or *.yml file\n");
  EXPECT_EQ(answer(path + "/none"), path + "/none: there is no such file or folder\n");
  const std::string binary = folder.write("binary", std::string("sluice: 1\n\0\x01\xff", 13));
  EXPECT_EQ(answer(binary), binary + ": the file is no text in UTF-8 (line 2); is it the right one?\n");
  const std::string large = folder.write("large", std::string((std::size_t{1} << 20U) + 1, '#'));
  EXPECT_EQ(answer(large), large + ": the file is larger than 1 MiB\n");
}

TEST(Load, survives_what_is_nested_beyond_reason) {
  for (const std::string_view open : {"[", "{a: ", "- ", "? ", "a:\n"}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += open;
    EXPECT_FALSE(load_plain(text).ok()) << open;
  }
}

TEST(Load, reads_lines_that_end_as_on_windows_and_a_byte_order_mark) {
  std::string text = "\xEF\xBB\xBF" + pipeline_named("a") + "    workers: x\n";
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
    text.replace(at, 1, "\r\n");
  EXPECT_EQ(to_text(load_plain(text).problems),
            "/conf/a.yaml:8:14: pipelines.a.workers: \"x\" is not a whole number\n    8 |     workers: x\n   "
            "   |   "
            "           ^\n");
}

}  // namespace
}  // namespace sluice::engine
