// What it costs to read a record from each source, how much an idle source uses, and how long a new row takes
// to be seen.
//
// Records have 1.2 kB. `cpu_ns_per_record` is of reading alone: chunks are dropped at once.
// SLUICE_BENCH_FOLDER says where the files lie (default: the folder for temporary files).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>

#include "core/options.hpp"
#include "file/source.hpp"
#include "json/writer.hpp"
#include "sqlite/database.hpp"
#include "sqlite/source.hpp"

namespace sluice::engine {
namespace {

constexpr int record_count = 100'000;

class Folder {
 public:
  Folder() : path_(parent() / ("sluice-source-bench-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  static std::filesystem::path parent() {
    const char* given = std::getenv("SLUICE_BENCH_FOLDER");
    return given != nullptr ? std::filesystem::path(given) : std::filesystem::temp_directory_path();
  }
  std::filesystem::path path_;
};

template <class T>
T sure(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double cpu_seconds() {
  timespec now{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0) return 0;
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::string payload(int number) {
  std::string json = R"({"user_id":"0c5c7fd0-a6a3-4450-a513-270e269e)" +
                     std::to_string(1000 + number % 9000) + R"(","number":)" + std::to_string(number);
  for (int i = 0; json.size() < 1150; ++i)
    json += ",\"field_" + std::to_string(i) + R"(":"some text that says little, South Ashlee")";
  return json += '}';
}

class Beginning final : public PartitionListener {
 public:
  Result<std::optional<Progress>> assigned(PartitionId, const TopicPartition&,
                                           std::optional<Progress>) override {
    return std::optional<Progress>{};
  }
  std::optional<SafePosition> revoked(PartitionId) override { return std::nullopt; }
};

std::unique_ptr<Source> make(const RoleSpec<Source>& role, const std::string& path,
                             const char* format = nullptr) {
  Options options = default_options(role.options);
  options.set("path", path);
  if (format != nullptr) options.set("format", std::string(format));
  return role.make(options, {});
}

// Reads `record_count` records a round.
void read_all(benchmark::State& state, const std::function<std::unique_ptr<Source>()>& make_one) {
  const double start = cpu_seconds();
  std::int64_t records = 0;
  for (auto _ : state) {
    Beginning beginning;
    const auto source = make_one();
    sure(source->open(beginning));
    for (int read = 0; read < record_count;) {
      const Polled polled = sure(source->poll(milliseconds(100)));
      if (const auto* chunk = std::get_if<Chunk>(&polled)) read += static_cast<int>(chunk->records.size());
    }
    records += record_count;
  }
  state.SetItemsProcessed(records);
  state.counters["cpu_ns_per_record"] = 1e9 * (cpu_seconds() - start) / static_cast<double>(records);
}

void file_plain(benchmark::State& state) {
  const Folder folder;
  {
    std::ofstream out(folder.file("plain.ndjson"));
    for (int i = 0; i < record_count; ++i) out << payload(i) << '\n';
  }
  read_all(state, [&] { return make(file::source_role(), folder.file("plain.ndjson")); });
}

void file_records(benchmark::State& state) {
  const Folder folder;
  {
    std::ofstream out(folder.file("records.ndjson"));
    for (int i = 0; i < record_count; ++i) {
      std::string line =
          R"({"topic":"outbox","partition":0,"offset":)" + std::to_string(i) +
          R"(,"tstype":"create","ts":1795248397932,"headers":["eventType","Made"],"key":"a","payload":)";
      write_json_string(payload(i), line);
      out << line << "}\n";
    }
  }
  read_all(state, [&] { return make(file::source_role(), folder.file("records.ndjson"), "records"); });
}

class Outbox {
 public:
  explicit Outbox(int rows) {
    sure(database_.run(R"(PRAGMA journal_mode = WAL; PRAGMA synchronous = off;
      CREATE TABLE event_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE,
      aggregate_type TEXT NOT NULL, aggregate_id TEXT NOT NULL, event_type TEXT NOT NULL, payload TEXT NOT NULL,
      created_at TEXT NOT NULL))"));
    insert_ =
        sure(database_.prepare("INSERT INTO event_outbox VALUES (NULL, ?1, 'user', ?1, 'Made', ?2, "
                               "'2026-11-21T08:06:32.584684Z')"));
    sqlite::Transaction transaction(database_);
    sure(transaction.begin());
    for (int i = 0; i < rows; ++i) append();
    sure(transaction.commit());
  }

  void append() {
    const std::string id = "0ed90475-9531-485d-9d9d-" + std::to_string(100'000'000'000 + rows_);
    const std::string text = payload(rows_++);
    insert_.bind(1, id);
    insert_.bind(2, text);
    if (insert_.step() != SQLITE_DONE) throw std::runtime_error("cannot insert");
    insert_.reset();
  }

  [[nodiscard]] std::unique_ptr<Source> source() const { return make(sqlite::source_role(), path_); }

 private:
  Folder folder_;
  std::string path_ = folder_.file("outbox.db");
  sqlite::Database database_ = sure(sqlite::Database::open(
      path_, sqlite::Access::create, {Code::source_unavailable, Code::source_fatal}, milliseconds(1000)));
  sqlite::Statement insert_;
  int rows_ = 0;
};

void sqlite_outbox(benchmark::State& state) {
  const Outbox outbox(record_count);
  read_all(state, [&] { return outbox.source(); });
}

// Polls as a pipeline does, with nothing to come; a round is a second.
void sqlite_idle(benchmark::State& state) {
  const Outbox outbox(10);
  Beginning beginning;
  const auto source = outbox.source();
  sure(source->open(beginning));
  const double start = cpu_seconds();
  for (auto _ : state)
    for (int i = 0; i < 50; ++i) benchmark::DoNotOptimize(sure(source->poll(milliseconds(20))));
  state.counters["cpu_percent"] = 100 * (cpu_seconds() - start) / static_cast<double>(state.iterations());
}

// From the commit of a row on an idle outbox to its record.
void sqlite_wake(benchmark::State& state) {
  Outbox outbox(10);
  Beginning beginning;
  const auto source = outbox.source();
  sure(source->open(beginning));
  const auto idle = [&] { return std::holds_alternative<Idle>(sure(source->poll(milliseconds(60)))); };
  for (auto _ : state) {
    while (!idle()) continue;
    std::chrono::steady_clock::time_point committed;
    std::thread writer([&] {
      outbox.append();
      committed = std::chrono::steady_clock::now();
    });
    while (idle()) continue;
    const auto seen = std::chrono::steady_clock::now();
    writer.join();
    state.SetIterationTime(std::max(0.0, std::chrono::duration<double>(seen - committed).count()));
  }
}

BENCHMARK(file_plain)->Unit(benchmark::kMillisecond);
BENCHMARK(file_records)->Unit(benchmark::kMillisecond);
BENCHMARK(sqlite_outbox)->Unit(benchmark::kMillisecond);
BENCHMARK(sqlite_idle)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(sqlite_wake)->Iterations(100)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluice::engine

BENCHMARK_MAIN();
