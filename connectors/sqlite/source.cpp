#include "sqlite/source.hpp"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "base/file_watch.hpp"
#include "sqlite/examine.hpp"
#include "sqlite/outbox_reader.hpp"

namespace sluice::engine::sqlite {

namespace {

constexpr PartitionId only{0};

class SqliteSource final : public Source {
 public:
  SqliteSource(const std::string& path, OutboxTable table, std::size_t max_record)
      : topic_(table.name),
        reader_(path, std::move(table), max_record),
        watch_({path, path + "-wal", path + "-journal"}) {}

  [[nodiscard]] Result<void> open(PartitionListener& listener) override {
    listener_ = &listener;
    return reader_.open();
  }

  [[nodiscard]] Result<Polled> poll(milliseconds timeout) override {
    const auto deadline = SteadyClock::now() + timeout;
    if (!assigned_) {
      Result<void> assigned = assign();
      if (!assigned) return assigned.error();
    }
    if (paused_) {
      std::this_thread::sleep_for(timeout);
      return Polled(Idle{});
    }
    for (;;) {
      if (SteadyClock::now() >= look_again_) {
        Result<Chunk> chunk = look();
        if (!chunk) return chunk.error();
        if (!chunk->records.empty()) return Polled(std::move(*chunk));
      }
      const auto now = SteadyClock::now();
      if (now >= deadline) return Polled(Idle{});
      if (watch_.wait(std::chrono::ceil<microseconds>(std::min(deadline, look_again_) - now))) look_at_once();
    }
  }

  void pause(PartitionId) override { paused_ = true; }
  void resume(PartitionId) override { paused_ = false; }

  // Positions are remembered by the pipeline's journal.
  [[nodiscard]] Result<void> commit(std::span<const SafePosition>) override { return {}; }

  [[nodiscard]] Result<PositionCheck> check(PartitionId partition, Position last) override {
    Result<void> opened = reader_.open();
    if (!opened) return opened.error();
    Result<Position> end = reader_.end();
    if (!end) return end.error();
    const Result<Chunk> row = reader_.read_one(partition, last);
    if (!row) return row.error();
    PositionCheck check{.end = *end, .checksum = std::nullopt};
    if (!row->records.empty()) check.checksum = record_checksum(row->records.front());
    return check;
  }

  [[nodiscard]] std::optional<Position> end(PartitionId) override {
    if (!reader_.is_open()) return std::nullopt;
    const Result<Position> end = reader_.end();
    if (!end) return std::nullopt;
    return *end;
  }

  [[nodiscard]] Result<PartitionRanges> ranges() override {
    if (auto opened = reader_.open(); !opened) return opened.error();
    const Result<Position> end = reader_.end();
    if (!end) return end.error();
    return PartitionRanges{{{topic_, 0}, {Position{0}, *end}}};
  }

 private:
  using SteadyClock = std::chrono::steady_clock;

  // A change of the files is seen a little before its transaction is: look again soon, then ever more rarely.
  static constexpr microseconds shortest_pause{200};
  static constexpr microseconds longest_pause{50'000};

  [[nodiscard]] Result<void> assign() {
    const Result<std::optional<Progress>> start = listener_->assigned(only, {topic_, 0}, std::nullopt);
    if (!start) return start.error();
    next_ = start->value_or(Progress{}).next;
    assigned_ = true;
    return {};
  }

  // Reads what there is; with nothing there, makes sure that there is nothing, and sets when to look again.
  [[nodiscard]] Result<Chunk> look() {
    Result<void> opened = reader_.open();
    if (!opened) return opened.error();
    Result<Chunk> chunk = reader_.read(only, next_);
    if (!chunk) return chunk;
    if (!chunk->records.empty()) {
      next_ = chunk->records.back().position.next();
      look_at_once();
      return chunk;
    }
    Result<void> same = reader_.still_the_same(next_);
    if (!same) return same.error();
    look_again_ = SteadyClock::now() + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
    return chunk;
  }

  void look_at_once() {
    pause_ = shortest_pause;
    look_again_ = {};
  }

  std::string topic_;
  OutboxReader reader_;
  FileWatch watch_;
  PartitionListener* listener_ = nullptr;
  Position next_;
  microseconds pause_ = shortest_pause;
  SteadyClock::time_point look_again_{};
  bool assigned_ = false;
  bool paused_ = false;
};

const std::vector<OptionSpec>& source_options() {
  static const std::vector<OptionSpec> options{
      {.name = "path", .type = OptionType::path, .help = "the database file"},
      {.name = "table", .fallback = "event_outbox", .help = "the outbox table"},
      {.name = "columns",
       .type = OptionType::map,
       .fallback = "",
       .help = "other names of the columns id (the key), event_id, aggregate_type, aggregate_id, event_type, "
               "payload and created_at"},
      {.name = "max_record",
       .type = OptionType::bytes,
       .fallback = "16MiB",
       .help = "a longer payload becomes a dead letter that keeps its beginning",
       .minimum = 1,
       .maximum = std::int64_t{1} << 30U},
  };
  return options;
}

OutboxTable to_table(const Options& options) {
  OutboxTable table;
  table.name = options.text("table");
  const std::map<std::string, std::string*> names{
      {"id", &table.key},
      {"event_id", &table.event_id},
      {"aggregate_type", &table.aggregate_type},
      {"aggregate_id", &table.aggregate_id},
      {"event_type", &table.event_type},
      {"payload", &table.payload},
      {"created_at", &table.created_at},
  };
  for (const auto& [name, column] : options.map("columns")) {
    const auto found = names.find(name);
    if (found == names.end())
      throw ConfigurationError("columns: there is no column '" + name +
                               "' to be renamed; these can be: id, event_id, aggregate_type, aggregate_id, "
                               "event_type, payload, created_at");
    if (column.empty()) throw ConfigurationError("columns: the column '" + name + "' needs a name");
    *found->second = column;
  }
  return table;
}

std::unique_ptr<Source> make_source(const Options& options, const ConnectorContext&) {
  return std::make_unique<SqliteSource>(options.text("path"), to_table(options),
                                        static_cast<std::size_t>(options.bytes("max_record")));
}

void examine(const Options& options, const ConnectorContext&, Examination<Source>& examination) {
  examine_source(options.text("path"), to_table(options),
                 static_cast<std::size_t>(options.bytes("max_record")), examination);
}

}  // namespace

RoleSpec<Source> source_role() {
  return {.options = source_options(),
          .help = "reads the rows of an outbox table",
          .make = make_source,
          .decoder = "outbox_row",
          .examine = examine};
}

}  // namespace sluice::engine::sqlite
