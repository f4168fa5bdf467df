#include "core/record_key.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

TEST(RecordKey, is_the_aggregates_in_every_form_that_converters_write) {
  for (const char* key :
       {"u-1", R"("u-1")", R"({"aggregate_id":"u-1"})", R"({"schema":{"type":"string"},"payload":"u-1"})",
        R"({"schema":{"type":"struct","fields":[]},"payload":{"aggregate_id":"u-1"}})"})
    EXPECT_TRUE(is_keyed_by(key, "u-1")) << key;
}

TEST(RecordKey, may_hold_a_number) {
  EXPECT_TRUE(is_keyed_by("17", "17"));
  EXPECT_TRUE(is_keyed_by(R"({"aggregate_id":17})", "17"));
  EXPECT_TRUE(is_keyed_by(R"({"schema":{},"payload":{"aggregate_id":17}})", "17"));
  EXPECT_FALSE(is_keyed_by(R"({"aggregate_id":18})", "17"));
}

TEST(RecordKey, is_not_the_aggregates_when_it_is_another_or_holds_more) {
  for (const char* key : {"u-2", "", R"("u-2")", R"({"event_id":"e-1"})", "{}", "[\"u-1\"]", "{broken",
                          R"({"aggregate_id":"u-1","event_id":"e-1"})",
                          R"({"schema":{},"payload":{"event_id":"e-1"}})", R"({"schema":{},"payload":null})"})
    EXPECT_FALSE(is_keyed_by(key, "u-1")) << key;
  EXPECT_FALSE(is_keyed_by(std::nullopt, "u-1"));
}

}  // namespace
}  // namespace sluice::engine
