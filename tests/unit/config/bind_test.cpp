#include "config/bind.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"
#include "vocabulary.hpp"

namespace sluice::engine {
namespace {

using namespace std::chrono_literals;

std::vector<DeclaredPlugin> plugins() {
  return {
      {"activity",
       {{.name = "user_created", .sink = false, .types = {"UserCreated"}, .options = {}},
        {.name = "joined", .sink = false, .types = {"Joined"}, .options = {}},
        {.name = "statistics",
         .sink = false,
         .types = {"UserCreated", "Joined", "Left"},
         .options = {{.name = "per_type", .type = OptionType::boolean, .fallback = "false"},
                     {.name = "window", .type = OptionType::duration, .fallback = "1h"}}}}},
      {"notify",
       {{.name = "webhook",
         .sink = true,
         .types = {},
         .options = {{.name = "url"}, {.name = "token", .fallback = "", .secret = true}}}}},
  };
}

struct Bound {
  PipelineConfig pipeline;
  std::string problems;
};

// `lines` continue a pipeline with a source, a decoder and both plugins.
Bound bound(std::string_view lines) {
  Environment environment;
  environment.set("TOKEN", "hunter2");
  Loaded loaded = load_text(R"(sluice: 1
pipelines:
  a:
    source: { sqlite: { path: o.db } }
    decode: { plain: }
    plugins: { activity: "*", notify: "*" }
)" + std::string(lines),
                            "/conf/a.yaml", small_vocabulary(), environment);
  EXPECT_EQ(to_text(loaded.problems), "");
  Bound result{std::move(loaded.config.pipelines.at(0)), {}};
  const auto declared = plugins();
  result.problems = to_text(engine::bind(result.pipeline, declared));
  return result;
}

constexpr std::string_view store = "    store: { sqlite: { path: d.db } }\n";

TEST(Bind, checks_the_options_of_handlers_and_sinks) {
  const Bound ok = bound(R"(
    handlers:
      stats: { use: activity.statistics, options: { per_type: true } }
      mail: { use: notify.webhook, options: { url: "http://x", token: "${TOKEN}" } }
    routes: [ { on: X, to: [stats, mail, activity.joined] } ]
)" + std::string(store));
  EXPECT_EQ(ok.problems, "");
  EXPECT_TRUE(ok.pipeline.handlers[0].options.boolean("per_type"));
  EXPECT_EQ(ok.pipeline.handlers[0].options.duration("window"), 1h);
  EXPECT_FALSE(ok.pipeline.handlers[0].sink);
  EXPECT_TRUE(ok.pipeline.handlers[1].sink);
  EXPECT_EQ(ok.pipeline.handlers[1].options.text("token"), "hunter2");
  EXPECT_TRUE(ok.pipeline.handlers[1].secrets.contains("token"));
}

TEST(Bind, tells_what_is_wrong_with_options) {
  EXPECT_EQ(
      bound(R"(    handlers:
      stats: { use: activity.statistics, options: { per_type: maybe, windw: 1h } }
      mail: { use: notify.webhook, options: { tokn: hunter2 } }
    routes: [ { on: X, to: [stats, mail] } ]
)" + std::string(store))
          .problems,
      R"(/conf/a.yaml:8:63: pipelines.a.handlers.stats.options.per_type: "maybe" is neither true nor false
    8 |       stats: { use: activity.statistics, options: { per_type: maybe, windw: *** } }
      |                                                               ^~~~~

/conf/a.yaml:8:70: pipelines.a.handlers.stats.options has no key "windw"; did you mean "window"?
    8 |       stats: { use: activity.statistics, options: { per_type: maybe, windw: *** } }
      |                                                                      ^~~~~

/conf/a.yaml:9:7: pipelines.a.handlers.mail.options lacks "url": 
    9 |       mail: { use: notify.webhook, options: { tokn: *** } }
      |       ^~~~

/conf/a.yaml:9:47: pipelines.a.handlers.mail.options has no key "tokn"; did you mean "token"?
    9 |       mail: { use: notify.webhook, options: { tokn: *** } }
      |                                               ^~~~
)");
}

TEST(Bind, tells_that_a_plugin_has_no_such_component) {
  EXPECT_EQ(
      bound("    routes: [ { on: X, to: [activity.user_craeted] } ]\n").problems,
      R"(/conf/a.yaml:7:29: pipelines.a: the plugin "activity" has no "user_craeted"; did you mean "user_created"?
    7 |     routes: [ { on: X, to: [activity.user_craeted] } ]
      |                             ^~~~~~~~~~~~~~~~~~~~~
)");
}

TEST(Bind, refuses_keys_that_mean_nothing_for_the_kind) {
  EXPECT_EQ(
      bound(R"(    handlers:
      stats: { use: activity.statistics, writers: 2 }
      mail: { use: notify.webhook, options: { url: x }, wait: { for: 1s } }
    routes: [ { on: X, to: [stats, mail] } ]
)" + std::string(store))
          .problems,
      R"(/conf/a.yaml:8:42: pipelines.a.handlers.stats.writers has no meaning: a handler's changes are written by the pipeline's writers; set it in the pipeline
    8 |       stats: { use: activity.statistics, writers: 2 }
      |                                          ^~~~~~~

/conf/a.yaml:9:57: pipelines.a.handlers.mail.wait has no meaning: a sink has no documents to wait for
    9 |       mail: { use: notify.webhook, options: { url: x }, wait: { for: 1s } }
      |                                                         ^~~~
)");
}

TEST(Bind, needs_a_store_for_handlers_and_none_for_sinks) {
  EXPECT_EQ(
      bound("    routes: [ { on: X, to: [activity.joined] } ]\n").problems,
      R"(/conf/a.yaml:3:3: pipelines.a lacks "store": activity.joined changes documents, and they need a place to live
    3 |   a:
      |   ^
)");
  EXPECT_EQ(bound(R"(
    handlers: { mail: { use: notify.webhook, options: { url: x } } }
    routes: [ { on: X, to: [mail] } ]
)")
                .problems,
            "");
}

std::string described(const PipelineConfig& pipeline) {
  std::string text;
  for (const RouteConfig& route : pipeline.routes) {
    text += route.types.empty() ? "*" : route.types.front();
    text += ":";
    for (const std::size_t index : route.to) text += ' ' + pipeline.handlers[index].name;
    text += '\n';
  }
  return text;
}

TEST(Bind, spreads_the_types_of_a_plugin_over_its_components) {
  const Bound result = bound(R"(
    handlers: { stats: { use: activity.statistics } }
    routes:
      - { on: Joined, to: [stats] }
      - { from: activity }
      - { otherwise: ignore }
)" + std::string(store));
  EXPECT_EQ(result.problems, "");
  EXPECT_EQ(described(result.pipeline),
            "Joined: stats\n"
            "UserCreated: activity.user_created stats\n"
            "Left: stats\n");
}

TEST(Bind, gives_a_component_for_any_type_every_event) {
  const Bound result = bound(R"(
    handlers: { mail: { use: notify.webhook, options: { url: x } } }
    routes: [ { from: activity }, { from: notify } ]
)" + std::string(store));
  EXPECT_EQ(result.problems, "");
  EXPECT_EQ(described(result.pipeline),
            "UserCreated: activity.user_created activity.statistics\n"
            "Joined: activity.joined activity.statistics\n"
            "Left: activity.statistics\n"
            "*: mail\n");
}

TEST(Bind, tells_of_routes_that_a_plugin_hides) {
  EXPECT_EQ(
      bound(R"(    routes:
      - { from: activity }
      - { on: Left, to: [activity.joined] }
      - { from: activity }
)" + std::string(store))
          .problems,
      R"(/conf/a.yaml:9:9: pipelines.a: "Left" is already taken by the route in line 8, and the first match wins
    9 |       - { on: Left, to: [activity.joined] }
      |         ^

/conf/a.yaml:10:9: pipelines.a: from: activity is never reached: routes above take all its event types
   10 |       - { from: activity }
      |         ^
)");
}

TEST(Bind, leaves_a_plugin_that_was_refused_alone) {
  Bound result =
      bound("    routes: [ { from: activity }, { on: Z, to: [activity.joined] } ]\n" + std::string(store));
  EXPECT_EQ(to_text(engine::bind(result.pipeline, {})), "");
}

}  // namespace
}  // namespace sluice::engine
