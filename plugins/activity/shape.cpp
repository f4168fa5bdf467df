#include "shape.hpp"

#include <string>

namespace activity {
namespace {

namespace bson = sluice::bson;

// Goes through a payload once. Payloads name their fields in one order most of the time, so each field is
// looked for from where the one before was found.
class ShapedCopy {
 public:
  ShapedCopy(Dates dates, bson::Writer& to) : dates_(dates), to_(to) {}

  // `parent` is the path of the document itself, or null at the top.
  struct Level {
    std::string_view name;
    const Level* parent;
  };

  void copy(bson::View from, std::span<const Field> shape, const Level* parent) {
    std::uint32_t seen = 0;
    std::size_t next = 0;
    for (const bson::Element& element : from) {
      const std::size_t place = find(shape, element.name, next);
      if (place == shape.size()) {
        to_.element(element);
        continue;
      }
      next = place + 1;
      const Level level{element.name, parent};
      if (copy_field(element, shape[place], level)) seen |= 1U << place;
    }
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (shape[i].presence == Presence::required && (seen & 1U << i) == 0)
        throw sluice::Reject("the payload has no \"" + path({shape[i].name, parent}) + '"');
  }

 private:
  static std::size_t find(std::span<const Field> shape, std::string_view name, std::size_t from) {
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const std::size_t place = from + i < shape.size() ? from + i : from + i - shape.size();
      if (shape[place].name == name) return place;
    }
    return shape.size();
  }

  // False for a null, which is as good as missing.
  bool copy_field(const bson::Element& element, const Field& field, const Level& level) {
    const bson::Value& value = element.value;
    if (value.type == bson::Type::null) {
      to_.null(element.name);
      return false;
    }
    switch (field.kind) {
      case Kind::text:
        keep<std::string_view>(element, level);
        break;
      case Kind::boolean:
        keep<bool>(element, level);
        break;
      case Kind::number:
        keep<double>(element, level);
        break;
      case Kind::whole_number:
        keep<std::int64_t>(element, level);
        break;
      case Kind::uuid:
        to_.text(element.name, read<sluice::Uuid>(value, level).text());
        break;
      case Kind::uuids:
        copy_uuids(element, level);
        break;
      case Kind::datetime:
        copy_datetime(element, level);
        break;
      case Kind::document:
        if (value.type != bson::Type::document) wrong("an object", level);
        to_.begin_document(element.name);
        copy(*value.as_document(), field.inside, &level);
        to_.end();
        break;
    }
    return true;
  }

  template <class T>
  void keep(const bson::Element& element, const Level& level) {
    if (!sluice::Read<T>::read(element.value)) wrong(sluice::Read<T>::what, level);
    to_.element(element);
  }

  template <class T>
  static T read(const bson::Value& value, const Level& level) {
    const auto read = sluice::Read<T>::read(value);
    if (!read) wrong(sluice::Read<T>::what, level);
    return *read;
  }

  void copy_uuids(const bson::Element& element, const Level& level) {
    if (element.value.type != bson::Type::array) wrong("a list of UUIDs", level);
    const bson::View list = *element.value.as_document();  // a range-for over the temporary would outlive it
    to_.begin_array(element.name);
    for (const bson::Element& one : list) to_.text(read<sluice::Uuid>(one.value, {one.name, &level}).text());
    to_.end();
  }

  void copy_datetime(const bson::Element& element, const Level& level) {
    const auto date = read<sluice::Date>(element.value, level);
    if (dates_ == Dates::date)
      to_.date_ms(element.name, date.since_epoch().count());
    else
      to_.element(element);
  }

  static std::string path(const Level& level) {
    return (level.parent == nullptr ? std::string() : path(*level.parent) + '.') + std::string(level.name);
  }

  [[noreturn]] static void wrong(std::string_view wanted, const Level& level) {
    throw sluice::Reject('"' + path(level) + "\" of the payload is not " + std::string(wanted));
  }

  Dates dates_;
  bson::Writer& to_;
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
  ShapedCopy(dates, to).copy(payload, shape, nullptr);
}

}  // namespace activity
