#include "errors_page/errors_page.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace sluice::engine {
namespace {

TEST(ErrorsPage, is_what_the_code_says) {
  std::ifstream file(SLUICE_DOCS "/errors.md");
  std::ostringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), errors_page()) << "run tools/docs";
}

}  // namespace
}  // namespace sluice::engine
