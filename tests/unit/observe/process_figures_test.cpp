#include "observe/process_figures.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace sluice::engine {
namespace {

TEST(ProcessFigures, tell_of_this_process) {
  const auto figures = process_figures();
  ASSERT_TRUE(figures);
  EXPECT_GE(figures->threads, 1U);
  EXPECT_GT(figures->resident_bytes, 1'000'000U);
  EXPECT_GE(figures->virtual_bytes, figures->resident_bytes);
  EXPECT_GT(figures->max_open_files, figures->open_files);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(figures->start_time, std::chrono::duration<double>(now).count(), 3'600);
}

TEST(ProcessFigures, count_open_files) {
  const auto before = process_figures();
  const std::ifstream one("/proc/self/status");
  const std::ifstream another("/proc/self/status");
  const auto after = process_figures();
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->open_files, before->open_files + 2);
}

}  // namespace
}  // namespace sluice::engine
