// From a request's bytes to an answer's bytes: who may ask, what for, and how it is said. No sockets, no
// threads: cpp-httplib reads and writes the messages, admin/endpoint.hpp moves the bytes. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "admin/page.hpp"
#include "base/time.hpp"

namespace sluice::engine {

struct Reply {
  std::string bytes;
  bool close = false;  // nothing more is taken from this connection
};

class Http {
 public:
  // A token that is not empty must come with each request for a page that is not open. The clock outlives
  // this.
  Http(std::vector<Page> pages, std::string token, const Clock& clock);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // The head of a request, with the empty line that ends it; bodies are refused.
  [[nodiscard]] Reply answer(std::string_view head);
  // To a request whose head is larger than what is taken.
  [[nodiscard]] static Reply too_large();

 private:
  class Messages;
  std::unique_ptr<Messages> messages_;
};

}  // namespace sluice::engine
