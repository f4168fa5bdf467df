// Nothing is wrong with this one: what the others are measured against.
#include "sluice/plugin.hpp"
namespace {

class Greeting final : public sluice::Handler {
 public:
  explicit Greeting(const sluice::Options& options)
      : word_(options.text("word")), times_(options.integer("times")), log_(options.log()) {
    log_.info("made with " + word_);
  }
  void handle(const sluice::Event& event, sluice::Changes& changes) override {
    const auto name = event.payload().require<std::string_view>("name");
    changes.patch("greetings", event.id()).set("text", word_ + ", " + std::string(name)).inc("times", times_);
  }

 private:
  std::string word_;
  std::int64_t times_;
  sluice::Log log_;
};

class Echo final : public sluice::Sink {
  void deliver(std::span<sluice::Delivery> batch) override {
    for (sluice::Delivery& delivery : batch) {
      const auto& event = delivery.event();
      if (event.type() == "Readable" && !event.payload().has("name")) continue;
      if (event.type() == "Rejected") {
        delivery.reject("never");
      } else if (event.type() != "Retried") {
        delivery.done();
      }
    }
  }
};

}  // namespace
SLUICE_PLUGIN("good", "1.2.3",
              sluice::handler<Greeting>("greeting")
                  .on("PersonCame", "PersonLeft")
                  .help("greets people")
                  .option(sluice::text_option("word", "hello").help("what is said").choices({"hello", "bye"}))
                  .option(sluice::integer_option("times", "1"))
                  .option(sluice::text_option("token").secret().help("a secret")),
              sluice::sink<Echo>("echo"))
