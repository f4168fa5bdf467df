// Reading BSON (https://bsonspec.org, version 1.1): the form in which payloads and documents cross the
// plugin boundary and live in the engine.
//
// A Value or a View borrows its bytes: it is valid as long as the buffer it looks into. Nothing here
// allocates or throws, and any number of threads may read the same bytes.
//
// A View trusts its bytes to be well-formed: what comes from a plugin passes documents/validate.hpp first.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

namespace sluice::bson {

static_assert(std::endian::native == std::endian::little, "BSON is little-endian and read in place");

enum class Type : std::uint8_t {
  none = 0x00,  // no value at all: what find() gives for a name that is not there
  number_double = 0x01,
  text = 0x02,
  document = 0x03,
  array = 0x04,
  binary = 0x05,
  object_id = 0x07,
  boolean = 0x08,
  date = 0x09,  // milliseconds since 1970-01-01T00:00Z, signed
  null = 0x0a,
  regex = 0x0b,
  int32 = 0x10,
  timestamp = 0x11,  // MongoDB's replication timestamp, not a date
  int64 = 0x12,
  decimal128 = 0x13,
};

template <class T>
[[nodiscard]] inline T load(const std::uint8_t* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

class View;

// One value: its type and the bytes that follow the name in an element.
struct Value {
  Type type = Type::none;
  const std::uint8_t* data = nullptr;
  std::uint32_t size = 0;

  [[nodiscard]] explicit operator bool() const noexcept { return type != Type::none; }
  [[nodiscard]] bool is_integer() const noexcept { return type == Type::int32 || type == Type::int64; }
  [[nodiscard]] bool is_number() const noexcept {
    return is_integer() || type == Type::number_double || type == Type::decimal128;
  }

  // Each returns nothing when the value is of another type. Integers are read as doubles where asked.
  [[nodiscard]] std::optional<std::string_view> as_text() const noexcept {
    if (type != Type::text) return std::nullopt;
    return std::string_view(reinterpret_cast<const char*>(data) + 4, size - 5);
  }
  [[nodiscard]] std::optional<std::int64_t> as_int64() const noexcept {
    if (type == Type::int64) return load<std::int64_t>(data);
    if (type == Type::int32) return load<std::int32_t>(data);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<double> as_double() const noexcept {
    if (type == Type::number_double) return load<double>(data);
    if (auto whole = as_int64()) return static_cast<double>(*whole);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<bool> as_bool() const noexcept {
    if (type != Type::boolean) return std::nullopt;
    return *data != 0;
  }
  [[nodiscard]] std::optional<std::int64_t> as_date_ms() const noexcept {
    if (type != Type::date) return std::nullopt;
    return load<std::int64_t>(data);
  }
  [[nodiscard]] inline std::optional<View> as_document() const noexcept;  // of an array, too

  // The same type and the same bytes: 1 and 1.0 differ, as do two orders of fields.
  [[nodiscard]] bool same_bytes(const Value& other) const noexcept {
    return type == other.type && size == other.size &&
           (size == 0 || std::memcmp(data, other.data, size) == 0);
  }
};

struct Element {
  std::string_view name;
  Value value;

  // Of an element that stands in a document: its type, its name and its value.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(name.data()) - 1;
    return {begin, value.data + value.size};
  }
};

// How many bytes a value of this type takes, judged by its first bytes. 0xffffffff for a type unknown here.
[[nodiscard]] inline std::uint32_t value_size(Type type, const std::uint8_t* data) noexcept {
  switch (type) {
    case Type::number_double:
    case Type::date:
    case Type::timestamp:
    case Type::int64:
      return 8;
    case Type::int32:
      return 4;
    case Type::boolean:
      return 1;
    case Type::null:
      return 0;
    case Type::object_id:
      return 12;
    case Type::decimal128:
      return 16;
    case Type::text:
      return 4 + load<std::uint32_t>(data);
    case Type::document:
    case Type::array:
      return load<std::uint32_t>(data);
    case Type::binary:
      return 5 + load<std::uint32_t>(data);
    case Type::regex: {
      const auto* start = reinterpret_cast<const char*>(data);
      const std::size_t pattern = std::strlen(start) + 1;
      return static_cast<std::uint32_t>(pattern + std::strlen(start + pattern) + 1);
    }
    case Type::none:
      break;
  }
  return 0xffffffffU;
}

// How long the text at `at` is, whose closing zero stands before `end`. Eight bytes at a time: names are
// short, and strlen takes longer to begin than most of them to read.
[[nodiscard]] inline std::size_t name_size(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  constexpr std::uint64_t lowest_bits = 0x0101010101010101U;
  constexpr std::uint64_t highest_bits = lowest_bits << 7U;
  const std::uint8_t* here = at;
  for (; end - here >= 8; here += 8) {
    const auto word = load<std::uint64_t>(here);
    const std::uint64_t zeros = (word - lowest_bits) & ~word & highest_bits;  // the first of them is exact
    if (zeros != 0) return static_cast<std::size_t>(here - at + std::countr_zero(zeros) / 8);
  }
  return static_cast<std::size_t>(here - at) + std::strlen(reinterpret_cast<const char*>(here));
}

// A document or an array: a forward range of elements. An array's names are "0", "1", ….
class View {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = const Element*;
    using reference = const Element&;

    Iterator() = default;
    // `end` is where the elements end: the document's closing zero.
    Iterator(const std::uint8_t* at, const std::uint8_t* end) noexcept : at_(at), end_(end) { read(); }
    const Element& operator*() const noexcept { return element_; }
    const Element* operator->() const noexcept { return &element_; }
    Iterator& operator++() noexcept {
      at_ = element_.value.data + element_.value.size;
      read();
      return *this;
    }
    Iterator operator++(int) noexcept {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const noexcept { return at_ == other.at_; }

   private:
    void read() noexcept {
      if (at_ == end_) return;
      const auto type = static_cast<Type>(*at_);
      const std::size_t size = name_size(at_ + 1, end_);
      const std::uint8_t* data = at_ + 1 + size + 1;
      element_ = {{reinterpret_cast<const char*>(at_ + 1), size}, {type, data, value_size(type, data)}};
    }
    const std::uint8_t* at_ = nullptr;
    const std::uint8_t* end_ = nullptr;
    Element element_;
  };

  View() noexcept : data_(empty_document()) {}
  explicit View(const std::uint8_t* data) noexcept : data_(data) {}

  [[nodiscard]] const std::uint8_t* data() const noexcept { return data_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return load<std::uint32_t>(data_); }
  [[nodiscard]] bool empty() const noexcept { return size() <= 5; }
  [[nodiscard]] Iterator begin() const noexcept { return {data_ + 4, data_ + size() - 1}; }
  [[nodiscard]] Iterator end() const noexcept { return {data_ + size() - 1, data_ + size() - 1}; }

  // The value of a field of this document itself; a dot is part of the name.
  [[nodiscard]] Value find(std::string_view name) const noexcept {
    for (const Element& element : *this)
      if (element.name == name) return element.value;
    return {};
  }

  // The value at a dotted path, through documents and (by index) arrays.
  [[nodiscard]] Value at(std::string_view path) const noexcept {
    View here = *this;
    for (;;) {
      const std::size_t dot = path.find('.');
      const Value value = here.find(path.substr(0, dot));
      if (dot == std::string_view::npos) return value;
      if (value.type != Type::document && value.type != Type::array) return {};
      here = View(value.data);
      path.remove_prefix(dot + 1);
    }
  }

  [[nodiscard]] Value as_value() const noexcept { return {Type::document, data_, size()}; }

 private:
  static const std::uint8_t* empty_document() noexcept {
    static constexpr std::uint8_t bytes[5] = {5, 0, 0, 0, 0};
    return bytes;
  }
  const std::uint8_t* data_;
};

inline std::optional<View> Value::as_document() const noexcept {
  if (type != Type::document && type != Type::array) return std::nullopt;
  return View(data);
}

}  // namespace sluice::bson
