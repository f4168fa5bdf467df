#include "pipeline/key_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class KeyWatchTest : public testing::Test {
 protected:
  KeyWatchTest() {
    auto log = std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    spdlog::set_default_logger(std::move(log));
  }
  ~KeyWatchTest() override { spdlog::set_default_logger(before_); }

  // What is logged when an event of the aggregate a-1 has this key.
  std::string look(std::optional<std::string_view> key, std::int32_t partition = 3) {
    Record record;
    record.topic = "outbox";
    record.partition_number = partition;
    record.key = key;
    Event event;
    event.aggregate_id = "a-1";
    event.record = &record;
    text_.str({});
    watch_.look(event);
    return text_.str();
  }

  KeyWatch watch_{"orders"};

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream text_;
};

TEST_F(KeyWatchTest, says_once_that_records_are_keyed_by_something_else) {
  EXPECT_THAT(look(R"({"event_id":"e-1"})"),
              AllOf(HasSubstr("[orders]"), HasSubstr("\"outbox\""), HasSubstr("{\"event_id\":\"e-1\"}"),
                    HasSubstr("a-1"), HasSubstr("message.key.columns")));
  EXPECT_THAT(look(R"({"event_id":"e-2"})"), IsEmpty());
}

TEST_F(KeyWatchTest, says_that_records_have_no_key) { EXPECT_THAT(look({}), HasSubstr("has no key")); }

TEST_F(KeyWatchTest, is_content_with_records_keyed_by_their_aggregate) {
  EXPECT_THAT(look("a-1"), IsEmpty());
  EXPECT_THAT(look("other"), Not(IsEmpty())) << "and goes on looking";
}

TEST_F(KeyWatchTest, has_nothing_to_say_of_a_single_partition) { EXPECT_THAT(look("other", 0), IsEmpty()); }

TEST_F(KeyWatchTest, looks_at_the_first_events_only) {
  for (int i = 0; i < 500; ++i) EXPECT_THAT(look("a-1"), IsEmpty());
  EXPECT_THAT(look("other"), IsEmpty());
}

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

TEST(RecordKey, may_hold_the_aggregates_type) {
  for (const char* key : {R"({"aggregate_type":"user","aggregate_id":"u-1"})",
                          R"({"schema":{},"payload":{"aggregate_id":"u-1","aggregate_type":"user"}})"}) {
    EXPECT_TRUE(is_keyed_by(key, "u-1", "user")) << key;
    EXPECT_FALSE(is_keyed_by(key, "u-1", "order")) << key;
    EXPECT_FALSE(is_keyed_by(key, "u-2", "user")) << key;
    EXPECT_FALSE(is_keyed_by(key, "u-1")) << key << ": no type is known";
  }
}

TEST(RecordKey, is_not_the_aggregates_when_it_is_another_or_holds_more) {
  for (const char* key : {"u-2", "", R"("u-2")", R"({"event_id":"e-1"})", "{}", "[\"u-1\"]", "{broken",
                          R"({"aggregate_id":"u-1","event_id":"e-1"})",
                          R"({"schema":{},"payload":{"event_id":"e-1"}})", R"({"schema":{},"payload":null})"})
    EXPECT_FALSE(is_keyed_by(key, "u-1", "user")) << key;
  EXPECT_FALSE(is_keyed_by(std::nullopt, "u-1"));
}

}  // namespace
}  // namespace sluice::engine
