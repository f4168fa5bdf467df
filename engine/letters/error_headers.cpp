#include "letters/error_headers.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "json/reader.hpp"
#include "letters/unapplied.hpp"

namespace sluice::engine {
namespace {

using HeaderView = std::span<const std::pair<std::string, std::optional<std::string>>>;

constexpr std::string_view connect_prefix = "__connect.errors.";

// Kafka Connect's names, from its DeadLetterQueueReporter.
constexpr std::string_view connect_topic = "__connect.errors.topic";
constexpr std::string_view connect_partition = "__connect.errors.partition";
constexpr std::string_view connect_offset = "__connect.errors.offset";
constexpr std::string_view connect_connector = "__connect.errors.connector.name";
constexpr std::string_view connect_task = "__connect.errors.task.id";
constexpr std::string_view connect_stage = "__connect.errors.stage";
constexpr std::string_view connect_class = "__connect.errors.class.name";
constexpr std::string_view connect_exception = "__connect.errors.exception.class.name";
constexpr std::string_view connect_message = "__connect.errors.exception.message";
constexpr std::string_view connect_trace = "__connect.errors.exception.stacktrace";

constexpr std::string_view own_pipeline = "sluice.pipeline";
constexpr std::string_view own_code = "sluice.code";
constexpr std::string_view own_unapplied = "sluice.unapplied";
constexpr std::string_view own_event_id = "sluice.event.id";
constexpr std::string_view own_event_type = "sluice.event.type";
constexpr std::string_view own_failed_at = "sluice.failed_at";
constexpr std::string_view own_generation = "sluice.generation";
constexpr std::array own_names{own_pipeline,   own_code,      own_unapplied, own_event_id,
                               own_event_type, own_failed_at, own_generation};

// At most error_text_limit bytes, cut where a character begins.
std::string cut(std::string_view text) {
  if (text.size() <= error_text_limit) return std::string(text);
  constexpr std::string_view ellipsis = "…";
  std::size_t end = error_text_limit - ellipsis.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)).append(ellipsis);
}

bool unapplied_from_json(std::string_view json, std::vector<Unapplied>& unapplied) {
  constexpr std::string_view name = "unapplied";
  std::string object = "{\"unapplied\":";
  object.append(json).append("}");
  JsonReader reader(own_json_limits);
  const auto document = reader.read_plain(object);
  if (!document) return false;
  const auto list = document->find(name).as_document();
  return list && read_unapplied(*list, unapplied);
}

// What stands where Java has a stack: what was not applied, a line each.
std::string trace(const DeadLetter& letter) {
  std::string out = "sluice.";
  out.append(to_text(letter.code)).append(": ").append(letter.reason);
  for (const Unapplied& one : letter.unapplied) {
    out.append("\n\tat ").append(one.handler);
    if (!one.collection.empty())
      out.append(" (").append(one.collection).append(" ").append(one.document).append(")");
    if (out.size() > error_text_limit) break;
  }
  return cut(out);
}

std::string component(Code code) {
  const std::string_view text = to_text(code);
  return std::string("sluice.").append(text.substr(0, text.find('.')));
}

std::optional<std::string_view> find(HeaderView headers, std::string_view name) {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; });
  if (found == headers.end() || !found->second) return std::nullopt;
  return *found->second;
}

template <class Integer>
bool read_integer(std::optional<std::string_view> text, Integer& value) {
  if (!text) return false;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc{} && end == text->data() + text->size();
}

}  // namespace

bool is_error_header(std::string_view name) noexcept {
  return name.starts_with(connect_prefix) ||
         std::find(own_names.begin(), own_names.end(), name) != own_names.end();
}

std::vector<std::pair<std::string, std::string>> error_headers(const DeadLetter& letter) {
  std::vector<std::pair<std::string, std::string>> headers;
  headers.reserve(16);
  const auto add = [&](std::string_view name, std::string value) {
    headers.emplace_back(std::string(name), std::move(value));
  };
  add(connect_topic, letter.topic);
  add(connect_partition, std::to_string(letter.partition));
  add(connect_offset, std::to_string(letter.position.value));
  add(connect_connector, letter.pipeline);
  add(connect_task, "0");
  add(connect_stage, std::string(to_text(describe(letter.code).stage)));
  add(connect_class, component(letter.code));
  add(connect_exception, std::string("sluice.").append(to_text(letter.code)));
  add(connect_message, cut(letter.reason));
  add(connect_trace, trace(letter));
  add(own_pipeline, letter.pipeline);
  add(own_code, std::string(to_text(letter.code)));
  add(own_unapplied, unapplied_to_json(letter.unapplied));
  if (!letter.event_id.empty()) add(own_event_id, letter.event_id);
  if (!letter.event_type.empty()) add(own_event_type, letter.event_type);
  add(own_failed_at, to_text(letter.failed_at));
  if (letter.generation != 0) add(own_generation, std::to_string(letter.generation));
  return headers;
}

bool read_error_headers(HeaderView headers, DeadLetter& letter) {
  const auto topic = find(headers, connect_topic);
  const auto pipeline = find(headers, own_pipeline);
  const auto code = code_from(find(headers, own_code).value_or(""));
  const auto failed_at = parse_timestamp(find(headers, own_failed_at).value_or(""));
  if (!topic || !pipeline || !code || !failed_at) return false;
  if (!read_integer(find(headers, connect_partition), letter.partition)) return false;
  if (!read_integer(find(headers, connect_offset), letter.position.value)) return false;
  letter.generation = 0;
  const auto generation = find(headers, own_generation);
  if (generation && !read_integer(generation, letter.generation)) return false;
  letter.unapplied.clear();
  if (!unapplied_from_json(find(headers, own_unapplied).value_or("[]"), letter.unapplied)) return false;

  letter.topic = *topic;
  letter.pipeline = *pipeline;
  letter.code = *code;
  letter.failed_at = *failed_at;
  letter.reason = find(headers, connect_message).value_or("");
  letter.event_id = find(headers, own_event_id).value_or("");
  letter.event_type = find(headers, own_event_type).value_or("");
  return true;
}

}  // namespace sluice::engine
