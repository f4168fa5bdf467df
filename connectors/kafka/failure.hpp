// What an error of librdkafka means for a pipeline: out of reach, which may pass, or never going to work.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

enum class Gravity : std::uint8_t {
  passing,  // the client tries again by itself
  fatal,    // until a person has changed something
};

[[nodiscard]] Gravity gravity(rd_kafka_resp_err_t error) noexcept;

// What an error of a connection is at bottom: a broker that refuses our certificate does so when for us the
// handshake is over, and the client takes it for a connection that broke (librdkafka 2.0.2).
[[nodiscard]] rd_kafka_resp_err_t cause_of(rd_kafka_resp_err_t error, std::string_view reason) noexcept;

// Only of credentials and certificates: what is fatal at the start, but may pass while a broker restarts.
[[nodiscard]] bool is_authentication(rd_kafka_resp_err_t error) noexcept;

// What a person can do about it; empty where there is nothing to say.
[[nodiscard]] std::string_view advice(rd_kafka_resp_err_t error) noexcept;

// "WHAT: REASON; ADVICE". The reason is the client's own words, or those for the code where it has none.
[[nodiscard]] std::string explain(std::string_view what, rd_kafka_resp_err_t error, std::string_view reason);

// source.unavailable or source.fatal, by gravity.
[[nodiscard]] Error source_error(std::string_view what, rd_kafka_resp_err_t error,
                                 std::string_view reason = {});
// dead_letters.unavailable or configuration.invalid, by gravity.
[[nodiscard]] Error letters_error(std::string_view what, rd_kafka_resp_err_t error,
                                  std::string_view reason = {});

}  // namespace sluice::engine::kafka
