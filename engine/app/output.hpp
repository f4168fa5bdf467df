// What commands print to stdout: tables for people, one JSON document for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace sluice::engine {

void print_json(const nlohmann::ordered_json& json);
void print_line(const std::string& line);

// Columns as wide as their widest cell, the header in capitals; cells are shown on one line each.
class Table {
 public:
  explicit Table(std::vector<std::string> header);
  void add(std::vector<std::string> row);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace sluice::engine
