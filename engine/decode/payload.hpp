// The payload of the event at hand: its text at once, its document when somebody asks for it.
#pragma once

#include <optional>
#include <string_view>

#include "decode/field.hpp"
#include "decode/forms/document_form.hpp"
#include "decode/forms/usual_forms.hpp"
#include "json/reader.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

class Payload {
 public:
  explicit Payload(const JsonLimits& limits)
      : limits_(limits), reader_(limits), unescaper_(limits), usual_(known_forms, limits.bytes) {}

  // Takes over the text of the field, which must outlive the payload: of a text what it says, of anything
  // else what is written. A text that says a JSON text again was escaped twice, and is unescaped twice.
  // Returns the payload's JSON, valid until the next call.
  std::string_view set(const Field& field);
  void clear() noexcept {
    json_.reset();
    document_.reset();
  }

  // Made at the first call; the errors of JsonReader::read_plain.
  [[nodiscard]] Result<bson::View> document();

 private:
  static constexpr std::size_t known_forms = 16;  // there is one for each type of event, if not more

  JsonLimits limits_;
  JsonReader reader_;
  JsonTokens unescaper_;
  UsualForms<DocumentForm> usual_;
  std::optional<std::string_view> json_;
  std::optional<bson::View> document_;
};

}  // namespace sluice::engine
