#include "raw_payload.hpp"

#include <charconv>
#include <string_view>

namespace {

namespace ondemand = simdjson::ondemand;

int length(std::string_view text) { return static_cast<int>(text.size()); }

bool append(ondemand::value value, std::string_view name, bson_t& to);

bool append_elements(ondemand::array array, bson_t& to) {
  std::uint32_t index = 0;
  char buffer[16];
  for (auto element : array) {
    const char* key = nullptr;
    const std::size_t size = bson_uint32_to_string(index++, &key, buffer, sizeof buffer);
    ondemand::value value;
    if (element.get(value) != simdjson::SUCCESS || !append(value, {key, size}, to)) return false;
  }
  return true;
}

bool append_number(ondemand::value value, std::string_view name, bson_t& to) {
  ondemand::number number;
  if (value.get_number().get(number) != simdjson::SUCCESS) return false;
  if (number.is_int64()) return bson_append_int64(&to, name.data(), length(name), number.get_int64());
  return bson_append_double(&to, name.data(), length(name), number.as_double());
}

bool append(ondemand::value value, std::string_view name, bson_t& to) {
  bson_t child;
  switch (value.type()) {
    case ondemand::json_type::string: {
      std::string_view text;
      return value.get_string().get(text) == simdjson::SUCCESS &&
             bson_append_utf8(&to, name.data(), length(name), text.data(), length(text));
    }
    case ondemand::json_type::number:
      return append_number(value, name, to);
    case ondemand::json_type::boolean: {
      bool flag = false;
      return value.get_bool().get(flag) == simdjson::SUCCESS &&
             bson_append_bool(&to, name.data(), length(name), flag);
    }
    case ondemand::json_type::object: {
      ondemand::object object;
      return value.get_object().get(object) == simdjson::SUCCESS &&
             bson_append_document_begin(&to, name.data(), length(name), &child) &&
             append_fields(object, child) && bson_append_document_end(&to, &child);
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      return value.get_array().get(array) == simdjson::SUCCESS &&
             bson_append_array_begin(&to, name.data(), length(name), &child) &&
             append_elements(array, child) && bson_append_array_end(&to, &child);
    }
    case ondemand::json_type::null:
      return bson_append_null(&to, name.data(), length(name));
  }
  return false;
}

}  // namespace

bool append_fields(ondemand::object object, bson_t& to) {
  for (auto field : object) {
    std::string_view name;
    ondemand::value value;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS)
      return false;
    if (!append(value, name, to)) return false;
  }
  return true;
}
