// Pictures of statuses, held against the files in frames/. With SLUICE_WRITE_FRAMES set the files are written
// anew; look at what changed before committing it.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "statuses.hpp"
#include "top/screen.hpp"

namespace sluice::engine::top {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_text(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(SLUICE_FRAMES) / (name + ".txt");
  if (std::getenv("SLUICE_WRITE_FRAMES") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(text, read(path)) << path;
}

void expect_frame(const std::string& name, const Model& model, Size size, Charset charset = Charset::utf8) {
  expect_text(name, plain_text(screen(model, size, charset)));
}

const ModelSettings with_target{"127.0.0.1:8083", "", 1'000'000};

TEST(Screen, shows_a_busy_pipeline_in_80_columns) {
  expect_frame("busy-80x24", model_of(status_of({busy_pipeline()}), with_target), {80, 24});
}
TEST(Screen, shows_more_in_120_columns) {
  expect_frame("busy-120x40", model_of(status_of({busy_pipeline()}), with_target), {120, 40});
}
TEST(Screen, shows_more_in_200_columns) {
  expect_frame("busy-200x60", model_of(status_of({busy_pipeline()}), with_target), {200, 60});
}
TEST(Screen, needs_nothing_but_ascii) {
  const Model model = model_of(status_of({busy_pipeline()}), with_target);
  expect_frame("ascii-80x24", model, {80, 24}, Charset::ascii);
  for (const char byte : plain_text(screen(model, {80, 24}, Charset::ascii)))
    ASSERT_TRUE(byte == '\n' || (byte >= ' ' && byte <= '~'));
}
TEST(Screen, names_all_trouble) {
  const Model model = model_of(status_of({troubled_pipeline()}));
  expect_frame("troubled-80x24", model, {80, 24});
  expect_frame("troubled-120x40", model, {120, 40});
}
TEST(Screen, shows_the_partitions_that_lag_most) {
  const Model model = model_of(status_of({pipeline_with_partitions(50)}));
  expect_frame("partitions-80x24", model, {80, 24});
  expect_frame("partitions-200x60", model, {200, 60});
}
TEST(Screen, has_a_tab_for_each_pipeline) {
  std::vector<Json> pipelines;
  for (int i = 1; i <= 10; ++i) {
    pipelines.push_back(i % 4 == 0 ? troubled_pipeline() : busy_pipeline());
    pipelines.back()["id"] = "pipeline-" + std::to_string(i);
    if (i == 3) pipelines.back()["state"] = "failed";
  }
  Model model = model_of(status_of(pipelines), with_target);
  expect_frame("pipelines-80x24", model, {80, 24});
  model.press({Command::choose, 7});
  expect_frame("pipelines-8-80x24", model, {80, 24});
  model.press({Command::previous});
  model.press({Command::choose, 9});
  model.press({Command::next});
  EXPECT_EQ(model.chosen_index(), 0u);
}
TEST(Screen, is_not_broken_by_what_records_bring) {
  const Model model = model_of(status_of({hostile_pipeline()}));
  expect_frame("hostile-80x24", model, {80, 24});
  expect_frame("hostile-ascii-120x40", model, {120, 40}, Charset::ascii);
}
TEST(Screen, keeps_the_last_picture_of_a_silent_engine) {
  Model model = model_of(status_of({busy_pipeline()}));
  const Timestamp since = *parse_timestamp("2026-11-21T08:00:05Z");
  model.take({std::nullopt, "nobody listens there"}, since);
  model.take({std::nullopt, "nobody listens there"}, since + std::chrono::seconds(12));
  expect_frame("silent-80x24", model, {80, 24});
  const Frame frame = screen(model, {80, 24}, Charset::utf8);
  EXPECT_EQ(frame.at(5, 1).style, Style::quiet);
  EXPECT_EQ(frame.at(1, 1).style, Style::bad);
}
TEST(Screen, explains_keys_and_words) {
  Model model = model_of(status_of({busy_pipeline()}));
  model.press({Command::help});
  expect_frame("help-80x24", model, {80, 24});
}
TEST(Screen, says_whom_it_asks_before_the_first_answer) {
  expect_frame("asking-80x24", Model({"127.0.0.1:8083", "", {}}), {80, 24});
}
TEST(Screen, fits_every_size) {
  for (const Json& pipeline : {busy_pipeline(), troubled_pipeline(), pipeline_with_partitions(50),
                               hostile_pipeline(), Json::object()}) {
    const Model model = model_of(status_of({pipeline, pipeline}), with_target, 2);
    for (std::size_t columns = 1; columns < 260; columns += columns < 130 ? 3 : 17)
      for (std::size_t rows = 1; rows < 70; rows += rows < 30 ? 2 : 11)
        EXPECT_EQ(screen(model, {columns, rows}, Charset::utf8).size(), (Size{columns, rows}));
  }
}
TEST(Report, tells_everything_as_text) {
  expect_text("report",
              report(model_of(status_of({troubled_pipeline(), pipeline_with_partitions(50)}), {}, 1), 80,
                     Charset::utf8));
}
TEST(ProgressLines, say_the_most_important_in_a_line_for_each_pipeline) {
  EXPECT_EQ(progress_lines(model_of(status_of({busy_pipeline(), troubled_pipeline()}), with_target, 1),
                           Charset::utf8),
            "activity running: 612,340 of 1,000,000 events (61.2 %), 11,873/s, p50 9.70 ms, p99 38.8 ms\n"
            "mail running: 9,190 of 1,000,000 events (0.9 %), 11,873/s, p50 9.70 ms, p99 38.8 ms, 171 dead "
            "letters\n");
}

}  // namespace
}  // namespace sluice::engine::top
