// What handlers and sinks do at work, good and bad: nothing they do reaches beyond their event.
#include <gmock/gmock.h>

#include "documents/change_list.hpp"
#include "fixture.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

// Runs one handler of a plugin over one event.
class HandlerAtWork {
 public:
  HandlerAtWork(std::string_view plugin, std::string_view component, const Options& options = {})
      : handler_(load(plugin)->make_handler(component, std::string(plugin) + '.' + std::string(component),
                                            options)) {}

  Result<void> handle(std::string type = "Any", std::string payload = R"({"name":"Ada"})") {
    changes_.clear();
    given_ = std::make_unique<GivenEvent>(std::move(type), std::move(payload));
    return handler_->handle(given_->event(), *given_, changes_);
  }
  Error refusal(std::string payload = R"({"name":"Ada"})") {
    auto handled = handle("Any", std::move(payload));
    return handled ? Error{Code::internal, "accepted"} : handled.error();
  }
  [[nodiscard]] std::span<const Change> changes() const { return changes_.changes(); }

 private:
  std::unique_ptr<Handler> handler_;
  Arena arena_;
  ChangeList changes_{arena_};
  std::unique_ptr<GivenEvent> given_;
};

Options greeting_options() {
  Options options;
  options.set("word", std::string("hello"));
  options.set("times", std::int64_t{2});
  options.set("token", std::string("s3cret"));
  return options;
}

TEST(PluginHandler, turns_an_event_into_changes) {
  HandlerAtWork good("good", "greeting", greeting_options());
  auto handled = good.handle();
  ASSERT_TRUE(handled) << handled.error().message;
  ASSERT_EQ(good.changes().size(), 1U);
  const Change& change = good.changes()[0];
  EXPECT_EQ(change.kind, ChangeKind::patch);
  EXPECT_EQ(change.document.collection, "greetings");
  EXPECT_EQ(change.document.id.as_text(), "0ed90475-9531-485d-9d9d-c9f81818e811");
  ASSERT_EQ(change.operations.size(), 2U);
  EXPECT_EQ(change.operations[0].value.as_text(), "hello, Ada");
  EXPECT_EQ(change.operations[1].op, Operator::inc);
  EXPECT_EQ(change.operations[1].value.as_int64(), 2);
}

TEST(PluginHandler, goes_on_after_an_event_it_refused) {
  HandlerAtWork good("good", "greeting", greeting_options());
  const Error missing = good.refusal("{}");
  EXPECT_EQ(missing.code, Code::handler_rejected);
  EXPECT_THAT(missing.message, HasSubstr("no \"name\""));
  EXPECT_TRUE(good.handle());
}

TEST(PluginHandler, passes_on_why_a_payload_is_no_document) {
  HandlerAtWork good("good", "greeting", greeting_options());
  EXPECT_EQ(good.refusal("[1,2]").code, Code::decode_bad_field);
  EXPECT_EQ(good.refusal("{").code, Code::decode_not_json);
}

TEST(PluginHandler, logs_under_its_own_name) {
  std::string logged;
  const auto plugin = load("good", [&](PluginLogLevel, std::string_view name, std::string_view text) {
    logged = std::string(name) + ": " + std::string(text);
  });
  const auto handler = plugin->make_handler("greeting", "welcome", greeting_options());
  EXPECT_EQ(logged, "welcome: made with hello");
}

TEST(PluginHandler, that_throws_says_what_it_threw) {
  EXPECT_EQ(HandlerAtWork("throws_in_handle", "rejects").refusal().code, Code::handler_rejected);
  EXPECT_EQ(HandlerAtWork("throws_in_handle", "rejects").refusal().message, "no email");
  EXPECT_EQ(HandlerAtWork("throws_in_handle", "throws").refusal().code, Code::handler_threw);
  EXPECT_EQ(HandlerAtWork("throws_in_handle", "throws").refusal().message, "index 7 of 3");
  EXPECT_EQ(HandlerAtWork("throws_in_handle", "throws_strangely").refusal().code, Code::handler_threw);
}

TEST(PluginHandler, that_throws_bytes_is_made_readable) {
  const Error error = HandlerAtWork("throws_in_handle", "throws_binary").refusal();
  EXPECT_THAT(error.message, HasSubstr("bytes ??xxx"));
  EXPECT_LT(error.message.size(), 4200U);
}

TEST(PluginHandler, whose_constructor_throws_stops_the_start) {
  for (const char* name : {"rejects", "throws", "throws_strangely", "asks_for_too_much"}) {
    EXPECT_THROW(HandlerAtWork("throws_in_constructor", name), ConfigurationError) << name;
  }
  try {
    const HandlerAtWork made("throws_in_constructor", "rejects");
  } catch (const ConfigurationError& error) {
    EXPECT_EQ(error.code(), Code::plugin_refused);
    EXPECT_STREQ(error.what(), "\"throws_in_constructor.rejects\" cannot be made: the constructor said no");
  }
}

TEST(PluginHandler, that_is_said_to_be_made_and_is_not_stops_the_start) {
  EXPECT_THROW(HandlerAtWork("returns_rubbish", "never_made"), ConfigurationError);
}

TEST(PluginHandler, of_a_name_or_kind_that_is_not_there_stops_the_start) {
  const auto plugin = load("good");
  EXPECT_THROW([[maybe_unused]] auto none = plugin->make_handler("shout", "shout", {}), ConfigurationError);
  EXPECT_THROW([[maybe_unused]] auto sink = plugin->make_handler("echo", "echo", {}), ConfigurationError);
}

class Rubbish : public testing::TestWithParam<const char*> {};

TEST_P(Rubbish, is_an_invalid_change_even_when_the_plugin_hides_it) {
  HandlerAtWork handler("returns_rubbish", GetParam());
  const Error error = handler.refusal();
  EXPECT_EQ(error.code, Code::handler_invalid_change) << error.message;
  EXPECT_FALSE(error.message.empty());
}

INSTANTIATE_TEST_SUITE_P(ReturnsRubbish, Rubbish,
                         testing::Values("kind_99", "strange_flags", "small_struct", "null_collection",
                                         "no_id", "null_id", "strange_id", "lying_id", "endless_id",
                                         "null_document", "document_of_a_patch", "lying_document",
                                         "null_operations", "countless_operations", "operator_42",
                                         "lying_value", "null_path", "null_conditions", "condition_9",
                                         "add_null"),
                         [](const auto& of) { return std::string(of.param); });

TEST(PluginHandler, that_gives_a_status_which_is_none_has_failed) {
  EXPECT_EQ(HandlerAtWork("returns_rubbish", "status_77").refusal().code, Code::handler_threw);
  EXPECT_THAT(HandlerAtWork("returns_rubbish", "status_77").refusal().message, HasSubstr("status 77"));
  EXPECT_EQ(HandlerAtWork("returns_rubbish", "status_retry").refusal().code, Code::handler_threw);
  EXPECT_EQ(HandlerAtWork("returns_rubbish", "status_unreadable").refusal().code, Code::handler_threw);
}

TEST(PluginHandler, that_ignores_an_unreadable_payload_is_not_believed) {
  HandlerAtWork handler("returns_rubbish", "ignore_unreadable");
  EXPECT_EQ(handler.refusal("{").code, Code::decode_not_json);
}

// Delivers events of these types, with the payload {}.
std::vector<WriteResult> deliver(Sink& sink, std::vector<std::string> types, Result<void>& whole) {
  std::vector<std::unique_ptr<GivenEvent>> given;
  std::vector<const Event*> events;
  for (const std::string& type : types) {
    const bool unreadable = type == "Readable";
    given.push_back(std::make_unique<GivenEvent>(type, unreadable ? "[]" : "{}"));
    events.push_back(&given.back()->event());
  }
  std::vector<WriteResult> results(events.size());
  whole = sink.deliver(events, results);
  return results;
}

TEST(PluginSink, gives_an_outcome_for_each_event) {
  const auto sink = load("good")->make_sink("echo", "echo", {});
  Result<void> whole;
  const auto results = deliver(*sink, {"Done", "Rejected", "Retried"}, whole);
  EXPECT_TRUE(whole);
  EXPECT_EQ(results[0].outcome, Outcome::applied);
  EXPECT_EQ(results[1].outcome, Outcome::rejected);
  EXPECT_EQ(results[1].code, Code::sink_refused);
  EXPECT_EQ(results[1].reason, "never");
  EXPECT_EQ(results[2].outcome, Outcome::retry);
  EXPECT_EQ(results[2].code, Code::sink_unavailable);
}

TEST(PluginSink, rejects_an_event_whose_payload_cannot_be_read_and_retries_the_others) {
  const auto sink = load("good")->make_sink("echo", "echo", {});
  Result<void> whole;
  const auto results = deliver(*sink, {"Done", "Readable", "Done"}, whole);
  EXPECT_TRUE(whole);
  EXPECT_EQ(results[0].outcome, Outcome::applied);
  EXPECT_EQ(results[1].outcome, Outcome::rejected);
  EXPECT_EQ(results[1].code, Code::decode_bad_field);
  EXPECT_EQ(results[2].outcome, Outcome::retry);
}

TEST(PluginSink, that_throws_keeps_what_was_done_and_retries_the_rest) {
  const auto sink = load("throws_in_handle")->make_sink("sink", "sink", {});
  Result<void> whole;
  const auto results = deliver(*sink, {"Good", "Bad", "Good"}, whole);
  EXPECT_TRUE(whole);
  EXPECT_EQ(results[0].outcome, Outcome::applied);
  EXPECT_EQ(results[1].outcome, Outcome::retry);
  EXPECT_EQ(results[2].outcome, Outcome::retry);
}

TEST(PluginSink, that_throws_before_anything_was_done_is_unavailable) {
  const auto sink = load("throws_in_handle")->make_sink("sink", "sink", {});
  Result<void> whole;
  const auto results = deliver(*sink, {"Bad", "Good"}, whole);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, Code::sink_unavailable);
  EXPECT_EQ(whole.error().message, "the connection broke");
  EXPECT_EQ(results[0].outcome, Outcome::retry);
  EXPECT_EQ(results[1].reason, "the connection broke");
}

TEST(PluginSink, that_gives_a_status_which_is_none_has_refused) {
  const auto sink = load("returns_rubbish")->make_sink("sink", "sink", {});
  Result<void> whole;
  const auto results = deliver(*sink, {"Any"}, whole);
  EXPECT_EQ(results[0].outcome, Outcome::rejected);
  EXPECT_THAT(results[0].reason, HasSubstr("status 77"));
}

}  // namespace
}  // namespace sluice::engine
