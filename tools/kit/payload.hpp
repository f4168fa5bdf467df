// The payloads of the reference system's events, shaped and ordered as PostgreSQL prints its jsonb.
#pragma once

#include <string>

#include "kit/random.hpp"
#include "kit/uuid.hpp"

namespace sluice::kit {

// Each appends one JSON object.
void append_user(std::string& out, Random& random, const Uuid& user);
void append_activity(std::string& out, Random& random, const Uuid& activity, const Uuid& creator);
void append_participation(std::string& out, Random& random, const Uuid& activity, const Uuid& user);

}  // namespace sluice::kit
