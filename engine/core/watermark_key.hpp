// The name under which a document keeps a watermark.
#pragma once

#include <string>
#include <string_view>

#include "core/record.hpp"

namespace sluice::engine {

// For (pipeline id, handler name, topic, partition): eight characters of [a-z2-7] (40 bits of the stable hash
// of the first three), '_' and the partition number: "k3vq2xha_12". Two (handler, topic) of a pipeline with
// the same eight characters would share watermarks; the pipeline checks that at its start.
[[nodiscard]] std::string watermark_key(std::string_view pipeline, std::string_view handler,
                                        const TopicPartition& partition);

}  // namespace sluice::engine
