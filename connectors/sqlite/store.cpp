#include "sqlite/store.hpp"

#include <algorithm>
#include <cctype>

#include "json/writer.hpp"
#include "sqlite/examine.hpp"

namespace sluice::engine::sqlite {
namespace {

constexpr Codes store_codes{Code::store_unavailable, Code::store_fatal};
// 32 MiB of log: the pages of the ids' index, which random ids touch all over, gather several writes before
// they go back to their places. Larger pages, a longer log and a larger cache were measured, and gain nothing
// certain.
constexpr int checkpoint_pages = 8192;

const std::vector<OptionSpec>& store_options() {
  static const std::vector<OptionSpec> options{
      {.name = "path", .type = OptionType::path, .help = "the database file, made if absent"},
      {.name = "synchronous",
       .fallback = "full",
       .help =
           "full: what was applied outlives a power failure; normal: it outlives a crash of the program, and "
           "after a power failure the last batches are applied again",
       .choices = {"full", "normal"}},
      {.name = "busy_timeout",
       .type = OptionType::duration,
       .fallback = "5s",
       .help = "how long another program's lock is waited for before it is reported; then it is tried again",
       .minimum = 0,
       .maximum = 600'000'000},
      {.name = "cache",
       .type = OptionType::bytes,
       .fallback = "6MiB",
       .help = "memory for pages of the database",
       .minimum = 1 << 20U}};
  return options;
}

std::unique_ptr<Store> make_store(const Options& options, const ConnectorContext&) {
  StoreSettings settings;
  settings.path = options.text("path");
  settings.sync_full = options.text("synchronous") == "full";
  settings.patience = std::chrono::duration_cast<milliseconds>(options.duration("busy_timeout"));
  settings.cache_bytes = options.bytes("cache");
  if (settings.path.empty()) throw ConfigurationError("store.sqlite.path is empty: name the database file");
  return std::make_unique<SqliteStore>(std::move(settings));
}

std::string lowered(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

// SQLite takes the names of tables without regard to case and keeps some for itself.
Result<void> check_names(std::span<const CollectionSpec> collections) {
  std::map<std::string, std::string> seen;
  for (const CollectionSpec& spec : collections) {
    const auto [other, fresh] = seen.emplace(lowered(spec.name), spec.name);
    if (!fresh && other->second != spec.name)
      return Error{Code::store_fatal, "the collections '" + other->second + "' and '" + spec.name +
                                          "' would be one table, as SQLite ignores case: rename one"};
    if (lowered(spec.name).starts_with("sqlite_"))
      return Error{Code::store_fatal, "the collection '" + spec.name +
                                          "' cannot be a table: SQLite keeps names " +
                                          "that start with sqlite_ for itself"};
  }
  return {};
}

}  // namespace

// Renders what it can before it takes its turn.
class SqliteSession final : public StoreSession {
 public:
  explicit SqliteSession(SqliteStore& store) : store_(store) {}

  Result<void> write(std::span<const Write> writes, std::span<WriteResult> results) override {
    if (writes.empty()) return {};
    render(writes);
    const std::lock_guard lock(store_.mutex_);
    auto written = store_.write(writes, contents_, results);
    if (written) return written;
    const Outcome outcome = written.error().code == Code::store_unavailable ? Outcome::retry : Outcome::fatal;
    for (WriteResult& result : results) result = {outcome, written.error().code, written.error().message};
    return written;
  }

 private:
  void render(std::span<const Write> writes) {
    if (json_.capacity() > kept_bytes) json_ = std::string();
    json_.clear();
    ends_.clear();
    for (const Write& write : writes) {
      const ChangeKind kind = write.change.kind;
      if (kind == ChangeKind::insert || kind == ChangeKind::replace)
        write_extended(write.change.content, json_);
      ends_.push_back(json_.size());
    }
    contents_.clear();
    std::size_t start = 0;
    for (const std::size_t end : ends_) {
      contents_.push_back(std::string_view(json_).substr(start, end - start));
      start = end;
    }
  }

  static constexpr std::size_t kept_bytes = std::size_t{8} << 20U;
  SqliteStore& store_;
  std::string json_;
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> contents_;
};

SqliteStore::SqliteStore(StoreSettings settings) : settings_(std::move(settings)) {}

SqliteStore::~SqliteStore() = default;

Result<void> SqliteStore::prepare(std::span<const CollectionSpec> collections) {
  const std::lock_guard lock(mutex_);
  tables_.clear();
  database_ = Database();
  if (auto named = check_names(collections); !named) return named;
  if (auto connected = connect(); !connected) return connected;
  auto made = make_tables(collections);
  if (!made) tables_.clear();
  return made;
}

Result<void> SqliteStore::connect() {
  auto opened = Database::open(settings_.path, Access::create, store_codes, settings_.patience);
  if (!opened) return opened.error();
  database_ = std::move(opened).value();
  auto mode = database_.ask("PRAGMA journal_mode = WAL");
  if (!mode) return mode.error();
  if (*mode != "wal")
    return Error{Code::store_fatal, "the database '" + settings_.path +
                                        "' cannot use a write-ahead log (it says '" + *mode +
                                        "'): does it lie on a network file system?"};
  return database_.run(std::string("PRAGMA synchronous = ") + (settings_.sync_full ? "FULL" : "NORMAL") +
                       "; PRAGMA cache_size = -" + std::to_string(settings_.cache_bytes / 1024) +
                       "; PRAGMA wal_autocheckpoint = " + std::to_string(checkpoint_pages) +
                       "; PRAGMA temp_store = MEMORY");
}

Result<void> SqliteStore::make_tables(std::span<const CollectionSpec> collections) {
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto made = journal_.make_tables(); !made) return made;
  for (const CollectionSpec& spec : collections) {
    auto table = Table::open(database_, spec);
    if (!table)
      return Error{table.error().code == Code::store_refused ? Code::store_fatal : table.error().code,
                   table.error().message};
    tables_.insert_or_assign(spec.name, std::move(table).value());
  }
  return transaction.commit();
}

std::unique_ptr<StoreSession> SqliteStore::open_session() { return std::make_unique<SqliteSession>(*this); }

// A collection that the configuration does not name gets its table when it is first written to.
Result<Table*> SqliteStore::table(std::string_view collection) {
  const auto found = tables_.find(collection);
  if (found != tables_.end()) return &found->second;
  auto opened = Table::open(database_, {std::string(collection), {}, false});
  if (!opened) return opened.error();
  return &tables_.insert_or_assign(std::string(collection), std::move(opened).value()).first->second;
}

Result<void> SqliteStore::write(std::span<const Write> writes, std::span<const std::string_view> contents,
                                std::span<WriteResult> results) {
  if (!database_)
    return Error{Code::store_unavailable,
                 "the database '" + settings_.path + "' is not open: it must be prepared"};
  if (database_.moved())
    return Error{Code::store_fatal, "the database '" + settings_.path +
                                        "' was moved or deleted while in use: put it back and start again"};
  // Tables come before the transaction, whose rollback would take a new one with it.
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const auto known = table(writes[i].change.document.collection);
    if (known) continue;
    if (known.error().code != Code::store_refused) return known.error();
    results[i] = {Outcome::rejected, known.error().code, known.error().message};
  }

  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return begun;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const auto into = tables_.find(writes[i].change.document.collection);
    if (into == tables_.end()) continue;  // rejected
    const int code = into->second.write(writes[i], contents[i], scratch_, results[i]);
    if (code != SQLITE_OK) return database_.error(code);
  }
  return transaction.commit();
}

RoleSpec<Store> store_role() {
  return {.options = store_options(),
          .help = "documents in an SQLite database",
          .make = make_store,
          .examine = examine_store};
}

}  // namespace sluice::engine::sqlite
