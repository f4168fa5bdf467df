// A sink that takes its time, as a mail server or a payment service does: to see how many keys go in
// parallel.
#include <chrono>
#include <thread>

#include "sluice/plugin.hpp"

namespace {

class Patient final : public sluice::Sink {
 public:
  explicit Patient(const sluice::Options& options) : takes_(options.duration("takes")) {}

  void deliver(std::span<sluice::Delivery> batch) override {
    for (sluice::Delivery& delivery : batch) {
      std::this_thread::sleep_for(takes_);  // the work itself
      delivery.done();
    }
  }

 private:
  std::chrono::microseconds takes_;
};

}  // namespace

SLUICE_PLUGIN(
    "patient", "1.0.0",
    sluice::sink<Patient>("sink").option(sluice::duration_option("takes", "5ms").help("for each event")))
