#include "decode/limits.hpp"

#include <utility>

namespace sluice::engine {

std::vector<OptionSpec> with_limits(std::vector<OptionSpec> own) {
  own.push_back({.name = "max_bytes",
                 .type = OptionType::bytes,
                 .fallback = "16MiB",
                 .help = "A record with a larger value is a dead letter (decode.too_large)",
                 .minimum = 1,
                 .maximum = std::int64_t{128} << 20U});
  own.push_back({.name = "max_depth",
                 .type = OptionType::integer,
                 .fallback = "100",
                 .help = "A payload nested deeper is refused (decode.too_deep); stores take 100",
                 .minimum = 1,
                 .maximum = 900});
  own.push_back({.name = "max_keys",
                 .type = OptionType::integer,
                 .fallback = "100000",
                 .help = "A payload with more names in all its objects is refused (decode.too_many_keys)",
                 .minimum = 1,
                 .maximum = 100'000'000});
  return own;
}

JsonLimits payload_limits(const Options& options) {
  return {.bytes = static_cast<std::size_t>(options.bytes("max_bytes")),
          .depth = static_cast<int>(options.integer("max_depth")),
          .keys = static_cast<std::size_t>(options.integer("max_keys"))};
}

JsonLimits envelope_limits(const Options& options) {
  constexpr int envelope_depth = 16;
  JsonLimits limits = payload_limits(options);
  limits.depth += envelope_depth;
  return limits;
}

}  // namespace sluice::engine
