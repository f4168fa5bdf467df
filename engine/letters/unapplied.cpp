#include "letters/unapplied.hpp"

#include <string_view>

#include "json/writer.hpp"

namespace sluice::engine {

std::string unapplied_to_json(std::span<const Unapplied> unapplied) {
  std::string out = "[";
  for (const Unapplied& one : unapplied) {
    if (out.size() > 1) out += ',';
    out += "{\"handler\":";
    write_json_string(one.handler, out);
    out += ",\"collection\":";
    write_json_string(one.collection, out);
    out += ",\"document\":";
    write_json_string(one.document, out);
    out += '}';
  }
  return out + ']';
}

bool read_unapplied(bson::View list, std::vector<Unapplied>& unapplied) {
  for (const bson::Element& element : list) {
    const auto one = element.value.as_document();
    if (!one) return false;
    const auto text = [&](std::string_view field) {
      return std::string(one->find(field).as_text().value_or(""));
    };
    unapplied.push_back({text("handler"), text("collection"), text("document")});
  }
  return true;
}

}  // namespace sluice::engine
