#include "replay/letters.hpp"

#include "letters/letter_book.hpp"

namespace sluice::engine {

bool LetterFilter::matches(const DeadLetter& letter) const {
  if (since && letter.failed_at < *since) return false;
  if (until && letter.failed_at >= *until) return false;
  if (!types.empty() && !types.contains(letter.event_type)) return false;
  if (!codes.empty()) {
    const std::string_view code = to_text(letter.code);
    if (!codes.contains(code) && !codes.contains(code.substr(0, code.find('.')))) return false;
  }
  return ids.empty() || ids.contains(letter.id());
}

Result<void> standing_letters(DeadLetters& letters, Journal* journal, std::string_view pipeline,
                              int generation, const LetterFilter& filter,
                              const std::function<bool(const DeadLetter&)>& each) {
  LetterBook book(generation);
  if (journal != nullptr) {
    auto records = journal->letters(pipeline);
    if (!records) return std::move(records.error());
    for (LetterRecord& record : *records) book.add(std::move(record));
  }
  return letters.read([&](const DeadLetter& letter) {
    if (letter.pipeline != pipeline || !filter.matches(letter)) return true;
    const auto standing = book.standing(letter);
    return !standing || each(*standing);
  });
}

}  // namespace sluice::engine
