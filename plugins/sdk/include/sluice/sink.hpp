// A sink does its own I/O: it gets batches of events and says of each how it went. The engine owns order per
// key, retries, dead letters and metrics. At least once: an event whose answer was lost comes again, with the
// same id, topic, partition and position, for the other side to notice.
#pragma once

#include <span>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/event.hpp"

namespace sluice {

// One event of a batch and its outcome. One of which nothing is said is tried again.
class Delivery {
 public:
  explicit Delivery(sluice_delivery& delivery) noexcept : delivery_(&delivery), event_(*delivery.event) {}

  [[nodiscard]] const Event& event() const noexcept { return event_; }

  void done() { delivery_->status = SLUICE_OK; }
  // The other side cannot be had just now, or may or may not have it: tried again with backoff.
  void retry(std::string_view reason) { settle(SLUICE_RETRY, reason); }
  // The other side will never take it: a dead letter.
  void reject(std::string_view reason) { settle(SLUICE_REJECTED, reason); }

 private:
  void settle(sluice_status status, std::string_view reason) {
    delivery_->status = status;
    delivery_->report.say(&delivery_->report, detail::text(reason));
  }
  sluice_delivery* delivery_;
  Event event_;
};

// One instance for each writer thread: no locks needed. An exception means that the sink itself failed: all
// deliveries of the batch are tried again, those already done excepted.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;
  virtual void deliver(std::span<Delivery> batch) = 0;
};

}  // namespace sluice
