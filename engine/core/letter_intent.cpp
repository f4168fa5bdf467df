#include "core/letter_intent.hpp"

#include <algorithm>
#include <charconv>

#include "core/json.hpp"

namespace sluice::engine {
namespace {

// "topic/partition/position"; a topic may hold slashes.
bool read_place(std::string_view place, LetterIntent& intent) {
  const auto take_last = [&place](auto& number) {
    const std::size_t slash = place.rfind('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view digits = place.substr(slash + 1);
    place = place.substr(0, slash);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (!take_last(intent.position.value) || !take_last(intent.partition.partition)) return false;
  intent.partition.topic = std::string(place);
  return true;
}

}  // namespace

LetterRecord to_record(const DeadLetter& letter) {
  std::string intent = "{\"code\":";
  write_json_string(to_text(letter.code), intent);
  intent += ",\"reason\":";
  write_json_string(letter.reason, intent);
  intent += ",\"unapplied\":" + unapplied_to_json(letter.unapplied) + '}';
  return {letter.id(), Disposition::intended, letter.failed_at, std::move(intent)};
}

bool stands(const DeadLetter& letter, const LetterRecord& record) {
  if (record.disposition == Disposition::intended || letter.failed_at > record.when) return true;
  const auto settled = read_intent(record, letter.pipeline);
  if (!settled) return false;
  return std::any_of(letter.unapplied.begin(), letter.unapplied.end(), [&](const Unapplied& one) {
    return std::find(settled->unapplied.begin(), settled->unapplied.end(), one) == settled->unapplied.end();
  });
}

std::optional<LetterIntent> read_intent(const LetterRecord& record, std::string_view pipeline) {
  std::string_view id = record.letter_id;
  if (record.intent.empty() || !id.starts_with(pipeline) || id.size() <= pipeline.size()) return std::nullopt;
  id.remove_prefix(pipeline.size() + 1);
  LetterIntent intent;
  if (!read_place(id, intent)) return std::nullopt;
  JsonReader reader;
  const auto document = reader.read_plain(record.intent);
  if (!document) return std::nullopt;
  intent.code = code_from(document->find("code").as_text().value_or("")).value_or(Code::internal);
  intent.reason = std::string(document->find("reason").as_text().value_or(""));
  const auto unapplied = document->find("unapplied").as_document();
  if (!unapplied || !read_unapplied(*unapplied, intent.unapplied)) return std::nullopt;
  return intent;
}

}  // namespace sluice::engine
