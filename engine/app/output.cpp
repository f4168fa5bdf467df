#include "app/output.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace sluice::engine {
namespace {

// In characters, not bytes: continuation bytes take no room.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
  }));
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < ' '; }, ' ');
  return text;
}

}  // namespace

void print_json(const nlohmann::ordered_json& json) {
  print_line(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_line(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

Table::Table(std::vector<std::string> header) {
  for (std::string& cell : header)
    std::transform(cell.begin(), cell.end(), cell.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  rows_.push_back(std::move(header));
}

void Table::add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = one_line(std::move(cell));
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - width(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  text.pop_back();
  return text;
}

}  // namespace sluice::engine
