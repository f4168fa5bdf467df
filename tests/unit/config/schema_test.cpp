#include "config/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/fields.hpp"
#include "config/load.hpp"
#include "json_schema.hpp"
#include "vocabulary.hpp"

namespace sluice::engine {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

json schema() { return json::parse(json_schema(small_vocabulary())); }

json pipeline_with(std::string_view lines) {
  return yaml_to_json(R"(
sluice: 1
pipelines:
  a:
    source: { sqlite: { path: o.db } }
    decode: { plain: }
    routes: [ { on: X, to: [] } ]
)" + std::string(lines));
}

TEST(Schema, takes_what_the_reader_takes) {
  EXPECT_THAT(schema_problems(schema(), pipeline_with(R"(
    plugins: { activity: ">=1.0 <2" }
    handlers: { stats: { use: activity.statistics, options: { per_type: true }, wait: { for: 5s } } }
    store: { mongodb: { database: d, mode: one } }
    dead_letters: { sqlite: { path: d.db, cache: 16MiB } }
    collections: { users: { indexes: [ { keys: { email: -1 }, unique: true } ] } }
    batch: { events: "${BATCH_SIZE:-1000}", bytes: 4096, linger: 0 }
    workers: "3"
    breaker: off
    limits:
    share: { index: 0, of: 2 }
engine: { plugin_path: [a, b], log: { level: "${LOG_LEVEL:-info}" } }
x-anything: [ { goes: here } ]
)")),
              IsEmpty());
}

TEST(Schema, refuses_what_the_reader_refuses) {
  const auto problems = [](std::string_view lines) {
    return schema_problems(schema(), pipeline_with(lines));
  };
  EXPECT_THAT(problems("    bacth: {}\n"), ElementsAre("$.pipelines.a.bacth: nothing is allowed here"));
  EXPECT_THAT(problems("    workers: 0\n"), Not(IsEmpty()));
  EXPECT_THAT(problems("    workers: many\n"), Not(IsEmpty()));
  EXPECT_THAT(problems("    batch: { linger: 5 }\n"), Not(IsEmpty()));
  EXPECT_THAT(problems("    batch: 5\n"), Not(IsEmpty()));
  EXPECT_THAT(problems("    store: { mongodb: {} }\n"),
              ElementsAre("$.pipelines.a.store.mongodb: lacks \"database\""));
  EXPECT_THAT(problems("    store: { redis: {} }\n"),
              ElementsAre("$.pipelines.a.store.redis: nothing is allowed here"));
  EXPECT_THAT(problems("    store: sqlite\n"), Not(IsEmpty()));
  EXPECT_THAT(problems("    store: { mongodb: { database: d, mode: two } }\n"), Not(IsEmpty()));
}

TEST(Schema, says_what_is_secret_and_what_the_default_is) {
  const json kafka = schema()["$defs"]["source"]["properties"]["kafka"]["properties"];
  EXPECT_EQ(kafka["password"]["writeOnly"], true);
  EXPECT_EQ(kafka["group"]["default"], "sluice");
  EXPECT_EQ(schema()["$defs"]["batch"]["properties"]["events"]["default"], 1000);
}

TEST(Reference, has_a_row_for_every_field_and_option) {
  const std::string text = reference_markdown(small_vocabulary());
  for (const config::Section& section : config::sections()) {
    EXPECT_THAT(text, HasSubstr("\n## " + std::string(section.title) + "\n"));
    for (const config::Field& field : section.fields)
      EXPECT_THAT(text, HasSubstr("\n| `" + field.spec.name + "` |"));
  }
  EXPECT_THAT(text, HasSubstr("\n### source: kafka\n"));
  EXPECT_THAT(text, HasSubstr("| `cache` | size, at least 4KiB | `8MiB` | memory for pages |\n"));
  EXPECT_THAT(text, HasSubstr("| `password` | text |  | of the user (secret: never shown) |\n"));
}

}  // namespace
}  // namespace sluice::engine
