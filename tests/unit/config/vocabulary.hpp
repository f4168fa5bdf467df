// A vocabulary small enough to know by heart.
#pragma once

#include "config/vocabulary.hpp"

namespace sluice::engine {

[[nodiscard]] inline Vocabulary small_vocabulary() {
  static const std::vector<OptionSpec> kafka{
      {.name = "brokers", .help = "host:port, several with commas"},
      {.name = "topics", .type = OptionType::texts, .help = "what is read"},
      {.name = "group", .fallback = "sluice", .help = "the consumer group"},
      {.name = "password", .fallback = "", .help = "of the user", .secret = true},
      {.name = "client", .type = OptionType::map, .fallback = "{}", .help = "further settings of the client"},
  };
  static const std::vector<OptionSpec> sqlite{
      {.name = "path", .type = OptionType::path, .help = "the database"},
      {.name = "table", .fallback = "event_outbox", .help = "the outbox"},
      {.name = "poll",
       .type = OptionType::duration,
       .fallback = "5ms",
       .help = "the pause of an idle source"},
  };
  static const std::vector<OptionSpec> database{
      {.name = "path", .type = OptionType::path, .help = "the database"},
      {.name = "cache",
       .type = OptionType::bytes,
       .fallback = "8MiB",
       .help = "memory for pages",
       .minimum = 4096},
  };
  static const std::vector<OptionSpec> mongodb{
      {.name = "uri", .fallback = "mongodb://localhost:27017", .help = "where the servers are"},
      {.name = "database", .help = "which of its databases"},
      {.name = "mode", .fallback = "majority", .help = "which writes count", .choices = {"majority", "one"}},
  };
  static const std::vector<OptionSpec> envelope{
      {.name = "on_update",
       .fallback = "warn",
       .help = "what an updated row is",
       .choices = {"warn", "error", "fatal"}},
      {.name = "headers",
       .type = OptionType::boolean,
       .fallback = "true",
       .help = "whether headers are read"},
  };
  return {
      .sources = {{"kafka", "topics of Kafka", kafka}, {"sqlite", "an outbox in SQLite", sqlite}},
      .stores = {{"mongodb", "collections of MongoDB", mongodb}, {"sqlite", "documents in SQLite", database}},
      .dead_letters = {{"sqlite", "a table in SQLite", database}},
      .decoders = {{"debezium_outbox", "outbox rows by Debezium", envelope},
                   {"plain", "the value itself", {}}},
  };
}

}  // namespace sluice::engine
