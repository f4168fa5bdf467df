#include <sluice/plugin.hpp>
#include <string>
#include <string_view>

namespace {

// Keeps a document for each thing that was created. A handler is pure: what it does depends on the event and
// its options alone; the engine does the writing, in order, once, with retries.
class @CLASS@Created final : public sluice::Handler {
 public:
  explicit @CLASS@Created(const sluice::Options& options) : collection_(options.text("collection")) {}

  void handle(const sluice::Event& event, sluice::Changes& changes) override {
    const auto payload = event.payload();
    const auto id = payload.require<std::string_view>("id");  // missing: a dead letter that says so
    const auto name = payload.require<std::string_view>("name");
    changes.insert(collection_, id, {{"name", name}});
  }

 private:
  std::string collection_;
};

}  // namespace

SLUICE_PLUGIN("@NAME@", "0.1.0",
              sluice::handler<@CLASS@Created>("created")
                  .on("@CLASS@Created")
                  .help("keeps a document for each thing created")
                  .option(sluice::text_option("collection", "@NAME@").help("where the documents are kept")))
