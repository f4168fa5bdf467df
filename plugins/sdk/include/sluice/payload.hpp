// The payload of an event: fields by dotted paths, as the types an author wants.
//
//   auto user = payload.require<sluice::Uuid>("user_id");          // missing or no UUID: rejected, with the
//   path auto phone = payload.get<std::string_view>("contact.phone");   // missing or null: nothing
//
// Types: std::string_view, std::string, bool, whole numbers, double, Uuid, Date, bson::Value, bson::View (a
// document or an array). Texts and views are borrowed from the event.
#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/bson.hpp"
#include "sluice/reject.hpp"
#include "sluice/types.hpp"

namespace sluice {

// How a type is read from a value: `read` gives nothing when the value is none such, `what` is for people.
template <class T>
struct Read;

template <>
struct Read<bson::Value> {
  static constexpr std::string_view what = "a value";
  static std::optional<bson::Value> read(const bson::Value& value) noexcept { return value; }
};
template <>
struct Read<bson::View> {
  static constexpr std::string_view what = "an object or a list";
  static std::optional<bson::View> read(const bson::Value& value) noexcept { return value.as_document(); }
};
template <>
struct Read<std::string_view> {
  static constexpr std::string_view what = "a text";
  static std::optional<std::string_view> read(const bson::Value& value) noexcept { return value.as_text(); }
};
template <>
struct Read<std::string> {
  static constexpr std::string_view what = "a text";
  static std::optional<std::string> read(const bson::Value& value) {
    const auto text = value.as_text();
    return text ? std::optional<std::string>(*text) : std::nullopt;
  }
};
template <>
struct Read<bool> {
  static constexpr std::string_view what = "true or false";
  static std::optional<bool> read(const bson::Value& value) noexcept { return value.as_bool(); }
};
template <>
struct Read<double> {
  static constexpr std::string_view what = "a number";
  static std::optional<double> read(const bson::Value& value) noexcept { return value.as_double(); }
};
template <std::integral T>
struct Read<T> {
  static constexpr std::string_view what = "a whole number within its range";
  static std::optional<T> read(const bson::Value& value) noexcept {
    const auto whole = value.as_int64();
    if (!whole || !std::in_range<T>(*whole)) return std::nullopt;
    return static_cast<T>(*whole);
  }
};
template <>
struct Read<Uuid> {
  static constexpr std::string_view what = "a UUID";
  static std::optional<Uuid> read(const bson::Value& value) noexcept {
    const auto text = value.as_text();
    return text ? Uuid::parse(*text) : std::nullopt;
  }
};
template <>
struct Read<Date> {
  static constexpr std::string_view what = "a date (ISO 8601)";
  static std::optional<Date> read(const bson::Value& value) noexcept {
    if (const auto ms = value.as_date_ms()) return Date(std::chrono::milliseconds{*ms});
    const auto text = value.as_text();
    return text ? Date::parse(*text) : std::nullopt;
  }
};

class Payload {
 public:
  explicit Payload(bson::View document) noexcept : document_(document) {}

  [[nodiscard]] bson::View view() const noexcept { return document_; }
  // Nothing (Type::none) where there is nothing.
  [[nodiscard]] bson::Value at(std::string_view path) const noexcept { return document_.at(path); }
  [[nodiscard]] bool has(std::string_view path) const noexcept { return static_cast<bool>(at(path)); }

  // Throws Reject when the field is missing, null or of another type.
  template <class T>
  [[nodiscard]] T require(std::string_view path) const {
    const bson::Value value = at(path);
    if (!value) throw Reject("the payload has no \"" + std::string(path) + '"');
    return as<T>(path, value);
  }

  // Nothing when the field is missing or null; throws Reject when it is of another type.
  template <class T>
  [[nodiscard]] std::optional<T> get(std::string_view path) const {
    const bson::Value value = at(path);
    if (!value || value.type == bson::Type::null) return std::nullopt;
    return as<T>(path, value);
  }

 private:
  template <class T>
  static T as(std::string_view path, const bson::Value& value) {
    auto wanted = Read<T>::read(value);
    if (!wanted)
      throw Reject('"' + std::string(path) + "\" of the payload is not " + std::string(Read<T>::what));
    return *std::move(wanted);
  }
  bson::View document_;
};

}  // namespace sluice
