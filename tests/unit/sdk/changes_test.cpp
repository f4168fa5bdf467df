#include <gmock/gmock.h>

#include <functional>
#include <sluice/testing.hpp>

namespace {

using nlohmann::json;
using sluice::testing::Operation;
using sluice::testing::Result;
using testing::ElementsAre;

using Work = std::function<void(const sluice::Event&, sluice::Changes&)>;
Work work;  // of the test at hand

class Worker final : public sluice::Handler {
 public:
  void handle(const sluice::Event& event, sluice::Changes& changes) override { work(event, changes); }
};

Result changes_of(Work what) {
  static const sluice::testing::Plugin plugin(sluice_plugin_entry);
  work = std::move(what);
  return plugin.handle("worker", {.type = "Any", .payload = R"({"name": "Ada"})"});
}

TEST(Changes, hold_every_kind_of_value) {
  const Result result = changes_of([](const sluice::Event& event, sluice::Changes& changes) {
    const std::string text = "text";
    const std::optional<int> nothing;
    changes.insert("things", 7,
                   {{"text", text},
                    {"literal", "literal"},
                    {"whole", 5},
                    {"long", 1LL << 40},
                    {"real", 0.5},
                    {"yes", true},
                    {"null", nullptr},
                    {"nothing", nothing},
                    {"date", *sluice::Date::parse("2026-11-21")},
                    {"uuid", *sluice::Uuid::parse("0c5c7fd0-a6a3-4450-a513-270e269e0d37")},
                    {"payload", event.payload().view()},
                    {"name", event.payload().at("name")},
                    {"inner", {{"a", 1}, {"b", {{"c", "deep"}}}}},
                    {"list", sluice::Array{1, "two", sluice::Array{3.0, false}}}});
  });
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  ASSERT_EQ(result.changes.size(), 1U);
  EXPECT_EQ(result.changes[0].id, 7);
  EXPECT_EQ(result.changes[0].document, json::parse(R"({"text": "text", "literal": "literal", "whole": 5,
      "long": 1099511627776, "real": 0.5, "yes": true, "null": null, "nothing": null,
      "date": {"$date": "2026-11-21T00:00:00.000Z"}, "uuid": "0c5c7fd0-a6a3-4450-a513-270e269e0d37",
      "payload": {"name": "Ada"}, "name": "Ada", "inner": {"a": 1, "b": {"c": "deep"}},
      "list": [1, "two", [3.0, false]]})"));
}

TEST(Changes, come_in_the_order_they_were_made) {
  const Result result = changes_of([](const sluice::Event& event, sluice::Changes& changes) {
    changes.replace("a", "1", event.payload().view());
    changes.remove("b", 2);
    changes.replace("c", 3).text("written", "piece by piece");
    changes.patch("d", 4).unset("gone").skip_if_document_exists().skip_if_exists("there");
  });
  ASSERT_EQ(result.changes.size(), 4U) << result.reason;
  EXPECT_EQ(result.changes[0].kind, "replace");
  EXPECT_EQ(result.changes[0].document, (json{{"name", "Ada"}}));
  EXPECT_EQ(result.changes[1].kind, "remove");
  EXPECT_EQ(result.changes[2].document, (json{{"written", "piece by piece"}}));
  EXPECT_THAT(result.changes[3].operations, ElementsAre(Operation{"unset", "gone", nullptr}));
  EXPECT_THAT(result.changes[3].conditions, ElementsAre(Operation{"skip_if_exists", "", nullptr},
                                                        Operation{"skip_if_exists", "there", nullptr}));
}

TEST(Changes, keep_paths_that_were_made_for_a_moment) {
  const Result result = changes_of([](const sluice::Event&, sluice::Changes& changes) {
    changes.patch("a", 1)
        .set(std::string("a_path_longer_than_any_small_string.") + "x",
             std::string("a value longer than that, too"))
        .add_to_set("tags", "new")
        .pull("tags", "old")
        .min("low", 1)
        .max("high", 2)
        .set_on_insert("made", true);
  });
  ASSERT_EQ(result.changes.size(), 1U) << result.reason;
  EXPECT_EQ(result.changes[0].operations[0],
            (Operation{"set", "a_path_longer_than_any_small_string.x", "a value longer than that, too"}));
  EXPECT_EQ(result.changes[0].operations.size(), 6U);
}

TEST(Changes, refuse_a_patch_that_is_continued_too_late) {
  const Result result = changes_of([](const sluice::Event&, sluice::Changes& changes) {
    sluice::Patch early = changes.patch("a", 1);
    changes.patch("b", 2).inc("n");
    early.inc("n");
  });
  EXPECT_EQ(result.outcome, "failed");
}

TEST(Changes, refuse_names_that_would_end_early) {
  const std::string zero("a\0b", 3);
  EXPECT_EQ(changes_of([&](const sluice::Event&, sluice::Changes& changes) {
              changes.patch("a", 1).inc(zero);
            }).outcome,
            "rejected");
  EXPECT_EQ(changes_of([&](const sluice::Event&, sluice::Changes& changes) {
              changes.insert("a", 1, {{zero, 1}});
            }).outcome,
            "rejected");
  EXPECT_EQ(
      changes_of([&](const sluice::Event&, sluice::Changes& changes) { changes.remove(zero, 1); }).outcome,
      "rejected");
}

TEST(Changes, refuse_numbers_beyond_64_bits) {
  EXPECT_EQ(changes_of([](const sluice::Event&, sluice::Changes& changes) {
              changes.patch("a", 1).set("n", std::uint64_t{1} << 63U);
            }).outcome,
            "rejected");
}

TEST(Changes, of_a_rejected_event_are_not_continued_by_the_next) {
  static const sluice::testing::Plugin plugin(sluice_plugin_entry);
  const auto instance = plugin.make("worker");
  work = [](const sluice::Event&, sluice::Changes& changes) {
    changes.patch("a", 1).inc("n");
    throw sluice::Reject("no");
  };
  EXPECT_TRUE(instance->handle({.type = "Any"}).changes.empty());
  work = [](const sluice::Event&, sluice::Changes& changes) { changes.remove("b", 2); };
  const Result result = instance->handle({.type = "Any"});
  ASSERT_EQ(result.changes.size(), 1U);
  EXPECT_EQ(result.changes[0].collection, "b");
}

}  // namespace

SLUICE_PLUGIN("changes_test", "1.0.0", sluice::handler<Worker>("worker"))
