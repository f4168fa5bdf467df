#include "errors_page/errors_page.hpp"

#include "base/code.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view introduction = R"(# Error codes

The one vocabulary of dead letters, metrics, logs and the command line; a code once released keeps its text. The stage is
what the header `__connect.errors.stage` of a dead letter says, in the words of Kafka Connect.

What becomes of an error is in what it is about:

- `decode.…`, `route.no_match`, `handler.…`, `store.refused`, `store.conflict`, `sink.refused`, `wait.expired`: of one
  event, which becomes a dead letter with this code; everything else goes on.
- `….unavailable`: something is out of reach. It is tried again until it answers, with growing pauses; positions wait, and
  nothing becomes a dead letter.
- `….fatal`, `source.recreated`, `route.stop`, `breaker.open`, `plugin.refused`, `configuration.invalid`: the pipeline stops,
  and says why.

Made by `tools/docs` from engine/base/code.cpp; a test holds both equal.

| code | stage | meaning |
|---|---|---|
)";

}  // namespace

std::string errors_page() {
  std::string page(introduction);
  for (const CodeInfo& info : all_codes())
    page.append("| `")
        .append(info.text)
        .append("` | ")
        .append(to_text(info.stage))
        .append(" | ")
        .append(info.meaning)
        .append(" |\n");
  return page;
}

}  // namespace sluice::engine
