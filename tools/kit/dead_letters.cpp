#include "kit/dead_letters.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "kit/sqlite.hpp"

namespace sluice::kit {
namespace {

using nlohmann::json;

// A letter is a record whose headers, a flat list of names and values, tell what went wrong.
Letter letter_from(const json& record) {
  Letter letter;
  const json& headers = record.at("headers");
  for (std::size_t i = 0; i + 1 < headers.size(); i += 2)
    if (headers[i + 1].is_string())
      take_header(letter, headers[i].get<std::string>(), headers[i + 1].get<std::string>());
  for (const char* value : {"value", "payload"})  // the engine's word, and kcat's
    if (const auto found = record.find(value); found != record.end() && found->is_string())
      take_id_of_envelope(letter, found->get_ref<const std::string&>());
  return letter;
}

// A letter that was written twice is one letter.
using Letters = std::map<std::pair<std::int32_t, std::int64_t>, Letter>;

bool is_database(const std::filesystem::path& path) {
  constexpr std::string_view magic = "SQLite format 3";
  std::string beginning(magic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return beginning == magic;
}

Letters read_table(const std::filesystem::path& path) {
  Letters letters;
  Database database(path, OpenMode::read_only);
  if (!database.has_table("dead_letters")) return letters;
  Statement select(database, "SELECT event_id, partition, position, code FROM dead_letters");
  while (select.step()) {
    const Letter letter{std::string(select.text(0)), static_cast<std::int32_t>(select.number(1)),
                        select.number(2), std::string(select.text(3))};
    letters[{letter.partition, letter.position}] = letter;
  }
  return letters;
}

Letters read_lines(const std::filesystem::path& path) {
  Letters letters;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    const json record = json::parse(line, nullptr, false);
    if (!record.is_object() || !record.contains("headers")) continue;  // torn by a crash, and written again
    const Letter letter = letter_from(record);
    letters[{letter.partition, letter.position}] = letter;
  }
  return letters;
}

Letters read_topic(std::string_view where) {
  const std::size_t slash = where.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == where.size())
    throw std::runtime_error("the dead letters: a topic is kafka://BROKERS/TOPIC");
  Letters letters;
  read_letters_of_topic(std::string(where.substr(0, slash)), std::string(where.substr(slash + 1)),
                        [&](const Letter& letter) {
                          letters[{letter.partition, letter.position}] = letter;
                        });
  return letters;
}

Letters read_letters(const std::string& where) {
  constexpr std::string_view kafka = "kafka://";
  if (where.starts_with(kafka)) return read_topic(std::string_view(where).substr(kafka.size()));
  return is_database(where) ? read_table(where) : read_lines(where);
}

}  // namespace

void take_header(Letter& letter, std::string_view name, std::string_view value) {
  const auto read_number = [&value](auto& number) {
    if (std::from_chars(value.data(), value.data() + value.size(), number).ec != std::errc{}) number = 0;
  };
  if (name == "sluice.code") letter.code = value;
  if (name == "sluice.event.id") letter.event_id = value;
  if (name == "__connect.errors.partition") read_number(letter.partition);
  if (name == "__connect.errors.offset") read_number(letter.position);
}

void take_id_of_envelope(Letter& letter, std::string_view value) {
  constexpr std::string_view member = R"("event_id":")";
  constexpr std::size_t uuid_length = 36;
  const std::size_t found = letter.event_id.empty() ? value.find(member) : std::string_view::npos;
  if (found != std::string_view::npos) letter.event_id = value.substr(found + member.size(), uuid_length);
}

std::vector<Letter> read_dead_letters(const std::string& where) {
  std::vector<Letter> letters;
  for (auto& [position, letter] : read_letters(where)) letters.push_back(std::move(letter));
  return letters;
}

}  // namespace sluice::kit
