#include "admin/pages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

class PagesTest : public testing::Test {
 protected:
  Answer ask(std::string_view path) { return std::ranges::find(pages, path, &Page::path)->make(); }
  void put(PipelineState state, bool draining = false) {
    Snapshot snapshot;
    snapshot.reports.emplace_back().status.id = "activity";
    snapshot.reports[0].status.state = state;
    snapshot.taken = clock.now();
    snapshot.time = clock.wall();
    snapshot.draining = draining;
    board.put(std::move(snapshot));
  }

  ManualClock clock;
  StatusBoard board;
  std::vector<Page> pages = engine_pages(board, clock, "1.2.3");
};

TEST_F(PagesTest, tell_that_the_engine_is_starting_before_there_is_a_snapshot) {
  EXPECT_EQ(ask("/livez").status, 503);
  EXPECT_EQ(ask("/readyz").status, 503);
  EXPECT_THAT(ask("/readyz").body, HasSubstr("starting"));
  EXPECT_EQ(ask("/status").status, 503);
}

TEST_F(PagesTest, tell_that_the_engine_is_alive_while_snapshots_come) {
  put(PipelineState::failed);
  EXPECT_EQ(ask("/livez").status, 200);
  clock.advance(alive_within);
  EXPECT_EQ(ask("/livez").status, 503);
}

TEST_F(PagesTest, tell_whether_it_is_ready) {
  put(PipelineState::running);
  EXPECT_EQ(ask("/readyz").status, 200);
  put(PipelineState::failed);
  EXPECT_EQ(ask("/readyz").status, 503);
}

TEST_F(PagesTest, tell_that_it_drains_even_when_no_pipeline_does) {
  put(PipelineState::drained, true);
  EXPECT_EQ(ask("/readyz").status, 503);
  EXPECT_THAT(ask("/readyz").body, HasSubstr(R"("reason":"draining")"));
}

TEST_F(PagesTest, show_metrics_even_before_there_is_a_snapshot) {
  EXPECT_THAT(ask("/metrics").body, HasSubstr("sluice_build_info"));
  put(PipelineState::running);
  EXPECT_THAT(ask("/metrics").body, HasSubstr("pipeline=\"activity\""));
}

TEST_F(PagesTest, show_the_status) {
  put(PipelineState::running);
  const Answer status = ask("/status");
  EXPECT_EQ(status.status, 200);
  EXPECT_THAT(status.body, HasSubstr(R"("id":"activity","state":"running")"));
}

}  // namespace
}  // namespace sluice::engine
