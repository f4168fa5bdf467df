#include "documents/validate.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <string>

#include "base/block.hpp"
#include "base/utf8.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view reserved = "_sluice";
constexpr int max_path_parts = 100;

Error invalid(std::string what) { return {Code::handler_invalid_change, std::move(what)}; }

std::string_view text_at(const std::uint8_t* bytes, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(bytes), size};
}

// What is wrong with a scalar, or nullptr and how many bytes it has.
struct Scalar {
  const char* wrong;
  std::size_t size;
};

constexpr const char* cut_off = "is cut off";

constexpr Scalar of_size(std::size_t size, std::size_t available) noexcept {
  return {size <= available ? nullptr : cut_off, size};
}

Scalar check_text(const std::uint8_t* bytes, std::size_t available) noexcept {
  constexpr const char* not_closed = "is a text without its closing zero";
  if (available < 5) return {cut_off, 0};
  const std::size_t length = bson::load<std::uint32_t>(bytes);
  if (length == 0) return {not_closed, 0};
  if (length > available - 4) return {cut_off, 0};
  if (bytes[4 + length - 1] != 0) return {not_closed, 0};
  if (!is_utf8(text_at(bytes + 4, length - 1))) return {"is not valid UTF-8", 0};
  return {nullptr, 4 + length};
}

Scalar check_binary(const std::uint8_t* bytes, std::size_t available) noexcept {
  if (available < 5) return {cut_off, 0};
  const std::size_t length = bson::load<std::uint32_t>(bytes);
  if (length > available - 5) return {cut_off, 0};
  constexpr std::uint8_t old_binary = 2;  // repeats its length inside
  if (bytes[4] == old_binary && (length < 4 || bson::load<std::uint32_t>(bytes + 5) != length - 4))
    return {"is a binary of subtype 2 with two different lengths", 0};
  return {nullptr, 5 + length};
}

Scalar check_regex(const std::uint8_t* bytes, std::size_t available) noexcept {
  std::size_t length = 0;
  for (int part = 0; part < 2; ++part) {
    const auto* zero = static_cast<const std::uint8_t*>(std::memchr(bytes + length, 0, available - length));
    if (zero == nullptr) return {cut_off, 0};
    const auto part_size = static_cast<std::size_t>(zero - (bytes + length));
    if (!is_utf8(text_at(bytes + length, part_size))) return {"is not valid UTF-8", 0};
    length += part_size + 1;
  }
  return {nullptr, length};
}

Scalar check_scalar(bson::Type type, const std::uint8_t* bytes, std::size_t available) noexcept {
  switch (type) {
    case bson::Type::text:
      return check_text(bytes, available);
    case bson::Type::number_double:
    case bson::Type::date:
    case bson::Type::timestamp:
    case bson::Type::int64:
      return of_size(8, available);
    case bson::Type::int32:
      return of_size(4, available);
    case bson::Type::null:
      return of_size(0, available);
    case bson::Type::object_id:
      return of_size(12, available);
    case bson::Type::decimal128:
      return of_size(16, available);
    case bson::Type::boolean:
      if (available > 0 && *bytes > 1) return {"is a boolean that is neither 0 nor 1", 0};
      return of_size(1, available);
    case bson::Type::binary:
      return check_binary(bytes, available);
    case bson::Type::regex:
      return check_regex(bytes, available);
    case bson::Type::document:
    case bson::Type::array:
    case bson::Type::none:
      break;
  }
  return {"has a type that sluice does not know", 0};
}

const char* check_name(std::string_view name) noexcept {
  if (name.empty()) return "has an empty name";
  if (name.front() == '$') return "starts with '$', which stores keep for their operators";
  if (name == reserved) return "is kept for sluice";
  return nullptr;
}

// An array's names are "0", "1", … in order: paths find its elements by them.
bool is_index(std::string_view name, std::uint32_t index) noexcept {
  std::array<char, 12> digits;
  auto at = digits.size();
  do {
    digits[--at] = static_cast<char>('0' + index % 10);
    index /= 10;
  } while (index != 0);
  return name == std::string_view(digits.data() + at, digits.size() - at);
}

// Goes through a document once, without recursion, so that its depth costs no stack.
class DocumentCheck {
 public:
  DocumentCheck(const std::uint8_t* bytes, std::size_t size, bson::Type type, bool id_forbidden)
      : at_(bytes), end_(bytes + size), type_(type), id_forbidden_(id_forbidden) {}

  [[nodiscard]] Result<void> run() {
    const auto size = static_cast<std::size_t>(end_ - at_);
    if (size > DocumentLimits::bytes)
      return invalid("the document has " + std::to_string(size) + " bytes, the limit is " +
                     std::to_string(DocumentLimits::bytes));
    if (const char* wrong = enter(type_, ""); wrong != nullptr) return refuse(wrong, {});
    if (levels_[0].end != end_) return refuse("has another length than its first bytes say", {});
    while (depth_ > 0) {
      std::string_view name;
      if (const char* wrong = check_level(name); wrong != nullptr) return refuse(wrong, name);
    }
    return {};
  }

 private:
  struct Level {
    const std::uint8_t* end;
    const char* name;  // ends with a zero; no string_view, which would be initialised a hundred times
    std::uint32_t next_index;
    bool array;
  };

  // The elements of the innermost level, up to one that is a level itself or to the end. What is wrong, or
  // nullptr.
  const char* check_level(std::string_view& name) {
    Level& level = levels_[static_cast<std::size_t>(depth_ - 1)];
    for (const std::uint8_t* at = at_;;) {
      const auto type = static_cast<bson::Type>(*at++);
      if (type == bson::Type::none) {
        name = {};
        if (at != level.end) return "ends before its length says";
        at_ = at;
        --depth_;
        return nullptr;
      }
      // The level's last byte is its closing zero, so a name's zero is found before it or the element is cut
      // off.
      const Name found = name_at(at, level.end);
      name = found.text;
      if (name.data() == nullptr) return cut_off;
      if (const char* wrong = check_element_name(level, found); wrong != nullptr) return wrong;
      at += name.size() + 1;
      if (type == bson::Type::document || type == bson::Type::array) {
        at_ = at;
        return enter(type, name.data());
      }
      const Scalar scalar = check_scalar(type, at, static_cast<std::size_t>(level.end - at) - 1);
      if (scalar.wrong != nullptr) return scalar.wrong;
      at += scalar.size;
    }
  }

  struct Name {
    std::string_view text;  // without data when it is cut off
    bool dotted;
    bool ascii;
  };

  // Nearly all names are short and end within the document's next sixteen bytes.
  [[nodiscard]] Name name_at(const std::uint8_t* begin, const std::uint8_t* level_end) const noexcept {
    const auto* const first = reinterpret_cast<const char*>(begin);
    if (end_ - begin >= std::ptrdiff_t{Block::size}) {
      const Block block(begin);
      if (const std::uint32_t zeros = block.where('\0'); zeros != 0) {
        const auto size = static_cast<std::size_t>(std::countr_zero(zeros));
        if (begin + size + 1 >= level_end) return {};
        const std::uint32_t inside = (1U << size) - 1;
        return {{first, size}, (block.where('.') & inside) != 0, (block.not_ascii() & inside) == 0};
      }
    }
    const void* zero = std::memchr(begin, 0, static_cast<std::size_t>(level_end - begin));
    if (zero == nullptr || static_cast<const std::uint8_t*>(zero) + 1 >= level_end) return {};
    const std::string_view text{first, static_cast<std::size_t>(static_cast<const char*>(zero) - first)};
    return {text, text.find('.') != std::string_view::npos, false};
  }

  const char* check_element_name(Level& level, const Name& name) const {
    if (level.array)
      return is_index(name.text, level.next_index++) ? nullptr : "is not the next index of its array";
    if (const char* wrong = check_name(name.text); wrong != nullptr) return wrong;
    if (name.dotted) return "holds a '.', which separates the parts of a path";
    if (!name.ascii && !is_utf8(name.text)) return "has a name that is not valid UTF-8";
    if (depth_ == 1 && id_forbidden_ && name.text == "_id")
      return "is the document's id, which is given apart";
    return nullptr;
  }

  const char* enter(bson::Type type, const char* name) {
    const std::uint8_t* limit = depth_ == 0 ? end_ : levels_[static_cast<std::size_t>(depth_ - 1)].end - 1;
    const auto available = static_cast<std::size_t>(limit - at_);
    if (available < 5) return cut_off;
    const std::size_t size = bson::load<std::uint32_t>(at_);
    if (size < 5 || size > available) return "has a length that cannot be";
    if (depth_ == DocumentLimits::depth) return "is nested deeper than 100 levels";
    levels_[static_cast<std::size_t>(depth_++)] = {at_ + size, name, 0, type == bson::Type::array};
    at_ += 4;
    return nullptr;
  }

  Error refuse(const char* wrong, std::string_view name) const {
    std::string path;
    for (int i = 1; i < depth_; ++i) path.append(levels_[static_cast<std::size_t>(i)].name).append(".");
    if (!name.empty() || depth_ == 0)
      path.append(name);
    else if (!path.empty())
      path.pop_back();
    if (path.empty()) return invalid(std::string("the document ") + wrong);
    return invalid("the field \"" + path + "\" " + wrong);
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bson::Type type_;
  bool id_forbidden_;
  int depth_ = 0;
  std::array<Level, DocumentLimits::depth> levels_;  // not initialised: most documents use a few
};

}  // namespace

Result<void> validate_document(const std::uint8_t* bytes, std::size_t size) {
  if (bytes == nullptr) return invalid("there is no document");
  return DocumentCheck(bytes, size, bson::Type::document, true).run();
}

Result<void> validate_value(std::uint8_t type, const std::uint8_t* bytes, std::size_t size) {
  const auto kind = static_cast<bson::Type>(type);
  if (kind == bson::Type::none) return invalid("there is no value");
  if (bytes == nullptr && size != 0) return invalid("the value has a size but no bytes");
  if (kind == bson::Type::document || kind == bson::Type::array) {
    if (bytes == nullptr) return invalid("there is no document");
    return DocumentCheck(bytes, size, kind, false).run();
  }
  if (size > DocumentLimits::bytes)
    return invalid("the value has " + std::to_string(size) + " bytes, the limit is " +
                   std::to_string(DocumentLimits::bytes));
  static constexpr std::uint8_t nothing = 0;
  const Scalar scalar = check_scalar(kind, bytes == nullptr ? &nothing : bytes, size);
  if (scalar.wrong != nullptr) return invalid(std::string("the value ") + scalar.wrong);
  if (scalar.size != size) return invalid("the value is followed by bytes that do not belong to it");
  return {};
}

Result<void> validate_path(std::string_view path) {
  const auto wrong = [&](std::string_view what) {
    return invalid("the path \"" + std::string(path) + "\" " + std::string(what));
  };
  if (path.empty()) return invalid("a path is empty");
  if (std::memchr(path.data(), 0, path.size()) != nullptr) return wrong("holds a zero byte");
  if (!is_utf8(path)) return invalid("a path is not valid UTF-8");
  int parts = 0;
  for (std::string_view rest = path;;) {
    const std::size_t dot = rest.find('.');
    const std::string_view part = rest.substr(0, dot);
    if (part.empty()) return wrong("has an empty part");
    if (part.front() == '$')
      return wrong("has a part that starts with '$', which stores keep for their operators");
    if (part == reserved) return wrong("has a part that is kept for sluice");
    if (parts == 0 && part == "_id") return wrong("is the document's id, which cannot be changed");
    if (++parts > max_path_parts) return wrong("has more than 100 parts");
    if (dot == std::string_view::npos) return {};
    rest.remove_prefix(dot + 1);
  }
}

Result<void> validate_collection(std::string_view name) {
  constexpr std::size_t longest = 120;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  if (name.empty()) return invalid("the collection's name is empty");
  if (name.size() > longest) return invalid("the collection's name is longer than 120 characters");
  for (const char c : name)
    if (!allowed(c)) return invalid("the collection's name may hold letters, digits, '_', '.' and '-' only");
  if (name.starts_with(reserved) || name.starts_with("system."))
    return invalid("the collection's name \"" + std::string(name) + "\" is kept for sluice or the store");
  return {};
}

}  // namespace sluice::engine
