// Prints docs/errors.md.
#include <iostream>

#include "errors_page/errors_page.hpp"

int main() {
  std::cout << sluice::engine::errors_page() << std::flush;
  return std::cout ? 0 : 1;
}
