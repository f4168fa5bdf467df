// A value on its way into a change: whatever C++ value an author has at hand, or a document in braces.
//
//   changes.insert("users", id, {{"email", email}, {"address", {{"city", city}, {"zip", zip}}}});
//   changes.patch("users", id).push("tags", sluice::Array{"new", 7, true});
//
// Borrows what it is made from, so it is for arguments: do not keep one.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/bson_writer.hpp"
#include "sluice/reject.hpp"
#include "sluice/types.hpp"

namespace sluice {

struct Field;
class Array;

class Value {
 public:
  // NOLINTBEGIN(google-explicit-constructor): an argument becomes a Value by itself; that is what it is for.
  Value(std::nullptr_t) noexcept : kind_(Kind::null) {}
  template <std::same_as<bool> T>
  Value(T value) noexcept : kind_(Kind::boolean) {
    whole_ = value ? 1 : 0;
  }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Value(T value) : kind_(Kind::integer) {
    if (!std::in_range<std::int64_t>(value))
      throw Reject("a number is beyond 64 bits: " + std::to_string(value));
    whole_ = static_cast<std::int64_t>(value);
  }
  Value(double value) noexcept : kind_(Kind::real), real_(value) {}
  Value(std::string_view text) noexcept : kind_(Kind::text), text_(text) {}
  Value(const char* text) noexcept : Value(std::string_view(text)) {}
  Value(const std::string& text) noexcept : Value(std::string_view(text)) {}
  Value(const Uuid& uuid) noexcept : Value(uuid.text()) {}
  Value(Date date) noexcept : kind_(Kind::date) { whole_ = date.since_epoch().count(); }
  Value(Time time) noexcept : Value(Date(time)) {}
  Value(const bson::Value& value) noexcept : kind_(Kind::bson), bson_(value) {}
  Value(bson::View document) noexcept : Value(document.as_value()) {}
  Value(std::initializer_list<Field> document) noexcept;
  Value(const Array& array) noexcept;
  // Nothing becomes null.
  template <class T>
  Value(const std::optional<T>& value) : Value(value ? Value(*value) : Value(nullptr)) {}
  // NOLINTEND(google-explicit-constructor)

  // Writes it as a field of the open document, or into the open array.
  void append_to(bson::Writer& writer, std::string_view name) const;

 private:
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, date, bson, document, array };
  struct Items {
    const void* first;
    std::size_t count;
  };

  Kind kind_;
  union {
    std::int64_t whole_ = 0;
    double real_;
    std::string_view text_;
    bson::Value bson_;
    Items items_;
  };
};

struct Field {
  std::string_view name;
  Value value;
};

class Array {
 public:
  Array(std::initializer_list<Value> values) noexcept { values_ = values; }
  [[nodiscard]] const Value* begin() const noexcept { return values_.begin(); }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

 private:
  std::initializer_list<Value> values_;
};

namespace detail {

// A name ends at its first zero byte in BSON: one that holds such a byte would silently be another.
inline std::string_view checked_name(std::string_view name) {
  if (name.find('\0') != std::string_view::npos)
    throw Reject("the name of a field or path holds a zero byte");
  return name;
}

}  // namespace detail

inline Value::Value(std::initializer_list<Field> document) noexcept : kind_(Kind::document) {
  items_ = {document.begin(), document.size()};
}

inline Value::Value(const Array& array) noexcept : kind_(Kind::array) {
  items_ = {array.begin(), array.size()};
}

inline void Value::append_to(bson::Writer& writer, std::string_view name) const {
  switch (kind_) {
    case Kind::null:
      writer.null(name);
      return;
    case Kind::boolean:
      writer.boolean(name, whole_ != 0);
      return;
    case Kind::integer:
      writer.integer(name, whole_);
      return;
    case Kind::real:
      writer.number(name, real_);
      return;
    case Kind::text:
      writer.text(name, text_);
      return;
    case Kind::date:
      writer.date_ms(name, whole_);
      return;
    case Kind::bson:
      if (bson_)
        writer.value(name, bson_);
      else
        writer.null(name);
      return;
    case Kind::document: {
      writer.begin_document(name);
      const auto* field = static_cast<const Field*>(items_.first);
      for (std::size_t i = 0; i < items_.count; ++i)
        field[i].value.append_to(writer, detail::checked_name(field[i].name));
      writer.end();
      return;
    }
    case Kind::array: {
      writer.begin_array(name);
      const auto* value = static_cast<const Value*>(items_.first);
      for (std::size_t i = 0; i < items_.count; ++i) value[i].append_to(writer, {});
      writer.end();
      return;
    }
  }
}

}  // namespace sluice
