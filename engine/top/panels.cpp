#include "top/panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "observe/numbers.hpp"
#include "top/figures.hpp"

namespace sluice::engine::top {
namespace {

constexpr std::size_t chart_rows = 6;
constexpr std::size_t least_chart = 6;  // columns

struct Figure {
  std::string_view name;
  std::string value;
};

// Name and value, in a column of the width.
void put_figure(const Area& area, std::size_t row, std::size_t column, std::size_t width,
                const Figure& figure) {
  area.put(row, column, figure.name, Style::quiet);
  area.put_right(row, column + width, figure.value);
}

void draw_chart_after(const Area& area, std::size_t column, const std::deque<double>& samples, Style style) {
  if (area.width() >= column + least_chart)
    draw_chart(area.part(0, column, area.rows(), area.width() - column), samples, style);
}

constexpr std::array stage_styles{Style::accent, Style::busy, Style::warning, Style::good};

// What the stages' bars show, one after the other.
struct StageFigure {
  std::string_view name;
  double Latency::*value;
};
constexpr std::array stage_figures{StageFigure{"mean", &Latency::average}, StageFigure{"p50", &Latency::p50},
                                   StageFigure{"p95", &Latency::p95}, StageFigure{"p99", &Latency::p99}};

void draw_stage_bar(const Area& area, std::size_t row, const Pipeline& pipeline, const StageFigure& figure) {
  std::array<Share, stage_names.size()> shares;
  for (std::size_t i = 0; i < shares.size(); ++i)
    shares[i] = {pipeline.stages[i] ? *pipeline.stages[i].*figure.value : 0, area.glyphs().shades[i],
                 stage_styles[i]};
  draw_shares(area, row, area.put(row, 0, fmt::format("{:<5}", figure.name), Style::quiet), shares);
}

void draw_stage_names(const Area& area, std::size_t row, const Pipeline& pipeline) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < stage_names.size(); ++i) {
    if (!pipeline.stages[i]) continue;
    const std::string value = duration_for_people(pipeline.stages[i]->average);
    if (column + stage_names[i].size() + value.size() + 3 > area.width()) return;
    column = area.draw(row, column, area.glyphs().shades[i], stage_styles[i]) + 1;
    column = area.put(row, column, stage_names[i], Style::quiet) + 1;
    column = area.put(row, column, value) + 2;
  }
}

}  // namespace

void Panel::draw(const Area& area) const {
  const std::size_t start = area.put(0, 0, title, Style::strong) + 1;
  const std::size_t caption_from = std::min(captions.find_first_not_of(' '), captions.size());
  const std::string_view caption = std::string_view(captions).substr(caption_from);
  const std::size_t end =
      area.width() -
      std::min(area.width(), caption.empty() ? 0 : width_of(printable(caption, area.charset())) + 1);
  for (std::size_t column = start; column < end; ++column)
    area.draw(0, column, area.glyphs().rule, Style::quiet);
  if (start < end) area.put_right(0, area.width(), caption, Style::quiet);
  draw_body(area.part(1, 0, area.rows() - std::min<std::size_t>(area.rows(), 1), area.width()));
}

Panel throughput_panel(const Pipeline& pipeline, const History& history) {
  return {"Throughput", "events/s", 3, 3, chart_rows, [&](const Area& area) {
            constexpr std::size_t width = 18;
            put_figure(area, 0, 0, width, {"now", rate_text(pipeline.rate_now)});
            put_figure(area, 1, 0, width, {"average", rate_text(pipeline.rate_average)});
            put_figure(area, 2, 0, width, {"peak", rate_text(pipeline.rate_peak)});
            draw_chart_after(area, width + 2, history.rate, Style::good);
          }};
}

Panel latency_panel(const Pipeline& pipeline, const History& history, Charset charset) {
  const std::string captions = charset == Charset::utf8 ? "T0→T5" : "T0-T5";
  return {"Latency", captions, 3, 3, chart_rows, [&](const Area& area) {
            if (!pipeline.latency) {
              area.put(0, 0, "no event yet", Style::quiet);
              return;
            }
            constexpr std::size_t width = 13;
            const Latency& latency = *pipeline.latency;
            const auto figure = [&](std::size_t row, std::size_t column, std::string_view name, double ms) {
              put_figure(area, row, column, width, {name, duration_for_people(ms)});
            };
            figure(0, 0, "p50", latency.p50);
            figure(1, 0, "p95", latency.p95);
            figure(2, 0, "p99", latency.p99);
            figure(0, width + 2, "avg", latency.average);
            figure(1, width + 2, "min", latency.min);
            figure(2, width + 2, "max", latency.max);
            draw_chart_after(area, 2 * width + 4, history.latency_ms, Style::accent);
          }};
}

Panel stages_panel(const Pipeline& pipeline, Charset charset) {
  const std::string title =
      charset == Charset::utf8 ? "Where the time goes, T0→T5" : "Where the time goes, T0-T5";
  return {title, "mean of each stage", 2, 2, 1 + stage_figures.size(), [&](const Area& area) {
            const bool any =
                std::ranges::any_of(pipeline.stages, [](const auto& stage) { return stage.has_value(); });
            if (!any) {
              area.put(0, 0, "no event yet", Style::quiet);
              return;
            }
            const std::size_t bars =
                std::min(area.rows() - std::min<std::size_t>(area.rows(), 1), stage_figures.size());
            for (std::size_t i = 0; i < bars; ++i) draw_stage_bar(area, i, pipeline, stage_figures[i]);
            draw_stage_names(area, bars, pipeline);
          }};
}

Panel last_events_panel(const Pipeline& pipeline, std::size_t width) {
  constexpr std::size_t kept = 5;
  const bool wide = width >= 100;
  const std::size_t outcome_width = wide ? 24 : 11;
  const std::size_t events = std::max(pipeline.last_events.size(), kept);
  return {"Last events", "", kept, events, events, [&, wide, outcome_width](const Area& area) {
            constexpr std::size_t time_width = 12;
            constexpr std::size_t latency_width = 10;
            std::size_t type_width = 12;
            for (const TypeCount& type : pipeline.types) type_width = std::max(type_width, type.name.size());
            type_width = std::min<std::size_t>(type_width, wide ? 32 : 18);
            const std::size_t type_at = time_width + 2;
            const std::size_t label_at = type_at + type_width + 2;
            const std::size_t latency_end = area.width() - std::min(area.width(), outcome_width + 2);
            const std::size_t label_end = latency_end - std::min(latency_end, latency_width + 1);
            if (pipeline.last_events.empty()) area.put(0, 0, "none yet", Style::quiet);
            for (std::size_t row = 0; row < pipeline.last_events.size(); ++row) {
              const LastEvent& event = pipeline.last_events[row];
              const bool dead = event.outcome == "dead_letter";
              const Style style = event.outcome == "applied" ? Style::good : dead ? Style::bad : Style::quiet;
              area.put(row, 0, time_of_day(event.time, 3), time_width, Style::quiet);
              area.put(row, type_at, event.type, type_width, Style::plain);
              if (label_end > label_at)
                area.put(row, label_at, event.label, label_end - label_at, Style::plain);
              area.put_right(row, latency_end, duration_for_people(event.latency_ms));
              area.put(row, latency_end + 2,
                       wide && dead && !event.code.empty() ? event.code : words(event.outcome), outcome_width,
                       style);
            }
          }};
}

}  // namespace sluice::engine::top
