// A payload as a document, written by hand: what the loop does to the JSON of an event.
#pragma once

#include <bson/bson.h>
#include <simdjson.h>

// Appends every field of an object. False if it is no such thing.
[[nodiscard]] bool append_fields(simdjson::ondemand::object object, bson_t& to);
