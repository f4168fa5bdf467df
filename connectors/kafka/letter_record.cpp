#include "kafka/letter_record.hpp"

#include "kafka/record.hpp"
#include "letters/error_headers.hpp"

namespace sluice::engine::kafka {
namespace {

void add(rd_kafka_headers_t* headers, std::string_view name, const std::optional<std::string_view>& value) {
  const auto error =
      rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()),
                          value ? value->data() : nullptr, value ? static_cast<ssize_t>(value->size()) : 0);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::bad_alloc();  // headers of our own can be written
}

}  // namespace

Headers letter_headers(const DeadLetter& letter) {
  const auto errors = error_headers(letter);
  Headers headers(rd_kafka_headers_new(letter.headers.size() + errors.size()));
  for (const auto& [name, value] : letter.headers)
    if (!is_error_header(name)) add(headers.get(), name, value);
  for (const auto& [name, value] : errors) add(headers.get(), name, value);
  return headers;
}

bool read_letter(const rd_kafka_message_t& message, DeadLetter& letter) {
  Arena arena;
  Record record;
  fill(record, message, arena);
  const auto owned = [](const std::optional<std::string_view>& bytes) {
    return bytes ? std::optional<std::string>(*bytes) : std::nullopt;
  };
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  for (const Header& header : record.headers)
    headers.emplace_back(std::string(header.name), owned(header.value));
  if (!read_error_headers(headers, letter)) return false;
  std::erase_if(headers, [](const auto& header) { return is_error_header(header.first); });
  letter.headers = std::move(headers);
  letter.key = owned(record.key);
  letter.value = owned(record.value);
  letter.timestamp = record.timestamp;
  return true;
}

}  // namespace sluice::engine::kafka
