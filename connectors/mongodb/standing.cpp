#include "mongodb/standing.hpp"

#include <algorithm>

#include "documents/marks.hpp"

namespace sluice::engine::mongodb {
namespace {

bool holds(const bson::Value& letters, std::string_view id) noexcept {
  if (letters.type != bson::Type::array) return false;
  const bson::View list(letters.data);
  return std::any_of(list.begin(), list.end(),
                     [&](const bson::Element& letter) { return letter.value.as_text() == id; });
}

}  // namespace

Standing standing_of(const Write& write, bson::View document) noexcept {
  Standing standing{.presence = Presence::live};
  const bson::Value marks = document.find(marks_name);
  if (marks.type != bson::Type::document) return standing;
  const bson::View view(marks.data);
  if (view.find(removed_name).as_bool().value_or(false)) standing.presence = Presence::tombstone;

  const auto mark = view.find(write.watermark_key).as_int64();
  const Sequence watermark = mark ? Sequence(*mark) : Sequence();
  if (write.replay_id.empty()) {
    standing.reached = watermark >= write.first;
    standing.exactly = watermark == write.last;
    return standing;
  }
  standing.reached = holds(view.find(replayed_name), write.replay_id);
  standing.exactly = standing.reached;
  standing.overtaken = write.refuse_if_newer && overwrites(write.change) && watermark > write.last;
  return standing;
}

}  // namespace sluice::engine::mongodb
