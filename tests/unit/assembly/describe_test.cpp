#include "assembly/describe.hpp"

#include <gtest/gtest.h>

#include "core/options.hpp"

namespace sluice::engine {
namespace {

TEST(Describe, writes_durations_and_sizes_with_their_units_and_leaves_out_secrets_and_defaults) {
  PipelineConfig pipeline;
  pipeline.source.name = "file";
  pipeline.source.options.set("path", std::string("https://anna:se?cret@host/events.ndjson"));
  pipeline.store = VariantConfig{};
  pipeline.store->name = "mongodb";
  pipeline.store->options.set("uri", std::string("mongodb://anna:secret@host"));
  pipeline.store->options.set("database", std::string("read"));
  pipeline.store->options.set("app_name", std::string("sluice"));
  pipeline.store->options.set("socket_timeout", std::int64_t{2'000'000});
  EXPECT_EQ(describe(pipeline),
            "file (path=https://***@host/events.ndjson) ->  -> mongodb (database=read, socket_timeout=2s)");
}

}  // namespace
}  // namespace sluice::engine
