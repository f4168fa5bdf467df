#include "sqlite/dead_letters.hpp"

#include <charconv>

#include "base/utf8.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "letters/record_bytes.hpp"
#include "letters/unapplied.hpp"
#include "sqlite/examine.hpp"

namespace sluice::engine::sqlite {
namespace {

constexpr Codes letter_codes{Code::dead_letters_unavailable, Code::dead_letters_fatal};

constexpr const char* letter_table = R"(
CREATE TABLE IF NOT EXISTS dead_letters (
  letter TEXT NOT NULL PRIMARY KEY, failed_at TEXT NOT NULL, pipeline TEXT NOT NULL,
  code TEXT NOT NULL, reason TEXT NOT NULL, event_id TEXT NOT NULL, event_type TEXT NOT NULL,
  topic TEXT NOT NULL, partition INTEGER NOT NULL, position INTEGER NOT NULL, timestamp TEXT NOT NULL,
  key, value, headers TEXT NOT NULL, unapplied TEXT NOT NULL, generation INTEGER NOT NULL)
)";

constexpr std::string_view letter_columns =
    "letter, failed_at, pipeline, code, reason, event_id, event_type, topic, partition, position, timestamp, "
    "key, value, headers, unapplied, generation";

const std::vector<OptionSpec>& options() {
  static const std::vector<OptionSpec> specs{
      {.name = "path", .type = OptionType::path, .help = "the file of dead letters, made if absent"},
      {.name = "busy_timeout",
       .type = OptionType::duration,
       .fallback = "5s",
       .help = "how long another program's lock is waited for before it is reported; then it is tried again",
       .minimum = 0,
       .maximum = 600'000'000}};
  return specs;
}

std::unique_ptr<DeadLetters> make(const Options& given, const ConnectorContext&) {
  const std::string& path = given.text("path");
  if (path.empty()) throw ConfigurationError("dead_letters.sqlite.path is empty: name the file");
  return std::make_unique<SqliteDeadLetters>(
      path, std::chrono::duration_cast<milliseconds>(given.duration("busy_timeout")));
}

void bind_bytes(Statement& statement, int parameter, const std::optional<std::string>& bytes) {
  if (!bytes)
    statement.bind_null(parameter);
  else if (is_utf8(*bytes))
    statement.bind(parameter, *bytes);
  else
    statement.bind_blob(parameter, *bytes);
}

std::string headers_to_json(const OwnedHeaders& headers) {
  bson::Writer list;
  write_headers("headers", headers, list);
  std::string json;
  write_extended(list.finish().find("headers"), json);
  return json;
}

// Microseconds since 1970 where the year is none that a time's text can have: a producer that mistook the
// unit of a record's time shall have its letter back as it came.
std::string time_to_column(Timestamp time) {
  const std::string text = to_text(time);
  return parse_timestamp(text) == time ? text : std::to_string(time.time_since_epoch().count());
}

// None where it says nothing: of a letter that is worth no less for it.
Timestamp time_of_column(std::string_view text) {
  if (const auto time = parse_timestamp(text)) return *time;
  std::int64_t since_1970 = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, since_1970);
  return read.ec == std::errc{} && read.ptr == end ? Timestamp(microseconds(since_1970)) : Timestamp{};
}

// Binds a letter and executes; the texts that are made for it live until then.
int insert(Statement& statement, const DeadLetter& letter) {
  const std::string id = letter.id();
  const std::string failed_at = to_text(letter.failed_at);
  const std::string timestamp = time_to_column(letter.timestamp);
  const std::string headers = headers_to_json(letter.headers);
  // Never empty, so that two writings can be joined in SQL.
  const std::vector<Unapplied> whole{whole_event};
  const std::string unapplied = unapplied_to_json(letter.unapplied.empty() ? whole : letter.unapplied);
  statement.bind(1, id);
  statement.bind(2, failed_at);
  statement.bind(3, letter.pipeline);
  statement.bind(4, to_text(letter.code));
  statement.bind(5, letter.reason);
  statement.bind(6, letter.event_id);
  statement.bind(7, letter.event_type);
  statement.bind(8, letter.topic);
  statement.bind(9, std::int64_t{letter.partition});
  statement.bind(10, letter.position.value);
  statement.bind(11, timestamp);
  bind_bytes(statement, 12, letter.key);
  bind_bytes(statement, 13, letter.value);
  statement.bind(14, headers);
  statement.bind(15, unapplied);
  statement.bind(16, std::int64_t{letter.generation});
  const int code = statement.step();
  statement.reset();
  return code;
}

std::optional<std::string> bytes_of(Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

// False for a row that someone has changed so that it is no letter any more.
bool read_row(Statement& row, JsonReader& reader, DeadLetter& letter) {
  const auto failed_at = parse_timestamp(row.text(1));
  const auto code = code_from(row.text(3));
  if (!failed_at || !code) return false;
  letter.failed_at = *failed_at;
  letter.pipeline = row.text(2);
  letter.code = *code;
  letter.reason = row.text(4);
  letter.event_id = row.text(5);
  letter.event_type = row.text(6);
  letter.topic = row.text(7);
  letter.partition = static_cast<std::int32_t>(row.integer(8));
  letter.position = Position{row.integer(9)};
  letter.timestamp = time_of_column(row.text(10));
  letter.key = bytes_of(row, 11);
  letter.value = bytes_of(row, 12);

  std::string lists = "{\"headers\":";
  lists.append(row.text(13)).append(",\"unapplied\":").append(row.text(14)).append("}");
  const auto read = reader.read_extended(lists);
  if (!read) return false;
  const bson::Value unapplied = read->find("unapplied");
  letter.generation = static_cast<int>(row.integer(15));
  if (!read_headers(read->find("headers"), letter.headers) || unapplied.type != bson::Type::array ||
      !read_unapplied(bson::View(unapplied.data), letter.unapplied))
    return false;
  if (letter.unapplied.size() == 1 && letter.unapplied.front() == whole_event) letter.unapplied.clear();
  return true;
}

}  // namespace

SqliteDeadLetters::SqliteDeadLetters(std::string path, milliseconds patience)
    : path_(std::move(path)), patience_(patience) {}

Result<void> SqliteDeadLetters::open() {
  database_ = Database();
  auto opened = Database::open(path_, Access::create, letter_codes, patience_);
  if (!opened) return opened.error();
  // A rollback journal, not WAL: one file, which people copy and send.
  if (auto set = opened->run("PRAGMA synchronous = FULL"); !set) return set;
  if (auto made = opened->run(letter_table); !made) return made;
  database_ = std::move(opened).value();
  return {};
}

Result<void> SqliteDeadLetters::write(std::span<const DeadLetter> letters) {
  std::string sql = "INSERT INTO dead_letters (";
  sql += letter_columns;
  // The union is what add_unapplied() makes, too.
  sql +=
      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) "
      "ON CONFLICT (letter) DO UPDATE SET failed_at = max(failed_at, ?2), code = ?4, reason = ?5, "
      "event_id = ?6, event_type = ?7, timestamp = ?11, key = ?12, value = ?13, headers = ?14, "
      "unapplied = (SELECT json_group_array(json(value)) FROM (SELECT value FROM "
      "json_each(dead_letters.unapplied) UNION SELECT value FROM json_each(?15)))";
  auto statement = database_.prepare(sql);
  if (!statement) return statement.error();
  if (database_.moved())
    return Error{letter_codes.unavailable,
                 "the file of dead letters '" + path_ +
                     "' was moved or deleted while in use: " + "put it back or start again"};
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return begun;
  for (const DeadLetter& letter : letters)
    if (const int code = insert(*statement, letter); code != SQLITE_DONE) return database_.error(code);
  return transaction.commit();
}

Result<void> SqliteDeadLetters::read(const std::function<bool(const DeadLetter&)>& each) {
  std::string sql = "SELECT ";
  sql.append(letter_columns).append(" FROM dead_letters ORDER BY rowid");
  auto statement = database_.prepare(sql);
  if (!statement) return statement.error();
  JsonReader reader(own_json_limits);
  for (;;) {
    const int code = statement->step();
    if (code == SQLITE_DONE) return {};
    if (code != SQLITE_ROW) return database_.error(code);
    DeadLetter letter;
    if (read_row(*statement, reader, letter) && !each(letter)) return {};
  }
}

RoleSpec<DeadLetters> dead_letters_role() {
  return {.options = options(),
          .help = "dead letters in a table of an SQLite file",
          .make = make,
          .examine = examine_dead_letters};
}

}  // namespace sluice::engine::sqlite
