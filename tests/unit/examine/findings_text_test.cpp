#include "examine/findings_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sluice::engine {
namespace {

std::vector<PipelineFindings> two_pipelines() {
  std::vector<PipelineFindings> pipelines{{"orders", {}}, {"mail", {}}};
  Findings& orders = pipelines[0].findings;
  orders.begin("source");
  orders.ok("broker a:9092", "Answers and lets us in.");
  orders.warn("topic orders", "It is compacted.", "Change it.");
  orders.begin("store");
  orders.problem("server", "Nobody answers.", "Start it.");
  pipelines[1].findings.begin("store");
  pipelines[1].findings.ok("database", "Can be written.");
  return pipelines;
}

TEST(FindingsText, shows_what_is_wrong_and_what_to_do_part_by_part) {
  EXPECT_EQ(findings_to_text(two_pipelines()),
            "orders\n"
            "  source\n"
            "    ok       broker a:9092: Answers and lets us in.\n"
            "    WARNING  topic orders: It is compacted.\n"
            "             -> Change it.\n"
            "  store\n"
            "    PROBLEM  server: Nobody answers.\n"
            "             -> Start it.\n"
            "\n"
            "mail\n"
            "  store\n"
            "    ok       database: Can be written.\n"
            "\n"
            "1 problem, 1 warning.");
}

TEST(FindingsText, says_so_when_nothing_is_wrong) {
  const std::vector<PipelineFindings> pipelines{{"orders", {}}};
  EXPECT_EQ(findings_to_text(pipelines), "orders\n\nNo problem, no warning.");
}

TEST(FindingsText, is_json_for_programs) {
  const auto json = findings_to_json(two_pipelines(), {});
  EXPECT_FALSE(json["healthy"].get<bool>());
  EXPECT_EQ(json["problems"], 1);
  EXPECT_EQ(json["warnings"], 1);
  const auto& findings = json["pipelines"][0]["findings"];
  EXPECT_EQ(findings[0]["remedy"], nullptr);
  EXPECT_EQ(findings[1], (nlohmann::ordered_json{{"level", "warning"},
                                                 {"part", "source"},
                                                 {"subject", "topic orders"},
                                                 {"what", "It is compacted."},
                                                 {"remedy", "Change it."}}));
}

TEST(FindingsText, counts_the_mistakes_of_a_configuration_as_problems) {
  const std::vector<Problem> problems{{{}, "pipelines is missing"}};
  const auto json = findings_to_json({}, problems);
  EXPECT_FALSE(json["healthy"].get<bool>());
  EXPECT_EQ(json["configuration"][0]["message"], "pipelines is missing");
}

}  // namespace
}  // namespace sluice::engine
