// A dead letter as a record of its topic, and back.
#pragma once

#include "core/dead_letters.hpp"
#include "kafka/handle.hpp"

namespace sluice::engine::kafka {

// The record's own headers, without older error headers, and those of the error.
[[nodiscard]] Headers letter_headers(const DeadLetter& letter);

// False if the message is no letter of ours.
[[nodiscard]] bool read_letter(const rd_kafka_message_t& message, DeadLetter& letter);

}  // namespace sluice::engine::kafka
