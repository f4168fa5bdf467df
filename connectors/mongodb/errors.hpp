// What an error of MongoDB means for a write. Codes and names are those of MongoDB's error_codes.yml
// (https://www.mongodb.com/docs/manual/reference/error-codes/).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice::engine::mongodb {

enum class Fault : std::uint8_t {
  transient,  // passes by itself; whether anything was written is unknown
  closed,     // the connection was closed before the answer came: transient, or the message was too large
  document,   // this document or change, now and always
  duplicate,  // a unique index, perhaps that of _id
  fatal,      // rights, credentials or the deployment: a person must act
  unknown,    // a code that is in no table
};

struct CodeRow {
  std::int32_t code;
  std::string_view name;
  Fault fault;
};
// Ordered by code.
[[nodiscard]] std::span<const CodeRow> error_table() noexcept;

// Of a code that a server sent.
[[nodiscard]] Fault fault_of(std::int32_t code) noexcept;

// A command that failed as a whole. `domain` as libmongoc has it; 0 for an error within a reply.
struct Failure {
  std::uint32_t domain = 0;
  std::int32_t code = 0;
  std::string message{};
  bool retryable = false;  // the server put a label on it that says so, or may let us in later
};
// Whether we were not let in, or the connection broke before we were.
[[nodiscard]] bool is_refusal(const Failure& failure) noexcept;
[[nodiscard]] Fault fault_of(const Failure& failure) noexcept;

// An error for people: code by name and number, and what MongoDB says.
[[nodiscard]] std::string describe(const Failure& failure);
// store.fatal, or store.unavailable for all that may pass.
[[nodiscard]] Error to_error(const Failure& failure, std::string_view doing);

}  // namespace sluice::engine::mongodb
