#include "decode/forms/document_form.hpp"

#include <cstring>
#include <utility>

#include "json/number.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t largest_number = 16;  // a decimal

template <class T>
std::uint8_t* put(std::uint8_t* to, T value) noexcept {
  std::memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

template <class T>
std::uint8_t* put_as(bson::Type type, T value, std::uint8_t* type_at, std::uint8_t* to) noexcept {
  *type_at = static_cast<std::uint8_t>(type);
  return put(to, value);
}

std::uint8_t* put_number(std::string_view text, std::uint8_t* type, std::uint8_t* to) noexcept {
  const JsonNumber number = parse_json_number(text);
  switch (number.kind) {
    case JsonNumber::Kind::whole:
      if (const auto narrow = static_cast<std::int32_t>(number.whole); narrow == number.whole)
        return put_as(bson::Type::int32, narrow, type, to);
      return put_as(bson::Type::int64, number.whole, type, to);
    case JsonNumber::Kind::real:
      return put_as(bson::Type::number_double, number.real, type, to);
    case JsonNumber::Kind::decimal:
      return put_as(bson::Type::decimal128, number.decimal, type, to);
    case JsonNumber::Kind::infinite:
    case JsonNumber::Kind::invalid:
      break;
  }
  return nullptr;
}

std::uint8_t* put_text(std::string_view text, std::uint8_t* type, std::uint8_t* to) noexcept {
  to = put_as(bson::Type::text, static_cast<std::uint32_t>(text.size() + 1), type, to);
  std::memcpy(to, text.data(), text.size());
  to[text.size()] = 0;
  return to + text.size() + 1;
}

}  // namespace

std::unique_ptr<DocumentForm> DocumentForm::make(std::string_view json, bson::View document,
                                                 const JsonLimits& limits) {
  auto form = std::make_unique<DocumentForm>();
  JsonTokens tokens(limits);
  if (!tokens.open(json)) return nullptr;
  std::vector<Stencil::Value> values = list_values(tokens);
  form->bson_.assign(document.data(), document.data() + document.size());
  form->find_places(bson::View(form->bson_.data()));
  if (form->places_.size() != values.size()) return nullptr;
  form->fields_.resize(values.size());
  form->shifts_.resize(values.size() + 1);
  for (std::size_t i = 0; i < values.size(); ++i) values[i].field = &form->fields_[i];
  form->stencil = Stencil(json, std::move(values));
  return form;
}

// JSON and BSON have their values in the same order.
void DocumentForm::find_places(bson::View document) {
  const auto place = [this](const void* at) {
    return static_cast<std::uint32_t>(static_cast<const std::uint8_t*>(at) - bson_.data());
  };
  const std::size_t self = nested_.size();
  const auto first = static_cast<std::uint32_t>(places_.size());
  nested_.push_back({place(document.data()), place(document.data() + document.size()), first, first});
  for (const bson::Element& element : document) {
    if (const auto inner = element.value.as_document()) {
      find_places(*inner);
      continue;
    }
    const std::uint32_t begin = place(element.value.data);
    places_.push_back({place(element.name.data()) - 1, begin, begin + element.value.size});
  }
  nested_[self].end_value = static_cast<std::uint32_t>(places_.size());
}

std::optional<bson::View> DocumentForm::document() {
  std::size_t most = bson_.size();
  const std::span<const Stencil::Value> values = stencil.values();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i].varies) most += fields_[i].text.size() + largest_number;
  make_room(most);

  const std::uint8_t* from = bson_.data();
  std::uint8_t* to = out_.get();
  std::int64_t shift = 0;
  const auto copy_until = [&](std::uint32_t place) {
    const auto size = static_cast<std::size_t>(bson_.data() + place - from);
    std::memcpy(to, from, size);
    from += size;
    to += size;
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    shifts_[i] = shift;
    if (!values[i].varies) continue;
    copy_until(places_[i].begin);
    to = write(fields_[i], out_.get() + places_[i].type + shift, to);
    if (to == nullptr) return std::nullopt;
    from = bson_.data() + places_[i].end;
    shift = (to - out_.get()) - static_cast<std::int64_t>(places_[i].end);
  }
  shifts_[values.size()] = shift;
  copy_until(static_cast<std::uint32_t>(bson_.size()));

  for (const Nested& one : nested_) {
    const std::int64_t before = shifts_[one.first_value];
    const std::int64_t size = one.end - one.begin + shifts_[one.end_value] - before;
    put(out_.get() + one.begin + before, static_cast<std::uint32_t>(size));
  }
  return bson::View(out_.get());
}

std::uint8_t* DocumentForm::write(const Field& field, std::uint8_t* type, std::uint8_t* to) {
  switch (field.kind) {
    case Field::Kind::text:
      return put_text(field.text, type, to);
    case Field::Kind::number:
      return put_number(field.text, type, to);
    case Field::Kind::boolean:
      return put_as(bson::Type::boolean, static_cast<std::uint8_t>(field.text == "true"), type, to);
    case Field::Kind::null:
      *type = static_cast<std::uint8_t>(bson::Type::null);
      return to;
    case Field::Kind::absent:
    case Field::Kind::object:
    case Field::Kind::array:
      break;
  }
  return nullptr;
}

void DocumentForm::make_room(std::size_t bytes) {
  if (bytes <= capacity_) return;
  capacity_ = bytes * 5 / 4;
  out_ = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
}

}  // namespace sluice::engine
