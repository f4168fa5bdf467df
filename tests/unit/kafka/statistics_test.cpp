#include "kafka/statistics.hpp"

#include <gtest/gtest.h>

namespace sluice::engine::kafka {
namespace {

TEST(Statistics, are_cut_down_to_what_an_operator_asks_for) {
  const SourceFigures figures = read_statistics(R"({
    "rxmsgs": 12, "rxmsg_bytes": 3400,
    "brokers": {
      "b1:9092/1": {"nodeid": 1, "state": "UP", "rtt": {"avg": 1500}},
      "b2:9092/2": {"nodeid": 2, "state": "TRY_CONNECT", "rtt": {"avg": 400}},
      "GroupCoordinator": {"nodeid": -1, "state": "UP"}},
    "topics": {"t": {"partitions": {
      "0": {"fetchq_cnt": 3, "fetchq_size": 300}, "1": {"fetchq_cnt": 4, "fetchq_size": 500}}}},
    "cgrp": {"rebalance_cnt": 2}})");
  const SourceFigures expected{{"brokers", 2},        {"brokers_up", 1},       {"round_trip_ms", 1.5},
                               {"queued_records", 7}, {"queued_bytes", 800},   {"received_records", 12},
                               {"rebalances", 2},     {"received_bytes", 3400}};
  EXPECT_EQ(figures, expected);
}

TEST(Statistics, of_no_json_are_none) {
  EXPECT_TRUE(read_statistics("{").empty());
  EXPECT_TRUE(read_statistics("[1]").empty());
}

}  // namespace
}  // namespace sluice::engine::kafka
