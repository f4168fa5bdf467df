#include "documents/document_id.hpp"

#include <cstring>
#include <optional>

#include "json/writer.hpp"

namespace sluice::engine {
namespace {

Error bad_id(std::string what) { return {Code::handler_invalid_change, std::move(what)}; }

// Whole and within int64: 2^63 itself is the first double that is not.
std::optional<std::int64_t> whole(double number) noexcept {
  constexpr double limit = 9223372036854775808.0;
  if (!(number >= -limit && number < limit)) return std::nullopt;
  const auto integer = static_cast<std::int64_t>(number);
  if (static_cast<double>(integer) != number) return std::nullopt;
  return integer;
}

bson::Value stored(bson::Type type, const void* bytes, std::size_t size, Arena& arena) {
  const std::string_view kept = arena.copy({static_cast<const char*>(bytes), size});
  return {type, reinterpret_cast<const std::uint8_t*>(kept.data()), static_cast<std::uint32_t>(size)};
}

}  // namespace

Result<bson::Value> normalise_id(const bson::Value& id, Arena& arena) {
  if (id.type == bson::Type::none) return bad_id("the document's id is missing");
  switch (id.type) {
    case bson::Type::int32:
    case bson::Type::int64: {
      const std::int64_t integer = *id.as_int64();
      return stored(bson::Type::int64, &integer, sizeof integer, arena);
    }
    case bson::Type::number_double: {
      const auto integer = whole(*id.as_double());
      if (!integer) return bad_id("the document's id is a number that is not whole, or beyond 64 bits");
      return stored(bson::Type::int64, &*integer, sizeof *integer, arena);
    }
    case bson::Type::text: {
      const std::string_view text = *id.as_text();
      if (text.empty()) return bad_id("the document's id is an empty text");
      if (text.find('\0') != std::string_view::npos) return bad_id("the document's id holds a zero byte");
      if (text.find("_sluice") != std::string_view::npos)
        return bad_id("the document's id holds \"_sluice\", which is kept for sluice");
      return stored(id.type, id.data, id.size, arena);
    }
    case bson::Type::object_id:
    case bson::Type::binary:
    case bson::Type::date:
      return stored(id.type, id.data, id.size, arena);
    case bson::Type::none:
    case bson::Type::document:
    case bson::Type::array:
    case bson::Type::boolean:
    case bson::Type::null:
    case bson::Type::regex:
    case bson::Type::timestamp:
    case bson::Type::decimal128:
      break;
  }
  return bad_id("the document's id must be a text, a whole number, an object id, a binary or a date");
}

std::string id_to_text(const bson::Value& id) {
  std::string text;
  write_extended(id, text);
  return text;
}

}  // namespace sluice::engine
