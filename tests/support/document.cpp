#include "support/document.hpp"

#include <bson/bson.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

struct Free {
  void operator()(char* text) const noexcept { bson_free(text); }
};

// unique_ptr<bson_t> would drop the alignment that bson_t declares.
class Parsed {
 public:
  explicit Parsed(const std::string& text)
      : made_(bson_init_from_json(&bson_, text.data(), static_cast<ssize_t>(text.size()), &error_)) {}
  ~Parsed() {
    if (made_) bson_destroy(&bson_);
  }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  [[nodiscard]] std::vector<std::uint8_t> bytes() const {
    if (!made_) throw std::invalid_argument(std::string("no Extended JSON: ") + error_.message);
    const std::uint8_t* first = bson_get_data(&bson_);
    return {first, first + bson_.len};
  }

 private:
  bson_t bson_;
  bson_error_t error_;
  bool made_;
};

std::vector<std::uint8_t> parse(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return Parsed(text).bytes();
}

void write_sorted(bson::View document, bool array, bson::Writer& out) {
  std::vector<bson::Element> elements(document.begin(), document.end());
  if (!array)
    std::stable_sort(elements.begin(), elements.end(),
                     [](const bson::Element& a, const bson::Element& b) { return a.name < b.name; });
  for (const bson::Element& element : elements) {
    const auto inside = element.value.as_document();
    if (!inside) {
      out.value(element.name, element.value);
    } else if (element.value.type == bson::Type::array) {
      write_sorted(*inside, true, out.begin_array(element.name));
      out.end();
    } else {
      write_sorted(*inside, false, out.begin_document(element.name));
      out.end();
    }
  }
}

}  // namespace

Document::Document(std::string_view json) : bytes_(parse(std::string(json))) {}

Document::Document(bson::View view) : bytes_(view.data(), view.data() + view.size()) {}

std::string sorted_json(bson::View document) {
  bson::Writer writer;
  write_sorted(document, false, writer);
  return json(writer.finish());
}

std::string json(bson::View document) {
  bson_t borrowed;
  if (!bson_init_static(&borrowed, document.data(), document.size())) return "(not a document)";
  const std::unique_ptr<char, Free> text(bson_as_relaxed_extended_json(&borrowed, nullptr));
  return text ? std::string(text.get()) : "(not a document)";
}

}  // namespace sluice::engine
