// The panels that are lists: types, partitions, writers, trouble. What does not fit is counted in the last
// row.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "observe/numbers.hpp"
#include "top/figures.hpp"
#include "top/panels.hpp"

namespace sluice::engine::top {
namespace {

void put_none(const Area& area, std::string_view text) { area.put(0, 0, text, Style::quiet); }

// How many of the entries are shown, when what is left out needs a row of its own.
std::size_t shown_of(std::size_t entries, std::size_t rows) {
  return entries <= rows ? entries : rows - std::min<std::size_t>(rows, 1);
}

constexpr std::size_t count_width = 11;
constexpr std::size_t share_width = 8;
constexpr std::size_t bar_width = 16;

struct TypeColumns {
  explicit TypeColumns(std::size_t width) : dead_letters(width >= 52), bar(width >= 76) {
    count_end =
        width - std::min(width, (dead_letters ? count_width : 0) + (bar ? bar_width + 2 : 0) + share_width);
  }
  bool dead_letters;
  bool bar;
  std::size_t count_end;
};

void draw_type(const Area& area, std::size_t row, const TypeCount& type, std::uint64_t all) {
  const TypeColumns columns(area.width());
  std::size_t end = columns.count_end;
  area.put(row, 0, type.name, end - std::min(end, count_width), Style::plain);
  area.put_right(row, end, count_within(type.count, count_width - 1));
  area.put_right(row, end += share_width, percent(type.count, all), Style::quiet);
  if (columns.dead_letters)
    area.put_right(row, end += count_width, count_within(type.dead_letters, count_width - 1),
                   type.dead_letters > 0 ? Style::bad : Style::quiet);
  if (columns.bar)
    area.bar(row, end + 2, bar_width,
             static_cast<double>(type.count) / static_cast<double>(std::max<std::uint64_t>(all, 1)),
             Style::accent);
}

constexpr std::size_t position_width = 13;
constexpr std::size_t lag_width = 9;
constexpr std::size_t wide_partition = 60;     // columns, from which more of a partition is told
constexpr std::size_t narrow_partition = 38;   // the least for one
constexpr std::size_t between_partitions = 3;  // columns, when there are several side by side

std::string lag_text(const Partition& partition) {
  return partition.lag ? count_within(*partition.lag, lag_width - 1) : "?";
}

void draw_partition(const Area& area, std::size_t row, const Partition& partition) {
  const bool wide = area.width() >= wide_partition;
  std::size_t end =
      area.width() - std::min(area.width(), position_width + lag_width + (wide ? 2 * position_width : 0));
  area.put_end(row, 0, partition.name, end - std::min<std::size_t>(end, 2),
               partition.paused ? Style::warning : Style::plain);
  if (partition.paused && end > 0) area.draw(row, end, area.glyphs().pause, Style::warning);
  area.put_right(row, end += position_width, count_within(partition.safe, position_width - 2));
  if (wide) {
    area.put_right(row, end += position_width, count_within(partition.next, position_width - 2),
                   Style::quiet);
    area.put_right(row, end += position_width, count_within(partition.unfinished, position_width - 2),
                   Style::quiet);
  }
  area.put_right(row, area.width(), lag_text(partition),
                 partition.lag.value_or(0) > 0 ? Style::strong : Style::quiet);
}

// All of them as they come, when there is room; else the ones that lag most.
std::vector<Partition> to_show(std::vector<Partition> partitions, std::size_t room) {
  if (partitions.size() <= room) return partitions;
  std::ranges::stable_sort(partitions, std::ranges::greater{},
                           [](const Partition& each) { return each.lag.value_or(0); });
  partitions.resize(room);
  return partitions;
}

void draw_partitions(const Area& area, const Pipeline& pipeline) {
  if (pipeline.partitions.empty()) return put_none(area, "none assigned");
  const std::size_t all = pipeline.partitions.size();
  const std::size_t side_by_side =
      all <= area.rows()
          ? 1
          : std::max<std::size_t>(
                (area.width() + between_partitions) / (narrow_partition + between_partitions), 1);
  const std::size_t rows = all <= area.rows() * side_by_side ? area.rows() : shown_of(all, area.rows());
  const std::vector<Partition> shown = to_show(pipeline.partitions, rows * side_by_side);
  const std::size_t width = (area.width() - between_partitions * (side_by_side - 1)) / side_by_side;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const Area column = area.part(
        0,
        area.width() - width * (side_by_side - i / rows) - between_partitions * (side_by_side - i / rows - 1),
        rows, width);
    draw_partition(column, i % rows, shown[i]);
  }
  if (shown.size() < all)
    area.put(rows, 0, fmt::format("and {} more; lag {} in all", all - shown.size(), grouped(pipeline.lag())),
             Style::quiet);
}

constexpr std::size_t writer_width = 7;

void draw_writers(const Area& area, std::size_t row, const Target& target) {
  std::size_t end = area.width() - std::min(area.width(), 4 * writer_width);
  area.put(row, 0, target.name, end, target.retrying_since.empty() ? Style::plain : Style::warning);
  const auto put = [&](const std::string& text, Style style) {
    area.put_right(row, end += writer_width, text, style);
  };
  const auto style = [](std::uint64_t count) { return count > 0 ? Style::plain : Style::quiet; };
  put(fmt::format("{}/{}", target.busy, target.writers), Style::plain);
  put(count_within(target.queued, writer_width - 1), style(target.queued));
  put(count_within(target.in_flight, writer_width - 1), style(target.in_flight));
  put(count_within(target.waiting, writer_width - 1), target.waiting > 0 ? Style::warning : Style::quiet);
}

struct Line {
  std::string text;
  Style style = Style::plain;
};

// "handler.rejected 161, decode.not_json 10".
std::string counted_codes(const std::vector<CodeCount>& codes) {
  std::string text;
  for (const CodeCount& each : codes)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", each.code, grouped(each.count));
  return text;
}

// Figures first: why nothing moves is told above the panels, too.
std::vector<Line> trouble(const Pipeline& pipeline) {
  std::vector<Line> lines;
  if (!pipeline.errors.empty())
    lines.push_back({"dead letters: " + counted_codes(pipeline.errors), Style::bad});
  if (const Breaker& breaker = pipeline.breaker; breaker.letters > 0)
    lines.push_back({fmt::format("breaker: {} of the last {} events; opens at {:.3g} %",
                                 grouped(breaker.letters), grouped(breaker.window), 100 * breaker.ratio),
                     Style::warning});
  if (const std::uint64_t waiting = pipeline.waiting(); waiting > 0)
    lines.push_back({fmt::format("{} wait for a document to exist", grouped(waiting)), Style::warning});
  if (pipeline.reading_paused)
    lines.push_back({fmt::format("full: reading pauses at {} unfinished, {}",
                                 grouped(pipeline.unfinished_events), bytes_text(pipeline.unfinished_bytes)),
                     Style::warning});
  if (!pipeline.retries.empty())
    lines.push_back({"tried again: " + counted_codes(pipeline.retries), Style::plain});
  for (const std::string& stalled : pipeline.stalled) lines.push_back({"stalled: " + stalled, Style::bad});
  for (const Obstacle& retrying : pipeline.retrying)
    if (pipeline.reason.find(retrying.reason) == std::string::npos)
      lines.push_back({retry_text(retrying), Style::warning});
  if (!pipeline.reason.empty())
    lines.push_back({pipeline.reason, pipeline.ended_badly() ? Style::bad : Style::warning});
  for (const Target& target : pipeline.targets)
    if (!target.retrying_since.empty())
      lines.push_back(
          {retry_text({target.name, target.retrying_since, target.retry_reason}), Style::warning});
  for (const Obstacle& document : pipeline.waiting_for)
    lines.push_back({fmt::format("{} is waited for since {}", document.what, time_of_day(document.since, 0)),
                     Style::quiet});
  for (const LastError& error : pipeline.last_errors)
    lines.push_back({fmt::format("{} {} {} {}: {}", time_of_day(error.time, 0), error.code, error.type,
                                 error.id, error.reason),
                     Style::quiet});
  return lines;
}

// Cut between words, where there are any.
std::vector<std::u32string> wrapped(std::u32string_view text, std::size_t width) {
  std::vector<std::u32string> lines;
  while (width > 1 && width_of(text) > width) {
    std::size_t cut = 0;
    for (std::size_t columns = 0; (columns += static_cast<std::size_t>(width_of(text[cut]))) <= width;) ++cut;
    const std::size_t blank = text.rfind(U' ', cut);
    const std::size_t end = blank == std::u32string_view::npos || blank == 0 ? cut : blank;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(U' '), text.size()));
  }
  lines.emplace_back(text);
  return lines;
}

std::size_t wrapped_rows(const std::vector<Line>& lines, std::size_t width, Charset charset) {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0}, [&](std::size_t rows, const Line& line) {
    return rows + wrapped(printable(line.text, charset), width).size();
  });
}

// Each in one row, the last with the number of those that have none.
void draw_cut_trouble(const Area& area, const std::vector<Line>& lines) {
  const std::size_t shown = std::min(lines.size(), area.rows());
  for (std::size_t row = 0; row < shown; ++row) {
    const std::size_t more = row + 1 == shown ? lines.size() - shown : 0;
    const std::string rest = more == 0 ? "" : fmt::format("  +{} more", more);
    area.put(row, 0, lines[row].text, area.width() - std::min(area.width(), rest.size()), lines[row].style);
    area.put_right(row, area.width(), rest, Style::quiet);
  }
}

void draw_trouble(const Area& area, const std::vector<Line>& lines) {
  if (lines.empty()) return put_none(area, "none");
  if (wrapped_rows(lines, area.width(), area.charset()) > area.rows()) return draw_cut_trouble(area, lines);
  std::size_t row = 0;
  for (const Line& line : lines)
    for (const std::u32string& part : wrapped(printable(line.text, area.charset()), area.width()))
      area.draw(row++, 0, part, line.style);
}

}  // namespace

Panel types_panel(const Pipeline& pipeline, std::size_t width) {
  const TypeColumns columns(width);
  std::string captions = fmt::format("{:>{}}{:>{}}", "events", count_width, "share", share_width);
  if (columns.dead_letters) captions += fmt::format("{:>{}}", "dead", count_width);
  if (columns.bar) captions.append(bar_width + 2, ' ');
  const std::size_t rows = std::max<std::size_t>(pipeline.types.size(), 1);
  return {"Types", captions, std::min<std::size_t>(rows, 2), rows, rows, [&](const Area& area) {
            if (pipeline.types.empty()) return put_none(area, "no event yet");
            const std::uint64_t all =
                std::accumulate(pipeline.types.begin(), pipeline.types.end(), std::uint64_t{0},
                                [](std::uint64_t sum, const TypeCount& type) { return sum + type.count; });
            const std::size_t shown = shown_of(pipeline.types.size(), area.rows());
            for (std::size_t row = 0; row < shown; ++row) draw_type(area, row, pipeline.types[row], all);
            if (shown < pipeline.types.size())
              area.put(shown, 0, fmt::format("and {} more", pipeline.types.size() - shown), Style::quiet);
          }};
}

Panel partitions_panel(const Pipeline& pipeline, std::size_t width) {
  const std::string title =
      pipeline.partitions.size() > 1 ? fmt::format("{} partitions", pipeline.partitions.size()) : "Partition";
  std::string captions = fmt::format("{:>{}}", "safe", position_width);
  if (width >= wide_partition)
    captions += fmt::format("{:>{}}{:>{}}", "next", position_width, "unfinished", position_width);
  captions += fmt::format("{:>{}}", "lag", lag_width);
  const std::size_t rows = std::max<std::size_t>(pipeline.partitions.size(), 1);
  return {title, captions, std::min<std::size_t>(rows, 2),
          rows,  rows,     [&](const Area& area) { draw_partitions(area, pipeline); }};
}

Panel writers_panel(const Pipeline& pipeline) {
  const std::size_t rows = std::max<std::size_t>(pipeline.targets.size(), 1);
  const std::string captions = fmt::format("{:>{}}{:>{}}{:>{}}{:>{}}", "busy", writer_width, "queued",
                                           writer_width, "sent", writer_width, "wait", writer_width);
  return {"Writers", captions, 1, rows, rows, [&](const Area& area) {
            if (pipeline.targets.empty()) return put_none(area, "none");
            const std::size_t shown =
                shown_of(pipeline.targets.size(), std::max<std::size_t>(area.rows(), 2));
            for (std::size_t row = 0; row < shown; ++row) draw_writers(area, row, pipeline.targets[row]);
            if (shown < pipeline.targets.size())
              area.put(shown, 0, fmt::format("and {} more", pipeline.targets.size() - shown), Style::quiet);
          }};
}

Panel trouble_panel(const Pipeline& pipeline, std::size_t width, Charset charset) {
  std::vector<Line> lines = trouble(pipeline);
  const std::size_t rows = std::max<std::size_t>(wrapped_rows(lines, width, charset), 1);
  return {"Trouble", "",   1,
          rows,      rows, [lines = std::move(lines)](const Area& area) { draw_trouble(area, lines); }};
}

}  // namespace sluice::engine::top
