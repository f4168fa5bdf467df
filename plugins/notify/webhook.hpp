// Posts each event as JSON to an HTTP endpoint.
//
// 2xx is done; 408, 425, 429, 5xx and no answer are tried again; any other answer is the endpoint's last
// word. Header Idempotency-Key holds the event's identity, the same whenever the event comes again.
#pragma once

#include <httplib.h>

#include <string>

#include "sluice/plugin.hpp"

namespace notify {

// "http://host:8080/path" in two.
struct Url {
  std::string server;  // "http://host:8080"
  std::string path;    // "/path"
};
// Throws sluice::Reject when it is no such address.
[[nodiscard]] Url parse_url(const std::string& text);

class Webhook final : public sluice::Sink {
 public:
  explicit Webhook(const sluice::Options& options);
  void deliver(std::span<sluice::Delivery> batch) override;

 private:
  enum class Next { go_on, stop };  // stop: the others need not be tried just now
  Next post(sluice::Delivery& delivery);

  Url url_;
  httplib::Client client_;
  std::string body_;  // kept for its memory
};

}  // namespace notify
