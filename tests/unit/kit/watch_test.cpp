#include "kit/watch.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/temp_folder.hpp"

namespace sluice::kit {
namespace {

std::string status_with(const std::string& state) {
  return R"({"version":1,"time":"2026-11-21T08:00:01.000000Z","uptime_s":61.5,"pipelines":[
    {"id":"activity","state":")" +
         state + R"(","events":{"applied":59,"dead_letters":1,"total":60}}]})";
}

TEST(Watch, ends_when_the_target_is_reached) {
  const engine::TempFolder folder;
  WatchSettings settings;
  settings.status = folder.write("status.json", status_with("running"));
  settings.target = 60;
  EXPECT_EQ(watch(settings), WatchEnd::target_reached);
}

TEST(Watch, ends_when_the_engine_has_ended) {
  const engine::TempFolder folder;
  WatchSettings settings;
  settings.target = 100;
  settings.status = folder.write("status.json", status_with("failed"));
  EXPECT_EQ(watch(settings), WatchEnd::engine_ended);

  settings.status = folder.file("none");
  settings.engine_process = 0x7fffffff;  // no such process
  EXPECT_EQ(watch(settings), WatchEnd::engine_ended);
}

TEST(Watch, ends_when_the_writer_leaves_the_outbox_unfinished) {
  const engine::TempFolder folder;
  WatchSettings settings;
  settings.target = 100;
  settings.status = folder.write("status.json", status_with("running"));
  settings.writer_process = 0x7fffffff;
  EXPECT_EQ(watch(settings), WatchEnd::writer_ended);
}

}  // namespace
}  // namespace sluice::kit
