#include "top/screen.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "observe/numbers.hpp"
#include "top/figures.hpp"
#include "top/layout.hpp"

namespace sluice::engine::top {
namespace {

constexpr std::size_t two_panels = 76;  // columns, from which two fit side by side
constexpr std::size_t margin = 1;

// The bands for a width, from the top. One below the other where that is too narrow, or asked for.
std::vector<Band> bands(const Pipeline& pipeline, const History& history, std::size_t width,
                        bool side_by_side, Charset charset) {
  const std::size_t half = side_by_side ? half_width(width) : width;
  std::vector<Band> all;
  const auto add = [&](int importance, Panel one, Panel other) {
    if (side_by_side) {
      all.push_back({{std::move(one), std::move(other)}, importance});
      return;
    }
    all.push_back({{std::move(one)}, importance});
    all.push_back({{std::move(other)}, importance});
  };
  add(5, throughput_panel(pipeline, history), latency_panel(pipeline, history, charset));
  all.push_back({{stages_panel(pipeline, charset)}, 1});
  add(2, types_panel(pipeline, half), partitions_panel(pipeline, half));
  add(4, writers_panel(pipeline), trouble_panel(pipeline, half, charset));
  all.push_back({{last_events_panel(pipeline, width)}, 3});
  return all;
}

void draw_header(const Area& area, const Model& model) {
  std::size_t column = area.put(0, 0, " sluice ", Style::marked) + 1;
  const Status* const status = model.status();
  const std::string time = status == nullptr ? "" : time_of_day(status->time, 0);
  const std::string up = status == nullptr ? "" : "up " + span_text(status->uptime_s);
  std::size_t room = area.width() - std::min(area.width(), column + up.size() + time.size() + 4);
  if (const Pipeline* const pipeline = model.chosen()) {
    const Style style = style_of_state(pipeline->state);
    const std::string state = words(pipeline->state);
    const std::size_t name = room - std::min(room, state.size() + 5);
    column = area.put(0, column, pipeline->id, name, Style::strong) + 2;
    column = area.draw(0, column, area.glyphs().dot, style) + 1;
    column = area.put(0, column, state, style) + 2;
  }
  column = area.put(0, column, up, Style::quiet) + 2;
  area.put_right(0, area.width(), time, Style::quiet);
  const std::size_t end = area.width() - std::min(area.width(), time.size() + 2);
  if (end <= column) return;
  if (model.frozen())
    area.put_right(0, end, " frozen ", Style::marked);
  else if (width_of(printable(model.settings().where, area.charset())) <= end - column)
    area.put_right(0, end, model.settings().where, Style::quiet);
}

// Why nothing moves, the most pressing first.
struct Notice {
  std::string text;
  Style style;
};
Notice notice(const Model& model) {
  if (const auto& silence = model.silence()) {
    const double seconds = std::chrono::duration<double>(silence->now - silence->since).count();
    return {fmt::format("No news since {} ({}): {}; trying again", time_of_day(to_text(silence->since), 0),
                        span_text(seconds), silence->problem),
            Style::bad};
  }
  const Pipeline* const pipeline = model.chosen();
  if (pipeline == nullptr) return {"", Style::plain};
  if (!pipeline->reason.empty())
    return {pipeline->reason, pipeline->ended_badly() ? Style::bad : Style::warning};
  if (!pipeline->retrying.empty()) return {retry_text(pipeline->retrying.front()), Style::warning};
  for (const Target& target : pipeline->targets)
    if (!target.retrying_since.empty())
      return {retry_text({target.name, target.retrying_since, target.retry_reason}), Style::warning};
  if (!pipeline->stalled.empty()) return {"Stalled: " + pipeline->stalled.front(), Style::bad};
  return {"", Style::plain};
}

// " 1 activity * " and so on; around the chosen one when they are more than fit.
void draw_tabs(const Area& area, const Model& model) {
  const auto& pipelines = model.status()->pipelines;
  constexpr std::size_t longest = 16;
  const auto width = [&](std::size_t i) {
    return std::min(width_of(printable(pipelines[i].id, area.charset())), longest) +
           std::to_string(i + 1).size() + 5;
  };
  std::size_t first = model.chosen_index();
  std::size_t used = width(first);
  while (first > 0 && used + width(first - 1) <= area.width() / 2) used += width(--first);
  for (std::size_t rest = used, i = model.chosen_index() + 1; first > 0; ++i) {
    rest += i < pipelines.size() ? width(i) : 0;
    if (i < pipelines.size() && rest <= area.width()) continue;
    if (i < pipelines.size() || rest + width(first - 1) > area.width()) break;
    rest += width(--first);
  }
  std::size_t column = 0;
  for (std::size_t i = first; i < pipelines.size() && column + width(i) <= area.width(); ++i) {
    const bool chosen = i == model.chosen_index();
    const Style style = chosen ? Style::marked : Style::plain;
    std::size_t at = area.put(0, column, fmt::format(" {} ", i + 1), chosen ? Style::marked : Style::quiet);
    at = area.put(0, at, pipelines[i].id, longest, style);
    at = area.put(0, at, " ", style);
    at = area.draw(0, at, area.glyphs().dot, chosen ? Style::marked : style_of_state(pipelines[i].state));
    area.put(0, at, " ", style);
    column += width(i);
  }
}

void draw_target(const Area& area, const Model& model) {
  const std::uint64_t target = *model.settings().target;
  const std::uint64_t total = model.status()->total();
  const std::uint64_t remaining = target - std::min(target, total);
  double rate = 0;
  for (const Pipeline& pipeline : model.status()->pipelines) rate += pipeline.rate_now;
  const std::string left = remaining == 0 ? "done"
                           : rate > 0     ? span_text(static_cast<double>(remaining) / rate) + " to go"
                                          : "";
  const std::string text =
      fmt::format("{:>7}  {} of {}, {} remaining  {:>12}", percent(std::min(total, target), target),
                  grouped(total), grouped(target), grouped(remaining), left);
  const std::size_t bar = area.width() - std::min(area.width(), text.size() + 1);
  area.bar(0, 0, bar, target == 0 ? 1 : static_cast<double>(total) / static_cast<double>(target),
           remaining == 0 ? Style::good : Style::accent);
  area.put(0, bar + 1, text, Style::plain);
}

// What became of the events; as many of the counts as fit. Returns the rows that were used.
std::size_t draw_counts(const Area& area, const Pipeline& pipeline) {
  struct Count {
    std::string figure;
    std::string_view name;
    Style style;
  };
  const bool dead = pipeline.dead_letters > 0;
  std::vector<Count> counts{
      {grouped(pipeline.total), "processed", Style::strong},
      {grouped(pipeline.applied), "applied", Style::good},
      {grouped(pipeline.dead_letters), pipeline.dead_letters == 1 ? "dead letter" : "dead letters",
       dead ? Style::bad : Style::plain},
      {percent(pipeline.dead_letters, pipeline.total), "errors", dead ? Style::bad : Style::plain},
      {grouped(pipeline.unfinished_events), "unfinished", Style::plain},
  };
  if (pipeline.repeated > 0) counts.push_back({grouped(pipeline.repeated), "repeated", Style::plain});
  counts.push_back({grouped(pipeline.ignored), "ignored", Style::plain});
  counts.push_back({grouped(pipeline.passed_over), "passed over", Style::plain});
  std::size_t row = 0;
  std::size_t column = 0;
  for (const Count& count : counts) {
    if (column + count.figure.size() + 1 + count.name.size() > area.width()) {
      if (row + 1 >= area.rows()) break;
      ++row;
      column = 0;
    }
    column = area.put(row, column, count.figure, count.style) + 1;
    column = area.put(row, column, count.name, Style::quiet) + 3;
  }
  return row + 1;
}

void draw_footer(const Area& area, const Model& model) {
  const bool several = model.status() != nullptr && model.status()->pipelines.size() > 1;
  area.put(0, 0,
           fmt::format("q quit   {}p {}   ? help", several ? "Tab 1-9 pipeline   " : "",
                       model.frozen() ? "go on" : "freeze"),
           Style::quiet);
}

void draw_help(const Area& area) {
  struct Entry {
    std::string_view key;
    std::string_view meaning;
  };
  constexpr std::array entries{
      Entry{"Tab, right", "the next pipeline"},
      Entry{"Shift-Tab, left", "the one before"},
      Entry{"1 to 9, 0", "the pipeline of that number, the tenth"},
      Entry{"p, blank", "freeze the picture, go on"},
      Entry{"Ctrl-L", "draw all anew"},
      Entry{"q, Ctrl-C", "quit; the engine runs on"},
      Entry{"?", "close this page"},
      Entry{"", ""},
      Entry{"T0 to T5", "row written, captured, in the log, taken up, (handled,) in the store"},
      Entry{"safe", "every position below is settled: a restart begins here"},
      Entry{"lag", "positions between safe and the end of the partition"},
      Entry{"sent", "changes in batches that the store has not yet answered"},
      Entry{"wait", "documents whose changes wait until they exist"},
  };
  for (std::size_t row = 0; row < entries.size(); ++row) {
    area.put(row, 1, entries[row].key, 16, Style::strong);
    area.put(row, 18, entries[row].meaning, Style::plain);
  }
}

void draw_body(const Area& area, const Model& model) {
  if (model.help()) return draw_help(area);
  const Pipeline* const pipeline = model.chosen();
  if (pipeline == nullptr) {
    const std::string text = model.status() != nullptr ? "It has no pipelines."
                             : model.silence()         ? "Nothing to show yet."
                                                       : "Asking " + model.settings().where;
    area.put(0, 0, text, Style::quiet);
    return;
  }
  draw_bands(area, bands(*pipeline, model.history(*pipeline), area.width(), area.width() >= two_panels,
                         area.charset()));
}

}  // namespace

Frame screen(const Model& model, Size size, Charset charset) {
  Frame frame(size);
  const Area whole = Area(frame, charset);
  const std::size_t width = size.columns - std::min(size.columns, 2 * margin);
  const auto row_at = [&](std::size_t row) { return whole.part(row, margin, 1, width); };
  std::size_t row = 0;
  draw_header(row_at(row++), model);
  const std::size_t notice_row = row++;
  if (model.status() != nullptr && model.status()->pipelines.size() > 1) draw_tabs(row_at(row++), model);
  if (model.status() != nullptr && model.settings().target) draw_target(row_at(row++), model);
  if (const Pipeline* const pipeline = model.chosen()) row += draw_counts(row_at(row), *pipeline);
  const bool footer = size.rows > row + 3;
  if (footer) draw_footer(row_at(size.rows - 1), model);
  draw_body(whole.part(row, margin, size.rows - std::min(size.rows, row + (footer ? 1 : 0)), width), model);
  if (model.silence()) frame.restyle(Style::quiet);
  const Notice shown = notice(model);
  row_at(notice_row).put(0, 0, shown.text, shown.style);
  return frame;
}

std::string report(const Model& model, std::size_t columns, Charset charset) {
  std::string text;
  if (model.status() == nullptr) return text;
  for (const Pipeline& pipeline : model.status()->pipelines) {
    std::vector<Band> all = bands(pipeline, model.history(pipeline), columns, false, charset);
    constexpr std::size_t most_counts = 2;  // rows
    Frame frame({columns, most_counts + 2 + rows_for_all(all)});
    const Area area(frame, charset);
    std::size_t column = area.put(0, 0, pipeline.id, Style::strong) + 2;
    column = area.put(0, column, words(pipeline.state)) + 2;
    column = area.put(0, column, "up " + span_text(model.status()->uptime_s)) + 2;
    area.put_right(0, columns, model.status()->time);
    const std::size_t before = 1 + draw_counts(area.part(1, 0, most_counts, columns), pipeline) + 1;
    draw_bands(area.part(before, 0, area.rows() - before, columns), std::move(all));
    text += (text.empty() ? "" : "\n") + plain_text(frame);
  }
  return text;
}

std::string progress_lines(const Model& model, Charset charset) {
  std::string text;
  if (model.silence()) return "no answer: " + model.silence()->problem + '\n';
  if (model.status() == nullptr) return text;
  const auto& target = model.settings().target;
  for (const Pipeline& pipeline : model.status()->pipelines) {
    std::string line = fmt::format("{} {}: {}", pipeline.id, words(pipeline.state), grouped(pipeline.total));
    if (target)
      line += fmt::format(" of {} events ({})", grouped(*target),
                          percent(std::min(pipeline.total, *target), *target));
    else
      line += " events";
    line += fmt::format(", {}/s", rate_text(pipeline.rate_now));
    if (pipeline.latency)
      line += fmt::format(", p50 {}, p99 {}", duration_for_people(pipeline.latency->p50),
                          duration_for_people(pipeline.latency->p99));
    if (pipeline.dead_letters > 0)
      line += fmt::format(", {} dead letter{}", grouped(pipeline.dead_letters),
                          pipeline.dead_letters == 1 ? "" : "s");
    if (!pipeline.reason.empty()) line += "; " + pipeline.reason;
    for (const char32_t character : printable(line, charset)) append_utf8(text, character);
    text += '\n';
  }
  return text;
}

}  // namespace sluice::engine::top
