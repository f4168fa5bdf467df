// The dead letters of a pipeline, from the file, table or topic that it keeps them in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::kit {

struct Letter {
  std::string event_id;  // empty if the record was no event
  std::int32_t partition = 0;
  std::int64_t position = 0;
  std::string code;  // "handler.rejected"
};

// From a file, of SQLite or of lines as the engine or `kcat -J` writes them, or from kafka://BROKERS/TOPIC.
// Each letter once. None if there is no such file or topic yet. Throws std::runtime_error when they cannot be
// read.
[[nodiscard]] std::vector<Letter> read_dead_letters(const std::string& where);

// What a header of a letter says, if it is one that counts.
void take_header(Letter& letter, std::string_view name, std::string_view value);
// The id that Debezium's envelope has, for a record that was refused before its id was known.
void take_id_of_envelope(Letter& letter, std::string_view value);

// kafka_letters.cpp. Every letter from the beginning of the topic to what is its end now.
void read_letters_of_topic(const std::string& brokers, const std::string& topic,
                           const std::function<void(const Letter&)>& visit);

}  // namespace sluice::kit
