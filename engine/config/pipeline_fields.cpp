#include "config/pipeline_fields.hpp"

#include "core/sequence.hpp"

namespace sluice::engine::config {
namespace {

using enum OptionType;

constexpr std::int64_t many = 1'000'000'000;

Section pipeline_section() {
  return {
      "pipeline",
      "Pipeline",
      "From one source through handlers to one store.",
      {
          {.spec = {.name = "id",
                    .fallback = "",
                    .help = "under which positions, watermarks and dead letters are kept; another id is "
                            "another pipeline, "
                            "which begins anew"},
           .shown_default = "the pipeline's name"},
          {.spec = {.name = "generation",
                    .type = integer,
                    .fallback = "0",
                    .help = "a greater number makes every event count anew and shuts out writers of the "
                            "older one: for "
                            "collections that are rebuilt",
                    .minimum = 0,
                    .maximum = Sequence::max_generation}},
          {.spec = {.name = "share",
                    .fallback = "",
                    .help = "the part of every partition that this instance applies"},
           .shape = Shape::section,
           .of = "share",
           .shown_default = "all"},
          {.spec = {.name = "source", .help = "where records come from"},
           .shape = Shape::variant,
           .of = "source",
           .example = "{ sqlite: { path: outbox.db } }"},
          {.spec = {.name = "decode", .fallback = "", .help = "how a record becomes an event"},
           .shape = Shape::variant,
           .of = "decode",
           .shown_default = "outbox_row of an sqlite source; else required",
           .example = "{ debezium_outbox: {} }"},
          {.spec = {.name = "plugins",
                    .fallback = "",
                    .help = "the plugins that handlers come from, each with the versions that fit"},
           .shape = Shape::versions,
           .example = "{ activity: \">=1.0 <2\" }"},
          {.spec = {.name = "handlers",
                    .fallback = "",
                    .help = "named instances of the plugins' handlers and sinks; one without options needs "
                            "no entry, routes "
                            "name it plugin.component"},
           .shape = Shape::named,
           .of = "handler"},
          {.spec =
               {.name = "routes",
                .help =
                    "which events go to which handlers; the first route that has an event's type takes it"},
           .shape = Shape::list,
           .of = "route"},
          {.spec = {.name = "store",
                    .fallback = "",
                    .help = "where documents live; needed as soon as a handler writes"},
           .shape = Shape::variant,
           .of = "store",
           .example = "{ sqlite: { path: documents.db } }"},
          {.spec = {.name = "collections",
                    .fallback = "",
                    .help = "settings of collections, by the names that handlers use"},
           .shape = Shape::named,
           .of = "collection"},
          {.spec = {.name = "dead_letters",
                    .fallback = "",
                    .help = "where events go that cannot be applied; without it the first of them stops the "
                            "pipeline"},
           .shape = Shape::variant,
           .of = "dead_letters",
           .example = "{ sqlite: { path: dead.db } }"},
          {.spec = {.name = "batch", .fallback = "", .help = "how much is written at once"},
           .shape = Shape::section,
           .of = "batch"},
          {.spec = {.name = "workers",
                    .type = integer,
                    .fallback = "1",
                    .help = "threads that decode and call handlers",
                    .minimum = 1,
                    .maximum = 256}},
          {.spec = {.name = "writers",
                    .type = integer,
                    .fallback = "4",
                    .help =
                        "sessions that write to the store at the same time; at most what the store can have",
                    .minimum = 1,
                    .maximum = 1024}},
          {.spec = {.name = "retry",
                    .fallback = "",
                    .help = "the pauses while the store is out of reach; there is no last try"},
           .shape = Shape::section,
           .of = "retry"},
          {.spec = {.name = "wait", .fallback = "", .help = "changes that wait for their document"},
           .shape = Shape::section,
           .of = "wait"},
          {.spec = {.name = "breaker",
                    .fallback = "",
                    .help = "stops the pipeline when too many events become dead letters; or off"},
           .shape = Shape::section,
           .of = "breaker",
           .off = true},
          {.spec = {.name = "limits",
                    .fallback = "",
                    .help = "what may be unfinished at a time; reading pauses beyond it"},
           .shape = Shape::section,
           .of = "limits"},
          {.spec = {.name = "commit_interval",
                    .type = duration,
                    .fallback = "1s",
                    .help = "how often the safe position is kept",
                    .minimum = 1'000}},
          {.spec = {.name = "shutdown_timeout",
                    .type = duration,
                    .fallback = "30s",
                    .help = "how long a stopping pipeline may take to finish what is in flight"}},
          {.spec = {.name = "metrics_file",
                    .type = path,
                    .fallback = "",
                    .help = "a file to which a line of JSON with its times is added for every event"},
           .shown_default = "none"},
      }};
}

Section share_section() {
  return {
      "share",
      "Share",
      "Several instances over one partition: each reads all of it and applies the documents that fall to it.",
      {
          {.spec = {.name = "index",
                    .type = integer,
                    .help = "this instance, from 0",
                    .minimum = 0,
                    .maximum = 9'999}},
          {.spec = {.name = "of",
                    .type = integer,
                    .help = "how many there are",
                    .minimum = 1,
                    .maximum = 10'000}},
      }};
}

Section handler_section() {
  return {"handler",
          "Handler or sink",
          "An instance of a plugin's component. A handler turns events into changes of documents; a sink "
          "delivers "
          "them itself.",
          {
              {.spec = {.name = "use", .help = "the component, as plugin.component"},
               .example = "activity.user_statistics"},
              {.spec = {.name = "options",
                        .fallback = "",
                        .help = "what the component declares; see `sluice plugins inspect`"},
               .shape = Shape::options},
              {.spec = {.name = "writers",
                        .type = integer,
                        .fallback = "4",
                        .help = "of a sink: deliveries at the same time",
                        .minimum = 1,
                        .maximum = 1024}},
              {.spec = {.name = "batch", .fallback = "", .help = "of a sink: how much is delivered at once"},
               .shape = Shape::section,
               .of = "batch",
               .shown_default = "the pipeline's"},
              {.spec = {.name = "retry",
                        .fallback = "",
                        .help = "of a sink: the pauses while its target is out of reach"},
               .shape = Shape::section,
               .of = "retry",
               .shown_default = "the pipeline's"},
              {.spec = {.name = "wait",
                        .fallback = "",
                        .help = "of a handler: changes that wait for their document"},
               .shape = Shape::section,
               .of = "wait",
               .shown_default = "the pipeline's"},
          }};
}

Section route_section() {
  return {
      "route",
      "Route",
      "One of three forms: `{ on: types, to: handlers }`, `{ from: plugin }`, and last `{ otherwise: … }`.",
      {
          {.spec = {.name = "on",
                    .type = texts,
                    .fallback = "",
                    .help = "an event type, a list of them, or \"*\" for any"},
           .example = "[UserCreated, UserRenamed]"},
          {.spec =
               {.name = "to",
                .type = texts,
                .fallback = "",
                .help =
                    "handlers, by their entries' names or as plugin.component; an empty list takes the event "
                    "and ignores it"},
           .example = "[activity.user_created, stats]"},
          {.spec = {.name = "from",
                    .fallback = "",
                    .help = "a plugin: every event type that its components are for goes to them"}},
          {.spec = {.name = "otherwise",
                    .fallback = "",
                    .help = "what becomes of events that no route takes",
                    .choices = {"dead_letter", "ignore", "stop"}},
           .shown_default = "dead_letter"},
      }};
}

Section collection_section() {
  return {
      "collection",
      "Collection",
      "",
      {
          {.spec = {.name = "name", .fallback = "", .help = "as the store calls it"},
           .shown_default = "as handlers call it"},
          {.spec = {.name = "indexes", .fallback = "", .help = "made at the start if they are missing"},
           .shape = Shape::list,
           .of = "index"},
          {.spec = {.name = "remove",
                    .fallback = "delete",
                    .help =
                        "what removing a document leaves: nothing, or a tombstone that keeps its watermarks, "
                        "which is exact under every fault",
                    .choices = {"delete", "tombstone"}}},
      }};
}

Section index_section() {
  return {"index",
          "Index",
          "",
          {
              {.spec = {.name = "keys",
                        .help = "paths in their order, each with 1 (ascending) or -1 (descending)"},
               .shape = Shape::keys,
               .example = "{ email: 1 }"},
              {.spec = {.name = "unique",
                        .type = boolean,
                        .fallback = "false",
                        .help = "no two documents may have the same keys"}},
          }};
}

Section batch_section() {
  return {"batch",
          "Batch",
          "An idle writer gets what is ready at once; batches grow while writers are busy.",
          {
              {.spec = {.name = "events",
                        .type = integer,
                        .fallback = "1000",
                        .help = "the most documents, or events of a sink, in a batch",
                        .minimum = 1,
                        .maximum = 1'000'000}},
              {.spec = {.name = "bytes",
                        .type = OptionType::bytes,
                        .fallback = "4MiB",
                        .help = "the most bytes in a batch; a single larger change goes alone",
                        .minimum = 1024,
                        .maximum = many}},
              {.spec = {.name = "linger",
                        .type = duration,
                        .fallback = "0ms",
                        .help = "how long a batch may wait to grow while a writer is idle",
                        .minimum = 0,
                        .maximum = 60'000'000}},
          }};
}

Section retry_section() {
  return {"retry",
          "Retry",
          "The pause doubles from the first to the longest, with some chance in it.",
          {
              {.spec = {.name = "initial",
                        .type = duration,
                        .fallback = "100ms",
                        .help = "the first pause",
                        .minimum = 1'000}},
              {.spec = {.name = "max",
                        .type = duration,
                        .fallback = "30s",
                        .help = "the longest pause",
                        .minimum = 1'000}},
          }};
}

Section wait_section() {
  return {"wait",
          "Wait",
          "",
          {
              {.spec = {.name = "for",
                        .type = duration,
                        .fallback = "2m",
                        .help = "afterwards the event becomes a dead letter"}},
          }};
}

Section breaker_section() {
  return {"breaker",
          "Breaker",
          "A pipeline that it stopped stays stopped over restarts, until `sluice resume` or another version "
          "of a plugin "
          "or of the configuration.",
          {
              {.spec = {.name = "ratio",
                        .type = number,
                        .fallback = "0.5",
                        .help = "the part of events, above 0 to 1, that as dead letters opens it"}},
              {.spec = {.name = "window",
                        .type = integer,
                        .fallback = "100",
                        .help = "the number of latest events looked at",
                        .minimum = 1,
                        .maximum = 1'000'000}},
          }};
}

Section limits_section() {
  return {"limits",
          "Limits",
          "",
          {
              {.spec = {.name = "events",
                        .type = integer,
                        .fallback = "5000",
                        .help = "events",
                        .minimum = 1,
                        .maximum = many}},
              {.spec = {.name = "bytes",
                        .type = OptionType::bytes,
                        .fallback = "8MiB",
                        .help = "their bytes",
                        .minimum = 1024}},
              {.spec = {.name = "distance",
                        .type = integer,
                        .fallback = "1000000",
                        .help = "records of a partition from its oldest unfinished one on",
                        .minimum = 1}},
          }};
}

}  // namespace

std::vector<Section> pipeline_sections() {
  return {
      pipeline_section(),   share_section(),   handler_section(), route_section(),
      collection_section(), index_section(),   batch_section(),   retry_section(),
      wait_section(),       breaker_section(), limits_section(),
  };
}

}  // namespace sluice::engine::config
