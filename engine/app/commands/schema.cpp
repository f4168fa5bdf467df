// sluice schema: what a configuration may say, for editors and for people.
#include "config/schema.hpp"

#include "app/commands/commands.hpp"
#include "app/output.hpp"
#include "assembly/connectors.hpp"

namespace sluice::engine {

void add_schema(CLI::App& app, Invocation&, Action& action) {
  CLI::App* command = add_command(app, "schema",
                                  "Print the JSON Schema of the configuration.\n"
                                  "Editors that know it complete keys and mark mistakes while you type.",
                                  "sluice schema > sluice.schema.json\n"
                                  "  # first line of your YAML, for editors with a YAML language server:\n"
                                  "  # yaml-language-server: $schema=sluice.schema.json");
  auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown,
                    "Print the reference for people instead (docs/configuration.md)");
  command->callback([&action, markdown] {
    action = [markdown] {
      std::string text = *markdown ? reference_markdown(vocabulary()) : json_schema(vocabulary());
      while (text.ends_with('\n')) text.pop_back();
      print_line(text);
      return ExitCode::fine;
    };
  });
}

}  // namespace sluice::engine
