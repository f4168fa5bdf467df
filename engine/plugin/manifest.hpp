// What a plugin says of itself, read from its file before anything of it is loaded or run. The file is not
// trusted: every offset is checked against its size, so any bytes at all give a manifest or a refusal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace sluice::engine {

struct Manifest {
  std::filesystem::path file;
  std::string name;  // the file's, without .so
  std::string version;
  std::string sdk_version;
  std::uint32_t abi_major = 0;
  std::uint32_t abi_minor = 0;
};

// plugin.refused, with the reason and what to do: no file, no ELF library, cut off or corrupt, another
// machine's, no plugin, another version of the contract, another name than its file's.
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& file);

}  // namespace sluice::engine
