#include "kit/dead_letters.hpp"

#include <charconv>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
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
  for (std::size_t i = 0; i + 1 < headers.size(); i += 2) {
    const auto name = headers[i].get<std::string>();
    if (!headers[i + 1].is_string()) continue;
    const auto value = headers[i + 1].get<std::string>();
    if (name == "sluice.code") letter.code = value;
    if (name == "sluice.event.id") letter.event_id = value;
    const auto read_number = [&value](auto& number) {
      std::from_chars(value.data(), value.data() + value.size(), number);
    };
    if (name == "__connect.errors.partition") read_number(letter.partition);
    if (name == "__connect.errors.offset") read_number(letter.position);
  }
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

}  // namespace

std::vector<Letter> read_dead_letters(const std::filesystem::path& path) {
  std::vector<Letter> letters;
  for (auto& [position, letter] : is_database(path) ? read_table(path) : read_lines(path))
    letters.push_back(std::move(letter));
  return letters;
}

}  // namespace sluice::kit
