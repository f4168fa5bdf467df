#include "decode/forms/stencil.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "base/block.hpp"
#include "base/utf8.hpp"
#include "base/word.hpp"
#include "json/number.hpp"
#include "json/text.hpp"
#include "json/unescape.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t slack = std::max(json_text_slack, unescape_slack);

// Whether the piece of a stencil stands here. Most are short; behind both there is slack.
bool follows(const char* at, std::string_view piece) noexcept {
  static_assert(Block::size <= slack);
  for (std::size_t seen = 0; seen < piece.size(); seen += Block::size) {
    const std::size_t left = std::min(piece.size() - seen, Block::size);
    const std::uint32_t wanted = (1U << left) - 1;
    if ((Block(at + seen).where_as(Block(piece.data() + seen)) & wanted) != wanted) return false;
  }
  return true;
}

bool in_number(char c) noexcept {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

void set(Field* field, Field::Kind kind, std::string_view text) noexcept {
  if (field == nullptr) return;
  field->kind = kind;
  field->text = text;
}

template <std::size_t Size>
const char* take_word(const char* at, Field* field, Field::Kind kind, const char (&word)[Size]) noexcept {
  const std::string_view text(at, Size - 1);
  if (!is(text, word)) return nullptr;
  set(field, kind, text);
  return at + text.size();
}

// Behind the digits that stand here.
const char* behind_digits(const char* at) noexcept {
  for (;; at += Block::size)
    if (const int digits = std::countr_one(Block(at).digits()); digits < int{Block::size}) return at + digits;
}

const char* take_number(const char* at, Field* field) noexcept {
  const char* end = behind_digits(at);
  const bool whole = end != at && (*at != '0' || end == at + 1) && !in_number(*end);  // nearly all are
  if (!whole) {
    while (in_number(*end)) ++end;
    if (!is_json_number({at, static_cast<std::size_t>(end - at)})) return nullptr;
  }
  set(field, Field::Kind::number, {at, static_cast<std::size_t>(end - at)});
  return end;
}

}  // namespace

Stencil::Stencil(std::string_view text, std::vector<Value> values)
    : text_(text.begin(), text.end()), size_(text.size()), values_(std::move(values)) {
  text_.resize(size_ + slack);
  cut();
}

std::string_view Stencil::between(std::size_t value) const noexcept {
  const std::size_t begin = value == 0 ? 0 : values_[value - 1].end;
  const std::size_t end = value == values_.size() ? size_ : values_[value].begin;
  return piece(begin, end);
}

std::string_view Stencil::value(std::size_t value) const noexcept {
  return piece(values_[value].begin, values_[value].end);
}

bool Stencil::matches(const Stencil& other) const noexcept {
  if (values_.size() != other.values_.size()) return false;
  for (std::size_t i = 0; i <= values_.size(); ++i)
    if (between(i) != other.between(i)) return false;
  return true;
}

void Stencil::vary_as(const Stencil& other) {
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i].varies = other.values_[i].varies || value(i) != other.value(i);
  cut();
}

void Stencil::cut() {
  holes_.clear();
  std::size_t begin = 0;
  const auto end_piece = [&](std::size_t end) {
    (holes_.empty() ? before_ : holes_.back().behind) = piece(begin, end);
  };
  for (const Value& value : values_) {
    if (!value.varies) continue;
    end_piece(value.begin);
    begin = value.end;
    holes_.push_back({value.field, value.as_written, {}});
  }
  end_piece(size_);
}

bool Stencil::read(std::string_view text) {
  if (!text.starts_with(before_)) return false;
  text.remove_prefix(before_.size());
  make_room(text.size());
  std::memcpy(copy_.get(), text.data(), text.size());
  std::memset(copy_.get() + text.size(), 0, slack);
  unescaped_ = room_.get();

  const char* at = copy_.get();
  const char* const end = at + text.size();
  for (const Hole& hole : holes_) {
    at = take(at, hole);
    if (at == nullptr) return false;
    if (static_cast<std::size_t>(end - at) < hole.behind.size() || !follows(at, hole.behind)) return false;
    at += hole.behind.size();
  }
  return at == end;
}

void Stencil::make_room(std::size_t bytes) {
  if (copy_ && bytes <= capacity_) return;
  capacity_ = bytes * 5 / 4;
  copy_ = std::make_unique_for_overwrite<char[]>(capacity_ + slack);
  room_ = std::make_unique_for_overwrite<char[]>(capacity_ + slack);
}

// The value that begins here, which the end of the copy ends at the latest: its zeros are part of none.
// Returns where it ends, or null if it is none or may be wrong.
const char* Stencil::take(const char* at, const Hole& hole) {
  switch (*at) {
    case '"':
      return take_text(at, hole);
    case 't':
      return take_word(at, hole.field, Field::Kind::boolean, "true");
    case 'f':
      return take_word(at, hole.field, Field::Kind::boolean, "false");
    case 'n':
      return take_word(at, hole.field, Field::Kind::null, "null");
    default:
      return take_number(at, hole.field);
  }
}

const char* Stencil::take_text(const char* at, const Hole& hole) {
  const char* const begin = at + 1;
  const JsonText found = find_json_text(begin);
  if (found.end == nullptr) return nullptr;
  std::string_view text(begin, static_cast<std::size_t>(found.end - begin));
  if (!found.ascii && !is_utf8(text)) return nullptr;
  const char* const end = found.end + 1;
  if (hole.as_written) {
    set(hole.field, Field::Kind::text, {at, static_cast<std::size_t>(end - at)});
    return end;
  }
  if (hole.field != nullptr && found.escapes) {
    char* const to = unescaped_;
    unescaped_ = unescape_json(text, to);
    if (unescaped_ == nullptr) return nullptr;
    text = {to, static_cast<std::size_t>(unescaped_ - to)};
  }
  set(hole.field, Field::Kind::text, text);
  return end;
}

std::vector<Stencil::Value> list_values(JsonTokens& tokens) {
  constexpr std::string_view structure = "{}[]:,";
  std::vector<Stencil::Value> values;
  for (; !tokens.ended(); tokens.advance()) {
    const bool is_name = tokens.second() == ':';
    if (is_name || structure.find(tokens.first()) != std::string_view::npos) continue;
    values.push_back({.begin = tokens.place(), .end = tokens.place() + tokens.token().size()});
  }
  return values;
}

}  // namespace sluice::engine
