// A file that always holds one whole status: written beside it and renamed over it.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace sluice::engine {

class StatusFile {
 public:
  explicit StatusFile(std::filesystem::path path);

  // Not made durable: after a crash of the machine nobody asks for a status.
  [[nodiscard]] Result<void> write(std::string_view text) const;

 private:
  std::filesystem::path path_;
  std::filesystem::path beside_;
};

}  // namespace sluice::engine
