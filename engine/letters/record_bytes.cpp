#include "letters/record_bytes.hpp"

#include <cstring>

#include "base/utf8.hpp"

namespace sluice::engine {

void write_bytes(std::string_view name, const std::optional<std::string>& bytes, bson::Writer& out) {
  if (!bytes) {
    out.null(name);
  } else if (is_utf8(*bytes)) {
    out.text(name, *bytes);
  } else {
    constexpr std::size_t head = 5;  // the length and the subtype, 0
    std::string binary(head, '\0');
    const auto length = static_cast<std::uint32_t>(bytes->size());
    std::memcpy(binary.data(), &length, sizeof length);
    binary += *bytes;
    out.value(name, {bson::Type::binary, reinterpret_cast<const std::uint8_t*>(binary.data()),
                     static_cast<std::uint32_t>(binary.size())});
  }
}

std::optional<std::string> read_bytes(const bson::Value& value) {
  if (const auto text = value.as_text()) return std::string(*text);
  if (value.type != bson::Type::binary) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(value.data) + 5, value.size - 5);
}

void write_headers(std::string_view name, const OwnedHeaders& headers, bson::Writer& out) {
  out.begin_array(name);
  for (const auto& [header, value] : headers) {
    write_bytes({}, header, out);
    write_bytes({}, value, out);
  }
  out.end();
}

bool read_headers(const bson::Value& list, OwnedHeaders& headers) {
  headers.clear();
  if (list.type != bson::Type::array) return false;
  bool is_name = true;
  for (const bson::Element& element : bson::View(list.data)) {
    auto bytes = read_bytes(element.value);
    if (is_name && !bytes) return false;
    if (is_name)
      headers.emplace_back(std::move(*bytes), std::nullopt);
    else
      headers.back().second = std::move(bytes);
    is_name = !is_name;
  }
  return is_name;
}

}  // namespace sluice::engine
