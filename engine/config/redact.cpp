#include "config/redact.hpp"

#include <algorithm>
#include <array>

namespace sluice::engine::config {
namespace {

constexpr std::array<std::string_view, 9> secret_words{
    "password", "passwd", "secret", "token", "credential", "apikey", "api_key", "accesskey", "private"};

bool letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

bool blank(char c) noexcept { return c == ' ' || c == '\t'; }

bool sounds_secret(std::string_view key) {
  std::string lower(key);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::ranges::any_of(secret_words,
                             [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// Where the scalar that begins here ends, as far as one line can tell.
std::size_t scalar_end(std::string_view line, std::size_t begin) {
  const char quote = line[begin];
  if (quote == '"' || quote == '\'') {
    for (std::size_t i = begin + 1; i < line.size(); ++i) {
      if (quote == '"' && line[i] == '\\')
        ++i;
      else if (line[i] == quote)
        return i + 1;
    }
    return line.size();
  }
  const bool in_flow = line.substr(0, begin).find_first_of("{[") != std::string_view::npos;
  std::size_t end = in_flow ? std::min(line.find_first_of(",}]", begin), line.size()) : line.size();
  if (const std::size_t comment = line.find(" #", begin); comment < end) end = comment;
  while (end > begin && blank(line[end - 1])) --end;
  return end;
}

// "${NAME}" and "${file:path}" say nothing that is secret; "${NAME:-hunter2}" does.
bool only_names(std::string_view scalar) {
  if (!scalar.empty() && (scalar.front() == '"' || scalar.front() == '\'')) scalar.remove_prefix(1);
  if (!scalar.empty() && (scalar.back() == '"' || scalar.back() == '\'')) scalar.remove_suffix(1);
  return scalar.starts_with("${") && scalar.find('}') == scalar.size() - 1 &&
         scalar.find(":-") == std::string_view::npos;
}

// Up to the last @ of what stands together: a password may hold what a URI should escape.
std::vector<ByteRange> user_infos(std::string_view text) {
  std::vector<ByteRange> found;
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of(" \t\"'", begin), text.size());
    const std::size_t sign = text.substr(begin, end - begin).rfind('@');
    if (sign != std::string_view::npos && sign > 0) found.push_back({begin, begin + sign});
  }
  return found;
}

}  // namespace

std::vector<ByteRange> secret_ranges(std::string_view line) {
  std::vector<ByteRange> found;
  for (std::size_t colon = line.find(':'); colon != std::string_view::npos;
       colon = line.find(':', colon + 1)) {
    std::size_t end = colon;
    while (end > 0 && (line[end - 1] == '"' || line[end - 1] == '\'' || blank(line[end - 1]))) --end;
    std::size_t begin = end;
    while (begin > 0 && letter(line[begin - 1])) --begin;
    std::size_t value = colon + 1;
    if (value >= line.size() || !blank(line[value]) || !sounds_secret(line.substr(begin, end - begin)))
      continue;
    while (value < line.size() && blank(line[value])) ++value;
    if (value == line.size() || line[value] == '{' || line[value] == '[' || line[value] == '#') continue;
    const ByteRange range{value, scalar_end(line, value)};
    if (!only_names(line.substr(range.begin, range.end - range.begin))) found.push_back(range);
  }
  for (const ByteRange& range : user_infos(line)) found.push_back(range);
  std::ranges::sort(found, {}, &ByteRange::begin);
  return found;
}

std::string without_user_info(std::string_view text) {
  std::string shown;
  std::size_t from = 0;
  for (const ByteRange& range : user_infos(text)) {
    shown += text.substr(from, range.begin - from);
    shown += "***";
    from = range.end;
  }
  shown += text.substr(from);
  return shown;
}

}  // namespace sluice::engine::config
