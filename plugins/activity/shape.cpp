#include "shape.hpp"

#include <string>

namespace activity {
namespace {

namespace bson = sluice::bson;

// Where a document stands in the payload.
struct Path {
  std::string_view name;
  const Path* parent;  // null at the top

  [[nodiscard]] std::string text() const {
    return (parent == nullptr ? std::string() : parent->text() + '.') + std::string(name);
  }
};

// Goes through a document once. Most fields stay as they are: what lies between two that do not is copied as
// one.
class ShapedCopy {
 public:
  ShapedCopy(bson::View from, const Path* path, Dates dates, bson::Writer& to)
      : from_(from), path_(path), dates_(dates), to_(to), uncopied_(from.data() + 4) {}

  // Payloads name their fields in one order most of the time, so each is looked for from where the one
  // before was found.
  void run(std::span<const Field> shape) {
    std::uint32_t seen = 0;
    std::size_t next = 0;
    for (const bson::Element& element : from_) {
      const std::size_t place = find(shape, element.name, next);
      if (place == shape.size()) continue;
      next = place + 1;
      const bool null = element.value.type == bson::Type::null;  // as good as missing
      if (null) continue;
      seen |= 1U << place;
      copy(element, shape[place]);
    }
    copy_until(from_.data() + from_.size() - 1);
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (shape[i].presence == Presence::required && (seen & 1U << i) == 0)
        throw sluice::Reject("the payload has no \"" + Path{shape[i].name, path_}.text() + '"');
  }

 private:
  static std::size_t find(std::span<const Field> shape, std::string_view name, std::size_t from) {
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const std::size_t place = from + i < shape.size() ? from + i : from + i - shape.size();
      if (shape[place].name == name) return place;
    }
    return shape.size();
  }

  void copy(const bson::Element& element, const Field& field) {
    const Path path{element.name, path_};
    switch (field.kind) {
      case Kind::text:
        read<std::string_view>(element.value, path);
        break;
      case Kind::boolean:
        read<bool>(element.value, path);
        break;
      case Kind::number:
        read<double>(element.value, path);
        break;
      case Kind::whole_number:
        read<std::int64_t>(element.value, path);
        break;
      case Kind::uuid: {
        const auto uuid = read<sluice::Uuid>(element.value, path);
        if (uuid.text() != element.value.as_text()) instead_of(element).text(element.name, uuid.text());
        break;
      }
      case Kind::uuids:
        copy_uuids(element, path);
        break;
      case Kind::datetime: {
        const auto date = read<sluice::Date>(element.value, path);
        if (dates_ == Dates::date) instead_of(element).date_ms(element.name, date.since_epoch().count());
        break;
      }
      case Kind::document:
        if (element.value.type != bson::Type::document) wrong("an object", path);
        instead_of(element).begin_document(element.name);
        ShapedCopy(*element.value.as_document(), &path, dates_, to_).run(field.inside);
        to_.end();
        break;
    }
  }

  void copy_uuids(const bson::Element& element, const Path& path) {
    if (element.value.type != bson::Type::array) wrong("a list of UUIDs", path);
    const bson::View list = *element.value.as_document();  // a range-for over the temporary would outlive it
    instead_of(element).begin_array(element.name);
    for (const bson::Element& one : list) to_.text(read<sluice::Uuid>(one.value, {one.name, &path}).text());
    to_.end();
  }

  template <class T>
  static T read(const bson::Value& value, const Path& path) {
    const auto read = sluice::Read<T>::read(value);
    if (!read) wrong(sluice::Read<T>::what, path);
    return *read;
  }

  // For a field that does not stay as it is: what is written next takes its place.
  bson::Writer& instead_of(const bson::Element& element) {
    const auto bytes = element.bytes();
    copy_until(bytes.data());
    uncopied_ = bytes.data() + bytes.size();
    return to_;
  }

  void copy_until(const std::uint8_t* end) { to_.elements({uncopied_, end}); }

  [[noreturn]] static void wrong(std::string_view wanted, const Path& path) {
    throw sluice::Reject('"' + path.text() + "\" of the payload is not " + std::string(wanted));
  }

  bson::View from_;
  const Path* path_;
  Dates dates_;
  bson::Writer& to_;
  const std::uint8_t* uncopied_;
};

}  // namespace

sluice::Option dates_option() {
  return sluice::text_option("dates", "date")
      .choices({"date", "text"})
      .help("how datetimes are kept: as dates of the store, or as the text they came as");
}

Dates dates_from(const sluice::Options& options) {
  const std::string dates = options.text("dates");
  if (dates == "date") return Dates::date;
  if (dates == "text") return Dates::text;
  throw sluice::Reject("the option dates is \"" + dates + "\"; it may be date or text");
}

void copy_shaped(bson::View payload, std::span<const Field> shape, Dates dates, bson::Writer& to) {
  ShapedCopy(payload, nullptr, dates, to).run(shape);
}

}  // namespace activity
