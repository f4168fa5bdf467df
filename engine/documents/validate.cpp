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

// What a scalar's bytes must be; nullptr when they are so, else what is wrong with them.
// `size` becomes the value's own size, at most `available`.
const char* check_scalar(bson::Type type, const std::uint8_t* bytes, std::size_t available,
                         std::size_t& size) noexcept {
  constexpr const char* cut_off = "is cut off";
  const auto fixed = [&](std::size_t wanted) {
    size = wanted;
    return wanted <= available ? nullptr : cut_off;
  };
  switch (type) {
    case bson::Type::number_double:
    case bson::Type::date:
    case bson::Type::timestamp:
    case bson::Type::int64:
      return fixed(8);
    case bson::Type::int32:
      return fixed(4);
    case bson::Type::null:
      return fixed(0);
    case bson::Type::object_id:
      return fixed(12);
    case bson::Type::decimal128:
      return fixed(16);
    case bson::Type::boolean:
      if (available < 1) return cut_off;
      if (*bytes > 1) return "is a boolean that is neither 0 nor 1";
      return fixed(1);
    case bson::Type::text: {
      if (available < 5) return cut_off;
      const std::size_t length = bson::load<std::uint32_t>(bytes);
      if (length == 0) return "is a text without its closing zero";
      if (length > available - 4) return cut_off;
      if (bytes[4 + length - 1] != 0) return "is a text without its closing zero";
      if (!is_utf8(text_at(bytes + 4, length - 1))) return "is not valid UTF-8";
      return fixed(4 + length);
    }
    case bson::Type::binary: {
      if (available < 5) return cut_off;
      const std::size_t length = bson::load<std::uint32_t>(bytes);
      if (length > available - 5) return cut_off;
      constexpr std::uint8_t old_binary = 2;  // repeats its length inside
      if (bytes[4] == old_binary && (length < 4 || bson::load<std::uint32_t>(bytes + 5) != length - 4))
        return "is a binary of subtype 2 with two different lengths";
      return fixed(5 + length);
    }
    case bson::Type::regex: {
      std::size_t length = 0;
      for (int part = 0; part < 2; ++part) {
        const auto* zero =
            static_cast<const std::uint8_t*>(std::memchr(bytes + length, 0, available - length));
        if (zero == nullptr) return cut_off;
        const auto part_size = static_cast<std::size_t>(zero - (bytes + length));
        if (!is_utf8(text_at(bytes + length, part_size))) return "is not valid UTF-8";
        length += part_size + 1;
      }
      return fixed(length);
    }
    case bson::Type::document:
    case bson::Type::array:
    case bson::Type::none:
      break;
  }
  return "has a type that sluice does not know";
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
    if (const char* wrong = enter(type_, {}); wrong != nullptr) return refuse(wrong, {});
    if (levels_[0].end != end_) return refuse("has another length than its first bytes say", {});
    while (depth_ > 0) {
      std::string_view name;
      if (const char* wrong = element(name); wrong != nullptr) return refuse(wrong, name);
    }
    return {};
  }

 private:
  struct Level {
    const std::uint8_t* end;
    std::string_view name;
    std::uint32_t next_index;
    bool array;
  };

  // One element, or the end of a level. What is wrong, or nullptr.
  const char* element(std::string_view& name) {
    Level& level = levels_[static_cast<std::size_t>(depth_ - 1)];
    const auto type = static_cast<bson::Type>(*at_++);
    if (type == bson::Type::none) {
      if (at_ != level.end) return "ends before its length says";
      --depth_;
      return nullptr;
    }
    // The level's last byte is its closing zero, so a name's zero is found before it or the element is cut
    // off.
    const Name found = name_at(at_, level.end);
    name = found.text;
    if (name.data() == nullptr) return "is cut off";
    if (const char* wrong = check_element_name(level, found); wrong != nullptr) return wrong;
    at_ += name.size() + 1;
    if (type == bson::Type::document || type == bson::Type::array) return enter(type, name);

    std::size_t size = 0;
    const auto available = static_cast<std::size_t>(level.end - at_) - 1;
    if (const char* wrong = check_scalar(type, at_, available, size); wrong != nullptr) return wrong;
    at_ += size;
    return nullptr;
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

  const char* enter(bson::Type type, std::string_view name) {
    const std::uint8_t* limit = depth_ == 0 ? end_ : levels_[static_cast<std::size_t>(depth_ - 1)].end - 1;
    const auto available = static_cast<std::size_t>(limit - at_);
    if (available < 5) return "is cut off";
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
  std::size_t own_size = 0;
  const char* wrong = check_scalar(kind, bytes == nullptr ? &nothing : bytes, size, own_size);
  if (wrong != nullptr) return invalid(std::string("the value ") + wrong);
  if (own_size != size) return invalid("the value is followed by bytes that do not belong to it");
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
