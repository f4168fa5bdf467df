#include "core/record_key.hpp"

#include <iterator>
#include <string>

#include "json/reader.hpp"
#include "json/writer.hpp"

namespace sluice::engine {
namespace {

bool is_id(const bson::Value& value, std::string_view id) {
  if (const auto text = value.as_text()) return *text == id;
  std::string written;
  write_extended(value, written);
  return written == id;
}

// An object of one field, the id.
bool holds_only(bson::View object, std::string_view id) {
  const auto first = object.begin();
  return first != object.end() && std::next(first) == object.end() && is_id((*first).value, id);
}

}  // namespace

bool is_keyed_by(const std::optional<std::string_view>& key, std::string_view aggregate_id) {
  if (!key) return false;
  if (*key == aggregate_id) return true;
  std::string quoted;
  write_json_string(aggregate_id, quoted);
  if (*key == quoted) return true;

  JsonReader reader;
  const auto object = reader.read_plain(*key);
  if (!object) return false;
  const bson::Value payload = object->find("payload");
  const bool wrapped = payload && object->find("schema");
  if (!wrapped) return holds_only(*object, aggregate_id);
  const auto inside = payload.as_document();
  return inside ? holds_only(*inside, aggregate_id) : is_id(payload, aggregate_id);
}

}  // namespace sluice::engine
