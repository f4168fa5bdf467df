#include "core/hash.hpp"
#include "core/source.hpp"

namespace sluice::engine {

std::uint64_t record_checksum(const Record& record) noexcept {
  constexpr std::size_t looked_at = 256;
  const std::string_view value = record.value.value_or("");
  const std::uint64_t hash =
      stable_hash(value.substr(0, looked_at), stable_hash(record.key.value_or(""), value.size()));
  return hash == 0 ? 1 : hash;  // 0 means unknown
}

}  // namespace sluice::engine
