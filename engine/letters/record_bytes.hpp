// Keys, values and headers of records in JSON and BSON: text where the bytes are UTF-8, binary where they are
// not, null where there are none. For dead letters, which must give back what came.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/bson_writer.hpp"

namespace sluice::engine {

using OwnedHeaders = std::vector<std::pair<std::string, std::optional<std::string>>>;

void write_bytes(std::string_view name, const std::optional<std::string>& bytes, bson::Writer& out);
// Nothing of null, and of any type that write_bytes does not write.
[[nodiscard]] std::optional<std::string> read_bytes(const bson::Value& value);

// A flat list of names and values, as `kcat -J` prints it; false if it is none.
void write_headers(std::string_view name, const OwnedHeaders& headers, bson::Writer& out);
[[nodiscard]] bool read_headers(const bson::Value& list, OwnedHeaders& headers);

}  // namespace sluice::engine
