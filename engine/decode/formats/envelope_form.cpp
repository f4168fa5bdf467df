#include "decode/formats/envelope_form.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sluice::engine {
namespace {

// Says which value is the field's; false if it is an object or array.
bool assign(std::vector<Stencil::Value>& values, Field& field, bool as_written) {
  if (field.text.data() == nullptr) return true;  // the text has no such member
  const auto found =
      std::lower_bound(values.begin(), values.end(), field.place,
                       [](const Stencil::Value& value, std::size_t place) { return value.begin < place; });
  if (found == values.end() || found->begin != field.place) return false;
  found->field = &field;
  found->as_written = as_written;
  return true;
}

}  // namespace

std::unique_ptr<EnvelopeForm> EnvelopeForm::make(std::string_view text, std::size_t begin,
                                                 EnvelopeReader& reader, const JsonLimits& limits) {
  auto form = std::make_unique<EnvelopeForm>(EnvelopeForm{JsonTokens(limits), {}, Stencil({}, {})});
  if (!form->tokens.open(text, begin)) return nullptr;
  const JsonTokens::Mark start = form->tokens.mark();
  std::vector<Stencil::Value> values = list_values(form->tokens);
  form->tokens.rewind(start);
  if (!reader.read(form->tokens, form->envelope)) return nullptr;
  bool all_single = true;
  form->envelope.each_field([&](Field& field) { all_single &= assign(values, field, false); });
  form->envelope.source.each_field([&](Field& field) { all_single &= assign(values, field, true); });
  if (!all_single) return nullptr;
  form->stencil = Stencil(text, std::move(values));
  return form;
}

}  // namespace sluice::engine
