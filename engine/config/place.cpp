#include "config/place.hpp"

#include "config/source_file.hpp"

namespace sluice::engine {

const std::string& Place::path() const noexcept {
  static const std::string nowhere;
  return file ? file->path() : nowhere;
}

std::string to_text(const Place& place) {
  if (!place.known() || place.line == 0) return place.path();
  return place.path() + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
}

std::string to_text(const Problem& problem) {
  std::string text = to_text(problem.place);
  if (!text.empty()) text += ": ";
  text += problem.message;
  text += '\n';
  if (!problem.place.known() || problem.place.line == 0) return text;

  const SourceFile::Quote quote = problem.place.file->quote(problem.place);
  if (quote.line.empty()) return text;
  std::string number = std::to_string(problem.place.line);
  if (number.size() < 5) number.insert(0, 5 - number.size(), ' ');
  text += number + " | " + quote.line + '\n';
  text += std::string(number.size(), ' ') + " | " + quote.mark + '\n';
  return text;
}

std::string to_text(std::span<const Problem> problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += to_text(problem);
  }
  return text;
}

}  // namespace sluice::engine
