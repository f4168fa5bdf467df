// Writing BSON: one growing buffer, fields appended in order, documents and arrays nested by begin and end.
//
//   bson::Writer writer;
//   writer.text("email", "a@example.org").begin_array("tags").text("new").end();
//   bson::View user = writer.finish();        // valid until the writer is changed or destroyed
//
// Not thread-safe; a writer that is cleared keeps its memory, so that one serves many documents.
// A field's name must not contain a zero byte (a C string in BSON): callers check what they do not make.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "sluice/bson.hpp"

namespace sluice::bson {

class Writer {
 public:
  Writer() { clear(); }

  // Starts anew with an empty document.
  Writer& clear() {
    size_ = 0;
    open_.clear();
    open(false);
    return *this;
  }

  // In a document every value has a name; in an array the name is left out, the index is written for it.
  Writer& text(std::string_view name, std::string_view value) {
    begin_value(Type::text, name, value.size() + 5);
    append(static_cast<std::uint32_t>(value.size() + 1));
    append(value.data(), value.size());
    append(std::uint8_t{0});
    return *this;
  }
  Writer& int32(std::string_view name, std::int32_t value) { return fixed(Type::int32, name, value); }
  Writer& int64(std::string_view name, std::int64_t value) { return fixed(Type::int64, name, value); }
  // The narrower of the two that holds the value.
  Writer& integer(std::string_view name, std::int64_t value) {
    const auto narrow = static_cast<std::int32_t>(value);
    return narrow == value ? int32(name, narrow) : int64(name, value);
  }
  Writer& number(std::string_view name, double value) { return fixed(Type::number_double, name, value); }
  Writer& boolean(std::string_view name, bool value) {
    return fixed(Type::boolean, name, static_cast<std::uint8_t>(value));
  }
  Writer& date_ms(std::string_view name, std::int64_t since_epoch) {
    return fixed(Type::date, name, since_epoch);
  }
  Writer& null(std::string_view name) {
    begin_value(Type::null, name, 0);
    return *this;
  }
  Writer& value(std::string_view name, const Value& value) {
    begin_value(value.type, name, value.size);
    append(value.data, value.size);
    return *this;
  }
  // An element of a View, as it stands there: type, name and value in one.
  Writer& element(const Element& one) {
    return open_.back().array ? value({}, one.value) : elements(one.bytes());
  }
  Writer& document(std::string_view name, View view) { return value(name, view.as_value()); }

  // The same in an array.
  Writer& text(std::string_view value) { return text({}, value); }
  Writer& value(const Value& one) { return value({}, one); }

  Writer& begin_document(std::string_view name = {}) {
    begin_value(Type::document, name, 0);
    open(false);
    return *this;
  }
  Writer& begin_array(std::string_view name = {}) {
    begin_value(Type::array, name, 0);
    open(true);
    return *this;
  }
  Writer& end() {
    reserve(1);
    append(std::uint8_t{0});
    const auto length = static_cast<std::uint32_t>(size_ - open_.back().start);
    std::memcpy(buffer_.get() + open_.back().start, &length, sizeof length);
    open_.pop_back();
    return *this;
  }

  // Appends every element of a document to the one that is open.
  Writer& elements(View view) { return elements({view.data() + 4, view.size() - 5}); }
  // Elements that follow each other in a View, as they stand there: into a document, not an array.
  Writer& elements(std::span<const std::uint8_t> bytes) {
    reserve(bytes.size());
    append(bytes.data(), bytes.size());
    return *this;
  }

  // Closes what is open and gives the document. Call clear() before writing the next.
  View finish() {
    while (!open_.empty()) end();
    return View(buffer_.get());
  }

  // How deep the writer stands: 1 in the outermost document.
  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct Open {
    std::size_t start;
    std::uint32_t next_index;
    bool array;
  };
  struct Free {
    void operator()(std::uint8_t* bytes) const noexcept { std::free(bytes); }
  };

  template <class T>
  Writer& fixed(Type type, std::string_view name, T value) {
    begin_value(type, name, sizeof value);
    append(value);
    return *this;
  }

  void open(bool array) {
    reserve(5);
    open_.push_back({size_, 0, array});
    size_ += 4;
  }

  // Type and name; there is room for the value behind them.
  void begin_value(Type type, std::string_view name, std::size_t value_bytes) {
    char index[12];
    Open& parent = open_.back();
    if (parent.array) {
      const auto end = std::to_chars(index, index + sizeof index, parent.next_index++).ptr;
      name = {index, static_cast<std::size_t>(end - index)};
    }
    reserve(name.size() + value_bytes + 8);
    std::uint8_t* at = buffer_.get() + size_;
    *at++ = static_cast<std::uint8_t>(type);
    if (!name.empty()) std::memcpy(at, name.data(), name.size());
    at[name.size()] = 0;
    size_ += name.size() + 2;
  }

  // Where room was reserved.
  template <class T>
  void append(T value) {
    std::memcpy(buffer_.get() + size_, &value, sizeof value);
    size_ += sizeof value;
  }
  void append(const void* bytes, std::size_t count) {
    if (count == 0) return;
    std::memcpy(buffer_.get() + size_, bytes, count);
    size_ += count;
  }
  void reserve(std::size_t more) {
    if (size_ + more <= capacity_) return;
    constexpr std::size_t least = 256;  // most documents fit, so that few grow twice
    const std::size_t wanted = std::max((size_ + more) * 2, least);
    auto* grown = static_cast<std::uint8_t*>(std::realloc(buffer_.get(), wanted));
    if (grown == nullptr) throw std::bad_alloc();
    [[maybe_unused]] auto* moved = buffer_.release();
    buffer_.reset(grown);
    capacity_ = wanted;
  }

  std::unique_ptr<std::uint8_t, Free> buffer_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::vector<Open> open_;
};

}  // namespace sluice::bson
