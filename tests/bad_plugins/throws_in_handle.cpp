// Handlers and a sink that throw at work.
#include <stdexcept>

#include "sluice/plugin.hpp"
namespace {
class Rejects final : public sluice::Handler {
  void handle(const sluice::Event&, sluice::Changes&) override { throw sluice::Reject("no email"); }
};
class Throws final : public sluice::Handler {
  void handle(const sluice::Event&, sluice::Changes&) override { throw std::out_of_range("index 7 of 3"); }
};
class ThrowsStrangely final : public sluice::Handler {
  void handle(const sluice::Event&, sluice::Changes&) override { throw 42; }
};
class ThrowsBinary final : public sluice::Handler {
  void handle(const sluice::Event&, sluice::Changes&) override {
    throw std::runtime_error("bytes \xff\xfe" + std::string(9000, 'x'));
  }
};
class ThrowingSink final : public sluice::Sink {
  void deliver(std::span<sluice::Delivery> batch) override {
    for (sluice::Delivery& delivery : batch) {
      if (delivery.event().type() == "Bad") throw std::runtime_error("the connection broke");
      delivery.done();
    }
  }
};
}  // namespace
SLUICE_PLUGIN("throws_in_handle", "1.0.0", sluice::handler<Rejects>("rejects"),
              sluice::handler<Throws>("throws"), sluice::handler<ThrowsStrangely>("throws_strangely"),
              sluice::handler<ThrowsBinary>("throws_binary"), sluice::sink<ThrowingSink>("sink"))
