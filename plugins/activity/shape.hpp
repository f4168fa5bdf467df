// The shape of a payload that becomes a document: which fields it has, of which types, and which it must
// have. Fields that the shape does not name are kept as they are.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sluice/plugin.hpp"

namespace activity {

enum class Kind : std::uint8_t {
  text,
  boolean,
  number,
  whole_number,
  uuid,      // kept in its canonical text
  uuids,     // a list of them
  datetime,  // a date of the store, or its text
  document,
};

enum class Presence : std::uint8_t { optional, required };

struct Field {
  std::string_view name;
  Kind kind;
  Presence presence = Presence::optional;
  std::span<const Field> inside = {};  // of a document
};

// How datetimes are kept: the option `dates`.
enum class Dates : std::uint8_t { date, text };

[[nodiscard]] sluice::Option dates_option();
[[nodiscard]] Dates dates_from(const sluice::Options& options);

// Appends the payload's fields to the open document. Throws sluice::Reject, with the path, for a field that
// is missing or of another type.
void copy_shaped(sluice::bson::View payload, std::span<const Field> shape, Dates dates,
                 sluice::bson::Writer& to);

}  // namespace activity
