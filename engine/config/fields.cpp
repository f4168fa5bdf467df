#include "config/fields.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

#include "config/pipeline_fields.hpp"

namespace sluice::engine::config {
namespace {

using enum OptionType;

Section file_section() {
  return {"file",
          "The file",
          "A file holds one or more pipelines. With a folder, all its *.yaml and *.yml files count as one "
          "configuration. Keys that begin with x- are free, for anchors.",
          {
              {.spec = {.name = "sluice",
                        .type = integer,
                        .help = "the version of the format",
                        .minimum = 1,
                        .maximum = 1}},
              {.spec = {.name = "engine",
                        .fallback = "",
                        .help = "what all pipelines of the process share; in one file of a folder only"},
               .shape = Shape::section,
               .of = "engine"},
              {.spec = {.name = "pipelines", .help = "the pipelines by their names"},
               .shape = Shape::named,
               .of = "pipeline"},
          }};
}

Section engine_section() {
  return {
      "engine",
      "Engine",
      "",
      {
          {.spec =
               {.name = "plugin_path",
                .type = texts,
                .fallback = "[]",
                .help =
                    "folders in which plugins are looked for, after --plugin-path, before the environment's "
                    "SLUICE_PLUGIN_PATH and the installed folder"},
           .example = "[../plugins]"},
          {.spec =
               {.name = "on_failure",
                .fallback = "exit",
                .help =
                    "when no pipeline is left running, the process ends, or stays so that its state can be "
                    "looked at",
                .choices = {"exit", "keep"}}},
          {.spec = {.name = "state",
                    .type = path,
                    .fallback = "./sluice-state.db",
                    .help = "the file that remembers positions for pipelines whose store cannot"}},
          {.spec = {.name = "admin",
                    .fallback = "",
                    .help = "the endpoint that tells programs and people how the engine is: /livez, /readyz, "
                            "/status, /metrics"},
           .shape = Shape::section,
           .of = "admin",
           .shown_default = "no endpoint"},
          {.spec = {.name = "stall_after",
                    .type = duration,
                    .fallback = "60s",
                    .help = "a partition or writer that has work and makes no progress for so long is named, "
                            "and the engine is not ready",
                    .minimum = 100'000}},
          {.spec = {.name = "log", .fallback = "", .help = "what is logged"},
           .shape = Shape::section,
           .of = "log"},
      }};
}

Section admin_section() {
  return {"admin",
          "Admin",
          "Plain HTTP, for this machine unless told otherwise; --admin HOST:PORT comes first.",
          {
              {.spec = {.name = "listen",
                        .fallback = "127.0.0.1:8083",
                        .help = "host and port; port 0 is a free one, which the log names. An address that "
                                "others can reach needs a token"}},
              {.spec = {.name = "token",
                        .fallback = "",
                        .help = "what requests must carry, as `Authorization: Bearer TOKEN`",
                        .secret = true},
               .example = "${file:/run/secrets/sluice-token}"},
          }};
}

Section log_section() {
  return {"log",
          "Log",
          "",
          {
              {.spec = {.name = "level",
                        .fallback = "info",
                        .help = "the least important messages that are logged",
                        .choices = {"debug", "info", "warning", "error", "off"}}},
          }};
}

}  // namespace

const Field& Section::field(std::string_view wanted) const {
  for (const Field& field : fields)
    if (field.spec.name == wanted) return field;
  throw std::logic_error("no field " + std::string(wanted) + " in the section " + std::string(name));
}

std::span<const Section> sections() {
  static const std::vector<Section> table = [] {
    std::vector<Section> all{file_section(), engine_section(), admin_section(), log_section()};
    std::ranges::move(pipeline_sections(), std::back_inserter(all));
    return all;
  }();
  return table;
}

const Section& section(std::string_view name) {
  for (const Section& section : sections())
    if (section.name == name) return section;
  throw std::logic_error("no section " + std::string(name));
}

}  // namespace sluice::engine::config
