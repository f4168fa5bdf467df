#include "observe/readiness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Timestamp since{std::chrono::seconds(1'795'262'400)};

PipelineReport report_in(PipelineState state, std::string reason = {}) {
  PipelineReport report;
  report.status.id = "activity";
  report.status.state = state;
  report.status.reason = std::move(reason);
  report.status.targets.emplace_back().name = "store";
  return report;
}

std::vector<std::string> words(const PipelineReport& report) {
  std::vector<std::string> all;
  for (const NotReadyReason& reason : readiness({&report, 1})) all.emplace_back(to_text(reason.why));
  return all;
}

TEST(Readiness, holds_for_a_pipeline_that_runs_and_for_one_that_has_finished) {
  EXPECT_THAT(words(report_in(PipelineState::running)), IsEmpty());
  EXPECT_THAT(words(report_in(PipelineState::drained)), IsEmpty());
}

TEST(Readiness, names_the_states_in_which_a_pipeline_does_no_work) {
  EXPECT_THAT(words(report_in(PipelineState::starting)), ElementsAre("starting"));
  EXPECT_THAT(words(report_in(PipelineState::draining)), ElementsAre("draining"));
  EXPECT_THAT(words(report_in(PipelineState::failed, "wrong password")), ElementsAre("failed"));
  EXPECT_THAT(words(report_in(PipelineState::breaker_open, "too many")), ElementsAre("breaker_open"));
}

TEST(Readiness, names_everything_that_is_out_of_reach_with_its_time_and_reason) {
  PipelineReport report = report_in(PipelineState::running);
  report.status.source_retrying = Retrying{since, "no broker"};
  report.status.targets[0].retrying_since = since;
  report.status.targets[0].retry_reason = "connection refused";
  report.status.dead_letters_retrying = Retrying{since, "disk full"};
  EXPECT_THAT(words(report), ElementsAre("source_unreachable", "store_retrying", "dead_letters_unavailable"));
  const auto reasons = readiness({&report, 1});
  EXPECT_EQ(reasons[1].text, "store: connection refused");
  EXPECT_EQ(reasons[1].since, since);
}

TEST(Readiness, names_what_is_stalled) {
  PipelineReport report = report_in(PipelineState::running);
  Stall stall;
  stall.partition = {"outbox", 3};
  stall.safe = Position{17};
  stall.since = since;
  stall.reason = "store: conflict";
  report.stalls.push_back(stall);
  const auto reasons = readiness({&report, 1});
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].why, NotReady::stalled);
  EXPECT_EQ(reasons[0].text, "partition outbox/3 stands at 17; the last reason known: store: conflict");
}

TEST(Readiness, tells_what_a_start_waits_for) {
  PipelineReport report = report_in(PipelineState::starting, "cannot start yet, the store is out of reach");
  report.status.start_retrying = Retrying{since, report.status.reason};
  const auto reasons = readiness({&report, 1});
  ASSERT_EQ(reasons.size(), 1U);
  EXPECT_EQ(reasons[0].text, "cannot start yet, the store is out of reach");
  EXPECT_EQ(reasons[0].since, since);
}

TEST(Readiness, is_told_as_json) {
  EXPECT_EQ(readiness_json({}).dump(), R"({"ready":true,"reasons":[]})");
  const NotReadyReason reason{NotReady::store_retrying, "activity", "store: refused", since};
  EXPECT_EQ(readiness_json({&reason, 1}).dump(),
            R"({"ready":false,"reasons":[{"reason":"store_retrying","pipeline":"activity",)"
            R"("text":"store: refused","since":"2026-11-21T12:00:00.000000Z"}]})");
}

}  // namespace
}  // namespace sluice::engine
