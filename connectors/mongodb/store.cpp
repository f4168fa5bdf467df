#include "mongodb/store.hpp"

#include <algorithm>

#include "mongodb/collections.hpp"
#include "mongodb/examine.hpp"

namespace sluice::engine::mongodb {
namespace {

constexpr std::int64_t one_second = 1'000'000;
constexpr std::int64_t one_hour = 3600 * one_second;

const std::vector<OptionSpec>& store_options() {
  static const std::vector<OptionSpec> options{
      {.name = "uri",
       .help = "MongoDB's connection string, mongodb:// or mongodb+srv://; its options go before those here; "
               "where it names no write concern it is majority with journal, and reads go to the primary "
               "whatever it says",
       .secret = true},
      {.name = "database", .help = "the database of the collections, and of the journal in _sluice"},
      {.name = "app_name", .fallback = "sluice", .help = "how the server's logs name this client"},
      {.name = "socket_timeout",
       .type = OptionType::duration,
       .fallback = "30s",
       .help = "how long an answer is waited for before the connection is given up",
       .minimum = one_second,
       .maximum = one_hour},
      {.name = "server_selection_timeout",
       .type = OptionType::duration,
       .fallback = "5s",
       .help = "how long a primary is looked for before that is reported; then it is looked for again",
       .minimum = one_second / 10,
       .maximum = one_hour},
      {.name = "write_timeout",
       .type = OptionType::duration,
       .fallback = "10s",
       .help = "how long the write concern is waited for before the writes are checked and tried again",
       .minimum = one_second / 10,
       .maximum = one_hour}};
  return options;
}

milliseconds to_ms(microseconds duration) { return std::chrono::duration_cast<milliseconds>(duration); }

// What a MongoDB database may be called (https://www.mongodb.com/docs/manual/reference/limits/).
void check_database(const std::string& name) {
  constexpr std::size_t longest = 63;
  if (name.empty() || name.size() > longest || name.find_first_of("/\\. \"$*<>:|?") != std::string::npos)
    throw ConfigurationError("store.mongodb.database \"" + name +
                             "\" cannot be a database: 1 to 63 characters, none of /\\. \"$*<>:|?");
}

StoreSettings settings_of(const Options& options) {
  StoreSettings settings;
  settings.uri = options.text("uri");
  settings.database = options.text("database");
  settings.app_name = options.text("app_name");
  settings.socket_timeout = to_ms(options.duration("socket_timeout"));
  settings.server_selection_timeout = to_ms(options.duration("server_selection_timeout"));
  settings.write_timeout = to_ms(options.duration("write_timeout"));
  return settings;
}

std::unique_ptr<Store> make_store(const Options& options, const ConnectorContext&) {
  StoreSettings settings = settings_of(options);
  check_database(settings.database);
  if (auto uri = make_uri(settings); !uri) throw ConfigurationError("store.mongodb: " + uri.error().message);
  return std::make_unique<MongoStore>(std::move(settings));
}

void examine(const Options& options, const ConnectorContext&, Examination<Store>& examination) {
  examine_store(settings_of(options), examination);
}

}  // namespace

Result<void> MongoStore::prepare(std::span<const CollectionSpec> collections) {
  if (!pool_) {
    auto opened = ClientPool::open(settings_);
    if (!opened) return opened.error();
    pool_ = std::move(opened).value();
  }
  const auto client = pool_->client();
  auto limits = greet(*client);
  if (!limits) return limits.error();
  limits_ = *limits;
  if (auto prepared = prepare_collections(*client, collections, pool_->write_concern()); !prepared)
    return prepared;
  tombstones_.set(collections);
  journal_.use(*pool_);
  return {};
}

std::unique_ptr<StoreSession> MongoStore::open_session() {
  return std::make_unique<MongoSession>(*pool_, tombstones_, limits_);
}

RoleSpec<Store> store_role() {
  return {.options = store_options(), .help = "documents in MongoDB", .make = make_store, .examine = examine};
}

}  // namespace sluice::engine::mongodb
