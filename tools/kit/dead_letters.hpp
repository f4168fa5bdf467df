// The dead letters of a pipeline, from the file or table that it keeps them in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sluice::kit {

struct Letter {
  std::string event_id;  // empty if the record was no event
  std::int32_t partition = 0;
  std::int64_t position = 0;
  std::string code;  // "handler.rejected"
};

// Each letter once. None if there is no such file yet.
[[nodiscard]] std::vector<Letter> read_dead_letters(const std::filesystem::path& path);

}  // namespace sluice::kit
