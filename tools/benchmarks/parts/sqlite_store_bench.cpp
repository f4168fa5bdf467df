// What a write costs in the SQLite store, on the load that the engine is measured by: of 1,000 changes 800
// insert a document of 1 kB under a random id, 200 patch such a one, and one patches a document that all
// share.
//
// The times are of the whole batch, commit included; `us_per_write` and `cpu_us_per_write` are for one write.
// SLUICE_BENCH_FOLDER says where the database lies (default: the folder for temporary files).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <ctime>
#include <deque>
#include <filesystem>
#include <random>

#include "base/arena.hpp"
#include "sluice/bson_writer.hpp"
#include "sqlite/store.hpp"

namespace sluice::engine {
namespace {

std::string folder() {
  const char* given = std::getenv("SLUICE_BENCH_FOLDER");
  return (std::filesystem::path(given != nullptr ? given : std::filesystem::temp_directory_path().c_str()) /
          "sluice-bench")
      .string();
}

double cpu_seconds() {
  timespec now{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0) return 0;
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Batches of the load. Everything lives in the batch's arena.
class Load {
 public:
  struct Batch {
    Arena arena;
    std::vector<Write> writes;
  };

  Batch batch(std::size_t changes) {
    Batch made;
    for (std::size_t i = 0; i + 1 < changes; ++i) {
      if (i % 5 == 4 && !ids_.empty())
        add(made, ids_[random_() % ids_.size()], ChangeKind::patch, "activities", join(made.arena));
      else
        add(made, new_id(), ChangeKind::insert, i % 2 == 0 ? "users" : "activities", {});
    }
    add(made, "totals", ChangeKind::patch, "statistics", totals(made.arena));
    return made;
  }

 private:
  std::string new_id() {
    char text[37];
    std::snprintf(text, sizeof text, "%08x-%04x-4%03x-a%03x-%012llx", static_cast<unsigned>(random_()),
                  static_cast<unsigned>(random_() & 0xffffU), static_cast<unsigned>(random_() & 0xfffU),
                  static_cast<unsigned>(random_() & 0xfffU),
                  static_cast<unsigned long long>(random_() & 0xffffffffffffU));
    if (++made_ % 2 == 0) ids_.emplace_back(text);
    return text;
  }

  static bson::Value kept(Arena& arena, bson::Value value) {
    const auto bytes = arena.copy(std::string_view(reinterpret_cast<const char*>(value.data), value.size));
    return {value.type, reinterpret_cast<const std::uint8_t*>(bytes.data()), value.size};
  }
  bson::Value text(Arena& arena, std::string_view text) {
    return kept(arena, scratch_.clear().text("v", text).finish().find("v"));
  }
  bson::Value number(Arena& arena, std::int32_t number) {
    return kept(arena, scratch_.clear().int32("v", number).finish().find("v"));
  }

  std::span<const Operation> join(Arena& arena) {
    const auto operations = arena.array<Operation>(2);
    operations[0] = {Operator::push, "participants.allowed_users", text(arena, new_text_)};
    operations[1] = {Operator::inc, "participants.current_count", number(arena, 1)};
    return operations;
  }
  std::span<const Operation> totals(Arena& arena) {
    const auto operations = arena.array<Operation>(4);
    operations[0] = {Operator::inc, "users", number(arena, 500)};
    operations[1] = {Operator::inc, "activities", number(arena, 300)};
    operations[2] = {Operator::inc, "per_type.hiking", number(arena, 17)};
    operations[3] = {Operator::set, "last_event", text(arena, "2026-11-21T09:00:00Z")};
    return operations;
  }

  void add(Batch& batch, std::string_view id, ChangeKind kind, std::string_view collection,
           std::span<const Operation> operations) {
    Write write;
    write.change.document.collection = collection;
    write.change.document.id = text(batch.arena, id);
    write.change.kind = kind;
    write.change.operations = operations;
    if (kind == ChangeKind::insert) write.change.content = content(batch.arena, id);
    write.watermark_key = "k3vq2xha_0";
    write.first = write.last = Sequence(++sequence_);
    batch.writes.push_back(write);
  }

  bson::View content(Arena& arena, std::string_view id) {
    scratch_.clear();
    scratch_.text("user_id", id).text("email", "anna.rivera@example.org").text("username", "anna_rivera_991");
    scratch_.text("first_name", "Anna").text("last_name", "Rivera").date_ms("date_of_birth", 631152000000);
    scratch_.begin_document("address").text("street", "1724 South Ashlee Avenue").text("city", "Lyon");
    scratch_.text("state", "Rhône").text("zipcode", "69003").text("country", "France").end();
    scratch_.begin_document("preferences")
        .boolean("notifications_enabled", true)
        .text("language", "fr")
        .end();
    scratch_.begin_document("participants").int32("max_participants", 12).int32("current_count", 0);
    scratch_.begin_array("allowed_users").end().end();
    scratch_.text("description", std::string(450, 'd')).date_ms("created_at", 1763715992584);
    return bson::View(kept(arena, scratch_.finish().as_value()).data);
  }

  std::mt19937_64 random_{7};
  std::deque<std::string> ids_;
  std::string new_text_ = "0c5c7d0e-9c1f-4d5e-a111-5f2b8a6f9c00";
  std::int64_t sequence_ = 0;
  std::uint64_t made_ = 0;
  bson::Writer scratch_;
};

void sqlite_store(benchmark::State& state) {
  const auto changes = static_cast<std::size_t>(state.range(0));
  const std::filesystem::path place = folder();
  std::filesystem::remove_all(place);
  std::filesystem::create_directories(place);
  sqlite::SqliteStore store({(place / "documents.db").string(), state.range(1) != 0});
  if (auto prepared = store.prepare({}); !prepared) {
    state.SkipWithError(prepared.error().message.c_str());
    return;
  }
  const auto session = store.open_session();
  Load load;
  std::vector<WriteResult> results(changes);
  double cpu = 0;
  double writes = 0;
  for (auto step : state) {
    state.PauseTiming();
    const Load::Batch batch = load.batch(changes);
    const double started = cpu_seconds();
    state.ResumeTiming();
    if (auto written = session->write(batch.writes, results); !written)
      state.SkipWithError(written.error().message.c_str());
    cpu += cpu_seconds() - started;
    writes += static_cast<double>(changes);
  }
  state.counters["us_per_write"] =
      benchmark::Counter(writes / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["cpu_us_per_write"] = cpu / writes * 1e6;
  std::filesystem::remove_all(place);
}

// A batch's changes; whether it outlives a power failure. 1,000 batches of 1,000 are a million events.
BENCHMARK(sqlite_store)
    ->Args({100, 1})
    ->Args({1000, 1})
    ->Args({1000, 0})
    ->ArgNames({"changes", "full"})
    ->Iterations(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluice::engine

BENCHMARK_MAIN();
