#include "file/source.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "base/arena.hpp"
#include "base/file_watch.hpp"
#include "file/blocks.hpp"
#include "file/examine.hpp"
#include "file/line_reader.hpp"
#include "file/record_parser.hpp"

namespace sluice::engine::file {

namespace {

constexpr PartitionId only{0};

enum class Format : std::uint8_t { plain, records };

struct Settings {
  std::string path;
  Format format;
  bool follow;
  std::size_t max_record;
};

struct FileChunk final : ChunkMemory {
  explicit FileChunk(std::shared_ptr<Blocks> from) : blocks(std::move(from)) {}
  ~FileChunk() override {
    blocks->give_back(std::move(lines));
    blocks->give_back(std::move(text));
  }

  std::shared_ptr<Blocks> blocks;
  Block lines;
  Block text;                // what was unescaped
  Arena arena;               // headers
  std::deque<Error> faults;  // stay where they are
};

class FileSource final : public Source {
 public:
  explicit FileSource(Settings settings)
      : settings_(std::move(settings)),
        topic_(std::filesystem::path(settings_.path).filename().string()),
        reader_(settings_.path, settings_.max_record) {}

  [[nodiscard]] Result<void> open(PartitionListener& listener) override {
    listener_ = &listener;
    return reader_.open();
  }

  [[nodiscard]] Result<Polled> poll(milliseconds timeout) override {
    if (!assigned_) {
      Result<void> assigned = assign();
      if (!assigned) return assigned.error();
    }
    if (paused_) {
      std::this_thread::sleep_for(timeout);
      return Polled(Idle{});
    }
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
      Result<std::optional<Lines>> lines = reader_.read(*blocks_, !settings_.follow);
      if (!lines) return lines.error();
      if (lines->has_value()) {
        Chunk chunk = to_chunk(std::move(**lines));
        if (chunk.records.empty()) continue;
        read_to_ = chunk.records.back().position.next();
        return Polled(std::move(chunk));
      }
      Result<void> same = reader_.still_the_same();
      if (!same) return same.error();
      if (!settings_.follow) return Polled(Finished{});
      const auto left = std::chrono::duration_cast<microseconds>(deadline - std::chrono::steady_clock::now());
      if (left <= microseconds::zero()) return Polled(Idle{});
      watch_.wait(std::min(left, longest_wait));
    }
  }

  void pause(PartitionId) override { paused_ = true; }
  void resume(PartitionId) override { paused_ = false; }

  [[nodiscard]] Result<void> commit(std::span<const SafePosition>) override { return {}; }

  [[nodiscard]] Result<PositionCheck> check(PartitionId, Position last) override {
    PositionCheck check;
    Result<std::int64_t> size = reader_.size();
    if (!size) return size.error();
    check.end = Position{*size};
    Result<std::optional<Lines>> line = reader_.line_at(last.value, *blocks_);
    if (!line) return line.error();
    if (!line->has_value()) return check;
    const Chunk chunk = to_chunk(std::move(**line));
    if (!chunk.records.empty()) check.checksum = record_checksum(chunk.records.front());
    return check;
  }

  [[nodiscard]] std::optional<Position> end(PartitionId) override {
    const Result<std::int64_t> size = reader_.size();
    if (!size) return std::nullopt;
    // Positions are where lines begin: once all is read, nothing is left, though the last line has a length.
    return reader_.next() == *size ? read_to_ : Position{*size};
  }

  [[nodiscard]] Result<PartitionRanges> ranges() override {
    if (auto opened = reader_.open(); !opened) return opened.error();
    const Result<std::int64_t> size = reader_.size();
    if (!size) return size.error();
    return PartitionRanges{{{topic_, 0}, {Position{0}, Position{*size}}}};
  }

 private:
  // Changes that the watch cannot see are found by looking as often as this.
  static constexpr microseconds longest_wait{50'000};

  [[nodiscard]] Result<void> assign() {
    const Result<std::optional<Progress>> start = listener_->assigned(only, {topic_, 0}, std::nullopt);
    if (!start) return start.error();
    read_to_ = start->value_or(Progress{}).next;
    reader_.start_at(read_to_.value);
    assigned_ = true;
    return {};
  }

  [[nodiscard]] Chunk to_chunk(Lines lines) {
    auto memory = std::make_unique<FileChunk>(blocks_);
    Chunk chunk;
    chunk.polled = clock_.wall();
    chunk.records.reserve(usual_records_);
    if (settings_.format == Format::records) memory->text = blocks_->take(lines.size);
    char* text = memory->text.bytes.get();
    const char* const begin = lines.block.bytes.get();
    const char* const end = begin + lines.size;
    for (const char* at = begin; at < end;) {
      const auto* newline =
          static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
      const std::string_view line(at, static_cast<std::size_t>((newline != nullptr ? newline : end) - at));
      if (!line.empty()) {
        Record& record = chunk.records.emplace_back();
        record.partition = only;
        record.position = {lines.offset + (at - begin)};
        record.topic = topic_;
        fill(record, line, lines.line_size, text, *memory);
        chunk.bytes += size_of(record);
      }
      at += line.size() + 1;
    }
    usual_records_ = chunk.records.size();
    memory->lines = std::move(lines.block);
    chunk.memory = std::move(memory);
    return chunk;
  }

  // `whole` is the line's true size where the reader has cut it already.
  void fill(Record& record, std::string_view line, std::int64_t whole, char*& text, FileChunk& memory) {
    const std::size_t size = std::max(line.size(), static_cast<std::size_t>(whole));
    record.value = line;
    if (size > settings_.max_record) {
      record.value = line.substr(0, settings_.max_record);
      record.fault = &memory.faults.emplace_back(
          Error{Code::decode_too_large, "the line has " + std::to_string(size) + " bytes, max_record is " +
                                            std::to_string(settings_.max_record) +
                                            ": the value kept here is its beginning"});
      return;
    }
    if (settings_.format == Format::plain) return;
    const Result<void> parsed = parser_.parse(line, text, memory.arena, record);
    if (parsed) return;
    // What was read of it is not to be trusted: the line itself is the value.
    record.topic = topic_;
    record.key.reset();
    record.value = line;
    record.headers = {};
    record.timestamp_kind = TimestampKind::none;
    record.fault = &memory.faults.emplace_back(parsed.error());
  }

  Settings settings_;
  std::string topic_;
  SystemClock clock_;
  LineReader reader_;
  RecordParser parser_;
  FileWatch watch_{{settings_.path}};
  std::shared_ptr<Blocks> blocks_ = std::make_shared<Blocks>();
  PartitionListener* listener_ = nullptr;
  std::size_t usual_records_ = 0;
  Position read_to_{0};  // the position after the last record read
  bool assigned_ = false;
  bool paused_ = false;
};

const std::vector<OptionSpec>& source_options() {
  static const std::vector<OptionSpec> options{
      {.name = "path", .type = OptionType::path, .help = "the file to read"},
      {.name = "format",
       .fallback = "plain",
       .help = "what a line is: a value, or a record with key, headers and times as `kcat -J` prints it",
       .choices = {"plain", "records"}},
      {.name = "follow",
       .type = OptionType::boolean,
       .fallback = "false",
       .help = "wait for more lines at the end of the file instead of ending there"},
      {.name = "max_record",
       .type = OptionType::bytes,
       .fallback = "16MiB",
       .help = "a longer line becomes a dead letter that keeps its beginning",
       .minimum = 1,
       .maximum = std::int64_t{1} << 30U},
  };
  return options;
}

std::unique_ptr<Source> make_source(const Options& options, const ConnectorContext&) {
  return std::make_unique<FileSource>(
      Settings{.path = options.text("path"),
               .format = options.text("format") == "records" ? Format::records : Format::plain,
               .follow = options.boolean("follow"),
               .max_record = static_cast<std::size_t>(options.bytes("max_record"))});
}

}  // namespace

RoleSpec<Source> source_role() {
  return {.options = source_options(),
          .help = "reads the lines of a file, and follows it as it grows",
          .make = make_source,
          .examine = examine_source};
}

}  // namespace sluice::engine::file
