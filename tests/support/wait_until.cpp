#include "support/wait_until.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>

namespace sluice::engine {

void wait_until(const std::function<bool()>& condition, std::chrono::steady_clock::duration bound,
                std::source_location where) {
  using std::chrono::microseconds;
  constexpr microseconds longest{2000};
  const auto deadline = std::chrono::steady_clock::now() + bound;
  for (microseconds pause{0}; !condition(); pause = std::min(longest, pause * 2 + microseconds{10})) {
    if (std::chrono::steady_clock::now() >= deadline) {
      throw std::runtime_error(
          std::string(where.file_name()) + ":" + std::to_string(where.line()) +
          ": what this waits for has not come within " +
          std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(bound).count()) + " ms");
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace sluice::engine
