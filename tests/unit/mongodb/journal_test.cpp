#include "mongodb/journal.hpp"

#include <gtest/gtest.h>

namespace sluice::engine::mongodb {
namespace {

TEST(EntriesAtOnce, are_fewer_after_failures_until_they_get_through) {
  EntriesAtOnce entries;
  EXPECT_EQ(entries.count(), 500U);
  entries.failed(500);
  EXPECT_EQ(entries.count(), 250U);
  entries.failed(3);  // there were no more
  EXPECT_EQ(entries.count(), 1U);
  entries.failed(1);
  EXPECT_EQ(entries.count(), 1U);
  for (int i = 0; i < 20; ++i) entries.worked();
  EXPECT_EQ(entries.count(), 500U);
}

}  // namespace
}  // namespace sluice::engine::mongodb
