#include "core/journal.hpp"

namespace sluice::engine {

std::string_view to_text(Disposition disposition) noexcept {
  switch (disposition) {
    case Disposition::intended:
      return "intended";
    case Disposition::replayed:
      return "replayed";
    case Disposition::discarded:
      return "discarded";
  }
  return "intended";
}

Disposition disposition_of(std::string_view text) noexcept {
  if (text == to_text(Disposition::replayed)) return Disposition::replayed;
  if (text == to_text(Disposition::discarded)) return Disposition::discarded;
  return Disposition::intended;
}

}  // namespace sluice::engine
