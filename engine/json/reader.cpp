#include "json/reader.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/word.hpp"
#include "json/extended.hpp"
#include "json/number.hpp"
#include "json/tokens.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

constexpr std::size_t kept_document_bytes = std::size_t{4} << 20U;  // of BSON, from one document to the next

}  // namespace

class JsonReader::Impl {
 public:
  explicit Impl(const JsonLimits& limits) : tokens_(limits) {}

  Result<bson::View> read(std::string_view json, bool extended) {
    if (auto opened = tokens_.open(json); !opened) return opened.error();
    if (writer_.size() > kept_document_bytes) writer_ = bson::Writer();
    writer_.clear();
    names_.clear();
    path_.clear();
    keys_ = 0;
    extended_ = extended;
    if (tokens_.first() != '{') {
      if (!read_alone()) return tokens_.failure();
      return Error{Code::decode_bad_field, "the JSON is " + kind_ + ", not an object"};
    }
    if (!members() || !tokens_.take_end()) return tokens_.failure();
    return writer_.finish();
  }

 private:
  // A name of an object that is being read. The prefix, its first eight bytes and its length, settles nearly
  // every comparison of two names.
  struct Name {
    std::uint64_t prefix;
    std::string_view text;

    explicit Name(std::string_view name) : text(name) {
      std::memcpy(&prefix, name.data(), sizeof prefix);  // JsonTokens lets eight bytes be read behind a text
      if (name.size() < sizeof prefix) prefix &= (std::uint64_t{1} << (name.size() * 8)) - 1;
      prefix ^= std::uint64_t{name.size()} << 56U;
    }
    bool operator==(const Name& other) const noexcept { return prefix == other.prefix && text == other.text; }
    bool operator<(const Name& other) const noexcept {
      return prefix != other.prefix ? prefix < other.prefix : text < other.text;
    }
  };

  // A text that is no object, to tell what it is; or that it is no JSON at all.
  bool read_alone() {
    switch (tokens_.first()) {
      case '[':
        kind_ = "an array";
        break;
      case '"':
        kind_ = "a text";
        break;
      case 't':
      case 'f':
        kind_ = "a boolean";
        break;
      case 'n':
        kind_ = "null";
        break;
      default:
        kind_ = "a number";
    }
    std::string_view raw;
    return tokens_.take_value(raw) && tokens_.take_end();
  }

  // The members of an object, from its '{' to its '}'.
  bool members() {
    tokens_.advance();
    if (tokens_.take('}')) return true;
    const std::size_t first_name = names_.size();
    for (bool more = true; more;) {
      std::string_view name;
      if (!member_name(name)) return false;
      names_.emplace_back(name);
      if (!value(name) || !tokens_.take_separator('}', more)) return false;
    }
    return distinct(first_name);
  }

  bool elements() {
    tokens_.advance();
    if (tokens_.take(']')) return true;
    for (bool more = true; more;)
      if (!value({}) || !tokens_.take_separator(']', more)) return false;
    return true;
  }

  bool member_name(std::string_view& name) {
    if (++keys_ > tokens_.limits().keys)
      return tokens_.fail(Code::decode_too_many_keys,
                          "the JSON has more than " + std::to_string(tokens_.limits().keys) + " names");
    if (!tokens_.take_name(name)) return false;
    if (is(name, "_sluice") && !extended_)
      return tokens_.fail(Code::decode_reserved_name, "the name '_sluice'" + where() + " is kept for sluice");
    if (!tokens_.as_written(name) && std::memchr(name.data(), '\0', name.size()) != nullptr)
      return tokens_.fail(Code::decode_reserved_name,
                          "a name" + where() + " holds the character U+0000, which no document can hold");
    return true;
  }

  bool value(std::string_view name) {
    switch (tokens_.first()) {
      case '{':
        return object(name);
      case '[': {
        if (!enter(name)) return false;
        writer_.begin_array(name);
        if (!elements()) return false;
        writer_.end();
        path_.pop_back();
        return true;
      }
      case '"': {
        std::string_view text;
        if (!tokens_.take_text(text)) return false;
        writer_.text(name, text);
        return true;
      }
      case 't':
        return literal("true") && (writer_.boolean(name, true), true);
      case 'f':
        return literal("false") && (writer_.boolean(name, false), true);
      case 'n':
        return literal("null") && (writer_.null(name), true);
      default:
        return number(name);
    }
  }

  bool object(std::string_view name) {
    if (extended_ && tokens_.second() == '"') {
      switch (read_extended_value(tokens_, name, writer_)) {
        case ExtendedValue::written:
          return true;
        case ExtendedValue::malformed:
          return false;
        case ExtendedValue::plain:
          break;
      }
    }
    if (!enter(name)) return false;
    writer_.begin_document(name);
    if (!members()) return false;
    writer_.end();
    path_.pop_back();
    return true;
  }

  bool enter(std::string_view name) {
    if (static_cast<int>(writer_.depth()) >= tokens_.limits().depth)
      return tokens_.fail(Code::decode_too_deep,
                          "the JSON is nested deeper than " + std::to_string(tokens_.limits().depth));
    path_.push_back(name);
    return true;
  }

  bool literal(std::string_view text) {
    if (tokens_.token() != text) return tokens_.expected("a value");
    tokens_.advance();
    return true;
  }

  bool number(std::string_view name) {
    const JsonNumber number = parse_json_number(tokens_.token());
    switch (number.kind) {
      case JsonNumber::Kind::whole:
        writer_.integer(name, number.whole);
        break;
      case JsonNumber::Kind::real:
        writer_.number(name, number.real);
        break;
      case JsonNumber::Kind::decimal:
        writer_.value(name, {bson::Type::decimal128, number.decimal.data(), sizeof number.decimal});
        break;
      case JsonNumber::Kind::infinite:
        return too_large(name);
      case JsonNumber::Kind::invalid:
        return tokens_.expected("a value");
    }
    tokens_.advance();
    return true;
  }

  bool too_large(std::string_view name) {
    constexpr std::size_t most_shown = 40;
    std::string reason = "the number ";
    reason += tokens_.token().substr(0, most_shown);
    if (tokens_.token().size() > most_shown) reason += "...";
    reason += " of '";
    reason += name;
    reason += "'" + where() + " is beyond every type of number";
    return tokens_.fail(Code::decode_bad_number, reason);
  }

  // That no two names of the object that ends here are equal. Few names are compared each with each; many are
  // sorted, so that no input makes this quadratic.
  bool distinct(std::size_t first) {
    constexpr std::ptrdiff_t few = 24;
    const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(first);
    auto twice = names_.end();
    if (names_.end() - begin <= few) {
      for (auto name = begin; name != names_.end() && twice == names_.end(); ++name)
        if (std::find(begin, name, *name) != name) twice = name;
    } else {
      std::sort(begin, names_.end());
      twice = std::adjacent_find(begin, names_.end());
    }
    if (twice != names_.end())
      return tokens_.fail(Code::decode_duplicate_key,
                          "the name '" + std::string(twice->text) + "' occurs twice" + where());
    names_.erase(begin, names_.end());
    return true;
  }

  // " in 'address.coordinates'", or nothing at the top.
  [[nodiscard]] std::string where() const {
    std::string path;
    for (const std::string_view part : path_) {
      if (!path.empty()) path += '.';
      path += part.empty() ? std::string_view("[]") : part;
    }
    return path.empty() ? path : " in '" + path + "'";
  }

  JsonTokens tokens_;
  bson::Writer writer_;
  std::vector<Name> names_;             // of the objects that are open
  std::vector<std::string_view> path_;  // of objects and arrays that are open; for messages
  std::size_t keys_ = 0;
  bool extended_ = false;
  std::string kind_;
};

JsonReader::JsonReader(JsonLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Result<bson::View> JsonReader::read_plain(std::string_view json) { return impl_->read(json, false); }
Result<bson::View> JsonReader::read_extended(std::string_view json) { return impl_->read(json, true); }

}  // namespace sluice::engine
