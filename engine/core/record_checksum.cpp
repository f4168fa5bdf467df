#include "base/hash.hpp"
#include "core/source.hpp"

namespace sluice::engine {

std::uint64_t record_checksum(const Record& record) noexcept {
  const auto timestamp = static_cast<std::uint64_t>(record.timestamp.time_since_epoch().count());
  const std::uint64_t key = stable_hash(record.key.value_or(""), timestamp);
  const std::uint64_t hash = stable_hash(record.value.value_or(""), key);
  return hash == 0 ? 1 : hash;  // 0 means that there is none
}

}  // namespace sluice::engine
