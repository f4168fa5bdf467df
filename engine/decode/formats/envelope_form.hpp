// An envelope that was read strictly, and the stencil that puts the values of others like it in its place.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "decode/formats/envelope.hpp"
#include "decode/forms/stencil.hpp"
#include "json/limits.hpp"

namespace sluice::engine {

struct EnvelopeForm {
  JsonTokens tokens;  // of the text it was made of: what does not vary lives there
  Envelope envelope;
  Stencil stencil;

  // Of a text that was found sound, and is an envelope from `begin` on. Null when a field holds an object or
  // array: what varies inside would be the field's, too.
  [[nodiscard]] static std::unique_ptr<EnvelopeForm> make(std::string_view text, std::size_t begin,
                                                          EnvelopeReader& reader, const JsonLimits& limits);
};

}  // namespace sluice::engine
