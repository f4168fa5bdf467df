// What may not be shown: finds secrets in texts that are about to be printed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::engine::config {

struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Values of a line of YAML that look secret by the name of their key (password, token, …), and the user info
// of URIs. Values that only name a variable or a file, "${TOKEN}", are no secret. In order.
[[nodiscard]] std::vector<ByteRange> secret_ranges(std::string_view line);

// "mongodb://***@host/db" for "mongodb://user:password@host/db", anywhere in the text.
[[nodiscard]] std::string without_user_info(std::string_view text);

}  // namespace sluice::engine::config
