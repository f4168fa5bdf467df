#include "top/model.hpp"

#include <gmock/gmock.h>

#include "statuses.hpp"
#include "top/figures.hpp"
#include "top/frame.hpp"
#include "top/source.hpp"

namespace sluice::engine::top {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Timestamp start = *parse_timestamp("2026-11-21T08:00:00Z");

TEST(Status, is_refused_when_it_is_none_or_of_another_version) {
  for (const char* text : {"", "{", "[]", "12", "\"x\"", "{}", "{\"version\":1}"})
    EXPECT_FALSE(parse_status(text).status) << text;
  EXPECT_THAT(parse_status(R"({"version":2,"pipelines":[]})").problem, HasSubstr("version 2"));
}

TEST(Status, takes_fields_of_a_wrong_type_as_missing) {
  const Answer answer = parse_status(
      R"({"version":1,"time":7,"uptime_s":"x","pipelines":[5,null,{"id":[],"events":[1],"rates":"fast","types":[],
          "latency_ms":{"total":3,"lag":{"p50":"x"}},"partitions":{"a":1},"targets":[null,{"writers":-4}],
          "last_events":[[],{"latency_ms":true}],"errors":{"a":-1},"retries":null,"stalled":"yes"}]})");
  ASSERT_TRUE(answer.status);
  ASSERT_EQ(answer.status->pipelines.size(), 3u);
  EXPECT_EQ(answer.status->pipelines[2].targets[1].writers, 0u);
  EXPECT_FALSE(answer.status->pipelines[2].latency);
  EXPECT_EQ(answer.status->total(), 0u);
}

TEST(Status, knows_the_lag_from_the_end_where_it_is_not_told) {
  const Answer answer = parse_status(R"({"version":1,"pipelines":[{"partitions":[
    {"safe":10,"end":14},{"safe":10,"end":7},{"safe":10,"end":null},{"safe":10,"end":14,"lag":3}]}]})");
  const auto& partitions = answer.status->pipelines[0].partitions;
  EXPECT_EQ(partitions[0].lag, 4u);
  EXPECT_EQ(partitions[1].lag, 0u);
  EXPECT_EQ(partitions[2].lag, std::nullopt);
  EXPECT_EQ(partitions[3].lag, 3u);
}

TEST(Model, says_since_when_an_engine_is_silent_and_forgets_it_when_it_answers) {
  Model model({"x", "", {}});
  model.take({std::nullopt, "gone"}, start);
  model.take({std::nullopt, "still gone"}, start + std::chrono::seconds(4));
  ASSERT_TRUE(model.silence());
  EXPECT_EQ(model.silence()->since, start);
  EXPECT_EQ(model.silence()->problem, "still gone");
  model.take(parse_status(status_of({busy_pipeline()}).dump()), start + std::chrono::seconds(5));
  EXPECT_FALSE(model.silence());
}

TEST(Model, notices_a_status_that_does_not_change_any_more) {
  Model model({"x", "", {}});
  const std::string text = status_of({busy_pipeline()}).dump();
  model.take(parse_status(text), start);
  model.take(parse_status(text), start + std::chrono::seconds(2));
  EXPECT_FALSE(model.silence());
  model.take(parse_status(text), start + std::chrono::seconds(4));
  ASSERT_TRUE(model.silence());
  EXPECT_EQ(model.silence()->since, start);
}

TEST(Model, does_not_call_an_engine_silent_that_has_ended) {
  Model model({"x", "", {}});
  Json pipeline = busy_pipeline();
  pipeline["state"] = "drained";
  const std::string text = status_of({pipeline}).dump();
  model.take(parse_status(text), start);
  model.take(parse_status(text), start + std::chrono::hours(4));
  EXPECT_FALSE(model.silence());
  EXPECT_TRUE(model.engine_ended());
}

TEST(Model, keeps_the_picture_while_frozen_but_sees_the_target) {
  Model model({"x", "", 700'000});
  Json status = status_of({busy_pipeline()});
  model.take(parse_status(status.dump()), start);
  model.press({Command::freeze});
  status["time"] = "later";
  status["pipelines"][0]["events"]["total"] = 700'000;
  model.take(parse_status(status.dump()), start);
  EXPECT_EQ(model.chosen()->total, 612'340u);
  EXPECT_TRUE(model.target_reached());
  model.press({Command::freeze});
  EXPECT_EQ(model.chosen()->total, 700'000u);
}

TEST(Model, names_the_pipelines_there_are_when_the_wanted_one_is_not) {
  Model model({"x", "other", {}});
  model.take(parse_status(status_of({busy_pipeline(), troubled_pipeline()}).dump()), start);
  EXPECT_EQ(model.silence()->problem, "it has no pipeline \"other\"; there are: activity, mail");
}

TEST(Model, takes_a_restarted_engine_for_a_new_beginning) {
  Model model({"x", "", {}});
  Json status = status_of({busy_pipeline()});
  model.take(parse_status(status.dump()), start);
  status["time"] = "later";
  status["pipelines"][0]["latency_ms"]["total"] = {{"count", 10}, {"avg", 5.0}};
  model.take(parse_status(status.dump()), start);
  EXPECT_NEAR(model.history(*model.chosen()).latency_ms.back(), 5.0, 1e-9);
}

TEST(Keys, are_understood_and_others_passed_over) {
  const auto commands = [](std::string_view bytes) {
    std::vector<Command> found;
    for (const KeyPress& key : key_presses(bytes)) found.push_back(key.command);
    return found;
  };
  EXPECT_THAT(commands("\tp?q"), ElementsAre(Command::next, Command::freeze, Command::help, Command::quit));
  EXPECT_THAT(commands("\033[Z\033[C\033OD"),
              ElementsAre(Command::previous, Command::next, Command::previous));
  EXPECT_THAT(commands("x\033[1;5A\033[3~\033\033["), IsEmpty());
  EXPECT_THAT(key_presses("20"), ElementsAre(KeyPress{Command::choose, 1}, KeyPress{Command::choose, 9}));
}

TEST(Drawing, repeats_only_the_rows_that_changed) {
  Frame before({10, 3});
  before.put(0, 0, U"one");
  Frame after = before;
  after.put(2, 0, U"two", Style::bad);
  EXPECT_EQ(drawing(before, &before, Colours::ansi), "");
  EXPECT_EQ(drawing(after, &before, Colours::ansi), "\033[3;1H\033[0m\033[0;1;31mtwo\033[0m\033[K");
  EXPECT_THAT(drawing(after, nullptr, Colours::none), testing::Not(HasSubstr("31m")));
}

TEST(Figures, fit_their_column) {
  EXPECT_EQ(count_within(1'234'567, 9), "1,234,567");
  EXPECT_EQ(count_within(12'345'678, 9), "12.3 M");
  EXPECT_EQ(count_within(999'999, 6), "1.00 M");
  EXPECT_EQ(percent(1, 100'000), "<0.1 %");
  EXPECT_EQ(percent(99'999, 100'000), ">99.9 %");
  EXPECT_EQ(percent(5, 5), "100.0 %");
  EXPECT_EQ(span_text(59.9), "0:59");
  EXPECT_EQ(span_text(93784), "1d 02:03:04");
  EXPECT_EQ(time_of_day("2026-11-21T08:00:00.912345Z", 3), "08:00:00.912");
  EXPECT_EQ(time_of_day("nonsense", 3), "nonsense");
}

TEST(Source, refuses_what_cannot_be_a_status) {
  EXPECT_THROW((void)open_source("https://10.0.0.7", ""), std::invalid_argument);
  EXPECT_THROW((void)open_source("http://", ""), std::invalid_argument);
  EXPECT_THROW((void)open_source("http://user:secret@host/", ""), std::invalid_argument);
}

TEST(Source, says_why_there_is_no_status) {
  EXPECT_THAT(open_source("/none/status.json", "")->ask().problem, HasSubstr("No such file"));
  EXPECT_THAT(open_source("http://127.0.0.1:1", "")->ask().problem, HasSubstr("nobody listens"));
}

}  // namespace
}  // namespace sluice::engine::top
