#include "replay/letters.hpp"

#include <map>

#include "core/letter_intent.hpp"

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
                              const LetterFilter& filter,
                              const std::function<bool(const DeadLetter&)>& each) {
  std::map<std::string, LetterRecord, std::less<>> settled;
  if (journal != nullptr) {
    auto records = journal->letters(pipeline);
    if (!records) return std::move(records.error());
    for (LetterRecord& record : *records)
      if (record.disposition != Disposition::intended) settled.emplace(record.letter_id, std::move(record));
  }
  return letters.read([&](const DeadLetter& letter) {
    if (letter.pipeline != pipeline || !filter.matches(letter)) return true;
    const auto known = settled.find(letter.id());
    if (known != settled.end() && !stands(letter, known->second)) return true;
    return each(letter);
  });
}

}  // namespace sluice::engine
