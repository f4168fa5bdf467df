// One member of an envelope, row or header, as it came, and what may be made of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

struct Field {
  enum class Kind : std::uint8_t { absent, null, text, number, boolean, object, array };
  Kind kind = Kind::absent;
  std::string_view text;    // a text without its quotes and escapes; anything else as written
  std::uint32_t place = 0;  // the byte of the JSON at which it begins

  [[nodiscard]] bool given() const noexcept { return kind != Kind::absent && kind != Kind::null; }
  [[nodiscard]] bool is_text(std::string_view wanted) const noexcept {
    return kind == Kind::text && text == wanted;
  }
};

// Takes the value at hand. A field that is set already is a name given twice: refused.
[[nodiscard]] bool take_field(JsonTokens& tokens, std::string_view name, Field& field);

// The following put what they find into `to` and say false, with the reason in `why`, when the field is not
// of that sort. `what` names the field for people: "the column 'event_id'".

// A text that is not empty, or a whole number. Absent and null: refused when required, else left empty.
[[nodiscard]] bool read_name(const Field& field, std::string_view what, bool required, std::string_view& to,
                             Error& why);

// A time: RFC 3339, or a whole number (in a text or not) since 1970 in seconds, milli-, micro- or
// nanoseconds, told apart by its size: below 10^11 seconds, below 10^14 milliseconds, below 10^17
// microseconds; that holds for every time between 1973 and 5138. Absent, null and the empty text: no time.
[[nodiscard]] bool read_time(const Field& field, std::string_view what, std::optional<Timestamp>& to,
                             Error& why);

}  // namespace sluice::engine
