// A page of the endpoint: a path and a function that makes its answer. Whoever adds a page adds one of these.
#pragma once

#include <functional>
#include <string>

namespace sluice::engine {

struct Answer {
  std::string body;
  int status = 200;
};

struct Page {
  std::string path;  // "/status"
  std::string content_type;
  // Called on the endpoint's thread, at most ten times a second: what it gave is shown until then.
  std::function<Answer()> make;
  bool open = false;  // needs no token: a page that holds nothing but what is in every copy of the program
};

}  // namespace sluice::engine
