// docs/configuration.md of the table of fields.
#include <string>

#include "config/fields.hpp"
#include "config/schema.hpp"

namespace sluice::engine {
namespace {

using namespace config;

constexpr std::string_view introduction = R"(# Configuration

<!-- Made by `tools/docs` (`sluice schema --markdown`); a test holds it to the code. -->

A configuration is a YAML file, or a folder of them. `sluice validate -c FILE` checks it and says what is wrong,
where, and what would be right. `sluice schema` prints the JSON Schema for editors.

```yaml
sluice: 1
pipelines:
  activity:
    source: { sqlite: { path: "${OUTBOX:-outbox.db}" } }
    decode: { outbox_row: {} }
    plugins: { activity: ">=1.0 <2" }
    routes:
      - { from: activity }
      - { otherwise: dead_letter }
    store: { sqlite: { path: documents.db } }
    dead_letters: { sqlite: { path: dead.db } }
```

**Variants.** `source`, `decode`, `store` and `dead_letters` take a mapping with one key, the connector or decoder,
whose value holds its options: `sqlite: { path: outbox.db }`.

**Substitution** happens after the YAML is parsed, in values, never in keys:

| written | stands for |
|---|---|
| `${NAME}` | the variable of the environment or of a file given with `--env-file`; unset is an error |
| `${NAME:-default}` | the same, or the default where it is unset or empty; the default may hold substitutions |
| `${file:path}` | the content of a file, without the line end at its end; never shown |
| `$$` | a dollar sign |

A value is read as what is expected, whether it stands in quotes or not: `"${BATCH_SIZE:-1000}"` is a number where a
number is expected.

**Units.** Durations are a number with `us`, `ms`, `s`, `m`, `h` or `d` (`20ms`, `1.5s`). Sizes are bytes, or a number
with `kB`, `MB`, `GB`, `TB` (thousands) or `KiB`, `MiB`, `GiB`, `TiB` (1024) (`4MiB`).

**Paths** are relative to the folder of the file they stand in.

**Repetition.** Anchors, aliases and merge keys (`<<: *defaults`) work; keys of the file that begin with `x-` are free
to hold them. A key that stands twice is an error.
)";

std::string_view type_name(OptionType type) {
  switch (type) {
    case OptionType::text:
      return "text";
    case OptionType::boolean:
      return "true or false";
    case OptionType::integer:
      return "whole number";
    case OptionType::number:
      return "number";
    case OptionType::duration:
      return "duration";
    case OptionType::bytes:
      return "size";
    case OptionType::path:
      return "path";
    case OptionType::texts:
      return "list of texts, or one";
    case OptionType::map:
      return "mapping";
  }
  return "";
}

std::string link(std::string_view heading, std::string_view text) {
  std::string anchor;
  for (const char c : heading)
    anchor += c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return '[' + std::string(text) + "](#" + anchor + ')';
}

std::string code(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string amount(const OptionSpec& spec, std::int64_t value) {
  if (spec.type == OptionType::duration) return duration_to_text(microseconds(value));
  if (spec.type == OptionType::bytes) return bytes_to_text(value);
  return std::to_string(value);
}

std::string value_column(const OptionSpec& spec) {
  if (!spec.choices.empty()) {
    std::string text;
    for (const std::string& choice : spec.choices) text += (text.empty() ? "" : ", ") + code(choice);
    return text;
  }
  std::string text(type_name(spec.type));
  if (spec.minimum && spec.minimum == spec.maximum)
    text = amount(spec, *spec.minimum);
  else if (spec.minimum && spec.maximum)
    text += ", " + amount(spec, *spec.minimum) + " to " + amount(spec, *spec.maximum);
  else if (spec.minimum && *spec.minimum > 0)
    text += ", at least " + amount(spec, *spec.minimum);
  return text;
}

std::string_view heading_of(std::string_view role) {
  if (role == "source") return "Sources";
  if (role == "decode") return "Decoders";
  if (role == "store") return "Stores";
  if (role == "dead_letters") return "Dead letters";
  return section(role).title;
}

std::string_view plural_of(std::string_view role) {
  if (role == "source") return "sources";
  if (role == "decode") return "decoders";
  if (role == "store") return "stores";
  return "places for dead letters";
}

std::string shape_column(const Field& field) {
  switch (field.shape) {
    case Shape::value:
      return value_column(field.spec);
    case Shape::section:
      return link(heading_of(field.of), "mapping") + (field.off ? ", or `off`" : "");
    case Shape::named:
      return "names, each with a " + link(heading_of(field.of), field.of);
    case Shape::list:
      return "list of " +
             link(heading_of(field.of), std::string(field.of) + (field.of == "index" ? "es" : "s"));
    case Shape::variant:
      return "one of the " + link(heading_of(field.of), plural_of(field.of));
    case Shape::options:
      return "mapping";
    case Shape::versions:
      return "plugins, each with versions";
    case Shape::keys:
      return "mapping";
  }
  return "";
}

std::string default_column(const OptionSpec& spec, std::string_view shown, bool value) {
  if (!spec.fallback) return "**required**";
  if (!shown.empty()) return std::string(shown);
  if (!value || spec.fallback->empty() || *spec.fallback == "[]" || *spec.fallback == "{}") return "";
  return code(*spec.fallback);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

void row(std::string& out, const OptionSpec& spec, const std::string& value, const std::string& fallback,
         std::string_view example) {
  out += "| " + code(spec.name) + " | " + escaped(value) + " | " + escaped(fallback) + " | " +
         escaped(spec.help);
  if (spec.secret) out += " (secret: never shown)";
  if (!example.empty()) out += ": " + code(escaped(example));
  out += " |\n";
}

constexpr std::string_view table_head = "| key | value | default | meaning |\n|---|---|---|---|\n";

void write_section(std::string& out, const Section& section) {
  out += "\n## " + std::string(section.title) + "\n\n";
  if (!section.help.empty()) out += std::string(section.help) + "\n\n";
  out += table_head;
  for (const Field& field : section.fields)
    row(out, field.spec, shape_column(field),
        default_column(field.spec, field.shown_default, field.shape == Shape::value), field.example);
}

void write_variants(std::string& out, std::string_view role, const std::vector<VariantSpec>& variants) {
  out += "\n## " + std::string(heading_of(role)) + '\n';
  for (const VariantSpec& variant : variants) {
    out += "\n### " + std::string(role) + ": " + std::string(variant.name) + "\n\n" +
           std::string(variant.help) + "\n";
    if (variant.options.empty()) {
      out += "\nIt takes no options.\n";
      continue;
    }
    out += '\n' + std::string(table_head);
    for (const OptionSpec& spec : variant.options)
      row(out, spec, value_column(spec), default_column(spec, {}, true), {});
  }
}

}  // namespace

std::string reference_markdown(const Vocabulary& vocabulary) {
  std::string out(introduction);
  for (const Section& each : sections()) write_section(out, each);
  write_variants(out, "source", vocabulary.sources);
  write_variants(out, "decode", vocabulary.decoders);
  write_variants(out, "store", vocabulary.stores);
  write_variants(out, "dead_letters", vocabulary.dead_letters);
  return out;
}

}  // namespace sluice::engine
