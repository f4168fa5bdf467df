#include "file/record_parser.hpp"

#include <simdjson.h>

#include <string>
#include <vector>

#include "file/blocks.hpp"

namespace sluice::engine::file {

static_assert(Blocks::padding >= simdjson::SIMDJSON_PADDING);

namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::simdjson_error;

// Thrown within parse() alone, where simdjson's exceptions keep the reading of nested fields plain.
struct BadField {
  std::string reason;
};

std::string_view trimmed(std::string_view json) {
  const std::size_t last = json.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view{} : json.substr(0, last + 1);
}

}  // namespace

class RecordParser::Impl {
 public:
  [[nodiscard]] Result<void> parse(std::string_view line, char*& text, Arena& arena, Record& record) {
    text_ = text;
    headers_.clear();
    append_time_ = false;
    Result<void> result = try_parse(line, record);
    text = text_;
    record.headers = arena.copy(std::span<const Header>(headers_));
    return result;
  }

 private:
  [[nodiscard]] Result<void> try_parse(std::string_view line, Record& record) {
    try {
      ondemand::document document =
          parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING);
      if (document.type() != ondemand::json_type::object)
        return Error{Code::decode_not_json,
                     "the line is no JSON object: with format: records every line "
                     "is one, with a payload"};
      bool has_value = false;
      for (ondemand::field field : document.get_object()) has_value |= read_field(field, record);
      if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return Error{Code::decode_not_json, "the line holds more than one JSON object"};
      if (!has_value)
        return Error{Code::decode_missing_field,
                     "the line has neither payload nor value: a record has one of "
                     "them, null for a tombstone"};
      return {};
    } catch (const BadField& bad) {
      return Error{Code::decode_bad_field, bad.reason};
    } catch (const simdjson_error& error) {
      const Code code = error.error() == simdjson::UTF8_ERROR ? Code::decode_not_utf8 : Code::decode_not_json;
      return Error{code, std::string("the line is no JSON record: ") + error.what()};
    }
  }

  // Whether it was the value.
  bool read_field(ondemand::field& field, Record& record) {
    const ondemand::raw_json_string name = field.key();
    if (name == "payload" || name == "value") {
      record.value = text_of(field.value());
      return true;
    }
    if (name == "key") {
      record.key = text_of(field.value());
    } else if (name == "headers") {
      read_headers(field.value());
    } else if (name == "topic") {
      record.topic = text_of(field.value()).value_or(record.topic);
    } else if (name == "ts" || name == "timestamp") {
      read_timestamp(field.value(), record);
    } else if (name == "tstype") {
      append_time_ = text_of(field.value()).value_or("") == "logappend";
      if (record.timestamp_kind != TimestampKind::none) record.timestamp_kind = kind();
    }
    return false;
  }

  std::optional<std::string_view> text_of(ondemand::value value) {
    switch (value.type()) {
      case ondemand::json_type::null:
        return std::nullopt;
      case ondemand::json_type::string:
        return unescaped(value.get_raw_json_string());
      case ondemand::json_type::object: {
        ondemand::object object = value.get_object();
        return trimmed(object.raw_json());
      }
      case ondemand::json_type::array: {
        ondemand::array array = value.get_array();
        return trimmed(array.raw_json());
      }
      case ondemand::json_type::number:
      case ondemand::json_type::boolean:
        return trimmed(value.raw_json_token());
    }
    return std::nullopt;
  }

  // simdjson would put it into memory of its own that the next line overwrites.
  std::string_view unescaped(ondemand::raw_json_string raw) {
    auto* to = reinterpret_cast<std::uint8_t*>(text_);
    const std::string_view text = parser_.unescape(raw, to);
    text_ = reinterpret_cast<char*>(to);
    return text;
  }

  void read_headers(ondemand::value value) {
    switch (value.type()) {
      case ondemand::json_type::null:
        return;
      case ondemand::json_type::object:
        for (ondemand::field header : value.get_object()) {
          const std::string_view name = unescaped(header.key());
          headers_.push_back({name, text_of(header.value())});
        }
        return;
      case ondemand::json_type::array: {
        bool is_name = true;
        for (ondemand::value part : value.get_array()) {
          const std::optional<std::string_view> text = text_of(part);
          if (is_name)
            headers_.push_back({text.value_or(""), std::nullopt});
          else
            headers_.back().value = text;
          is_name = !is_name;
        }
        if (!is_name) throw BadField{"headers is a list of names and values, and its last name has no value"};
        return;
      }
      case ondemand::json_type::string:
      case ondemand::json_type::number:
      case ondemand::json_type::boolean:
        break;
    }
    throw BadField{"headers is neither a list of names and values nor an object"};
  }

  void read_timestamp(ondemand::value value, Record& record) {
    if (value.is_null()) return;
    if (value.type() == ondemand::json_type::number) {
      std::int64_t since_1970 = 0;
      if (value.get_int64().get(since_1970) != simdjson::SUCCESS) throw BadField{"ts is no whole number"};
      // Below zero is how kcat says that there is none; beyond is what a producer gave in nanoseconds.
      if (since_1970 < 0 || since_1970 > latest_ms) return;
      record.timestamp = Timestamp(milliseconds(since_1970));
    } else {
      const std::optional<Timestamp> time = parse_timestamp(text_of(value).value_or(""));
      if (!time) throw BadField{"timestamp is neither milliseconds since 1970 nor a time as in RFC 3339"};
      record.timestamp = *time;
    }
    record.timestamp_kind = kind();
  }

  [[nodiscard]] TimestampKind kind() const {
    return append_time_ ? TimestampKind::log_append : TimestampKind::create;
  }

  ondemand::parser parser_;
  std::vector<Header> headers_;
  char* text_ = nullptr;
  bool append_time_ = false;
};

RecordParser::RecordParser() : impl_(std::make_unique<Impl>()) {}
RecordParser::~RecordParser() = default;

Result<void> RecordParser::parse(std::string_view line, char*& text, Arena& arena, Record& record) {
  return impl_->parse(line, text, arena, record);
}

}  // namespace sluice::engine::file
