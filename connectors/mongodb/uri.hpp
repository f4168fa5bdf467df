// Where MongoDB is and how it is spoken to: the user's connection string, completed by what exactly-once asks
// for.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "mongodb/handles.hpp"

namespace sluice::engine::mongodb {

struct StoreSettings {
  std::string uri;
  std::string database;
  std::string app_name = "sluice";
  milliseconds socket_timeout{30'000};
  milliseconds server_selection_timeout{5'000};
  milliseconds write_timeout{10'000};  // of the write concern
};

// Parses the connection string. What it says itself stands; where it is silent: write concern majority with
// journal and a time limit, retryable writes, and time-outs that let an outage be seen within seconds. Errors
// (configuration_invalid) show no secrets: a string that cannot be read, or a write concern of 0, under which
// nothing is ever known to be written.
[[nodiscard]] Result<UriHandle> make_uri(const StoreSettings& settings);

// The connection string for people: "mongodb://***@host/…", options that hold secrets left out.
[[nodiscard]] std::string shown_uri(std::string_view uri);

}  // namespace sluice::engine::mongodb
