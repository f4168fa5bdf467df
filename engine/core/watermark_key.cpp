#include "core/watermark_key.hpp"

#include "base/hash.hpp"

namespace sluice::engine {

std::string watermark_key(std::string_view pipeline, std::string_view handler,
                          const TopicPartition& partition) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr int characters = 8;
  std::uint64_t hash = stable_hash(partition.topic, stable_hash(handler, stable_hash(pipeline)));
  std::string key;
  for (int i = 0; i < characters; ++i, hash >>= 5U) key += alphabet[hash & 31U];
  return key + '_' + std::to_string(partition.partition);
}

}  // namespace sluice::engine
