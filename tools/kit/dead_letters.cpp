#include "kit/dead_letters.hpp"

#include <charconv>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

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
    if (name == "__connect.errors.offset")
      std::from_chars(value.data(), value.data() + value.size(), letter.position);
  }
  return letter;
}

}  // namespace

std::vector<Letter> read_dead_letters(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::map<std::int64_t, Letter> by_position;  // a letter that was written twice is one letter
  std::string line;
  for (std::uint64_t number = 1; std::getline(file, line); ++number) {
    const json record = json::parse(line, nullptr, false);
    if (!record.is_object() || !record.contains("headers"))
      throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": not a dead letter");
    const Letter letter = letter_from(record);
    by_position[letter.position] = letter;
  }
  std::vector<Letter> letters;
  for (auto& [position, letter] : by_position) letters.push_back(std::move(letter));
  return letters;
}

}  // namespace sluice::kit
