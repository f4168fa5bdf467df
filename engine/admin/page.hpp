// A page of the endpoint: a path and a function that makes its answer. Whoever adds a page adds one of these.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::engine {

inline constexpr const char* json_type = "application/json";  // as a Content-Type

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
  // Of a page that never changes: whoever has it already, by this quoted name, is not sent it again.
  std::string etag{};
  std::vector<std::pair<std::string, std::string>> headers{};  // more of them
};

}  // namespace sluice::engine
