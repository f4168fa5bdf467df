// The schemas that Connect's JsonConverter writes into every record of the outbox's topic, as JSON texts.
#pragma once

#include <string>

namespace sluice::kit {

[[nodiscard]] std::string value_schema();
[[nodiscard]] std::string key_schema();  // of a key that is the aggregate's id

}  // namespace sluice::kit
