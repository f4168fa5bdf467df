#include "observe/logging.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace sluice::engine {
namespace {

class LoggingTest : public testing::Test {
 protected:
  std::string logged(std::unique_ptr<spdlog::formatter> format, std::string_view scope,
                     std::string_view message) {
    std::ostringstream text;
    spdlog::logger log(std::string(scope), std::make_shared<spdlog::sinks::ostream_sink_st>(text));
    log.set_formatter(std::move(format));
    log.warn("{}", message);
    return text.str();
  }
};

TEST_F(LoggingTest, writes_a_line_for_people_with_time_level_and_scope) {
  const std::string line = logged(text_format(), "activity", "running");
  EXPECT_EQ(line.substr(line.find('Z')), "Z WARNING activity: running\n");
  EXPECT_EQ(line.find('Z'), 23U);
}

TEST_F(LoggingTest, writes_a_json_object_a_line_for_programs) {
  const auto json = nlohmann::json::parse(logged(json_format(), "activity", "a \"quoted\"\nline"));
  EXPECT_EQ(json["level"], "WARNING");
  EXPECT_EQ(json["scope"], "activity");
  EXPECT_EQ(json["message"], "a \"quoted\"\nline");
  EXPECT_EQ(json["time"].get<std::string>().size(), 27U);
}

TEST_F(LoggingTest, leaves_out_the_scope_where_there_is_none) {
  EXPECT_FALSE(nlohmann::json::parse(logged(json_format(), "", "x")).contains("scope"));
}

TEST(LogLevels, are_those_of_python_in_any_case) {
  EXPECT_EQ(parse_level("DEBUG"), spdlog::level::debug);
  EXPECT_EQ(parse_level("Info"), spdlog::level::info);
  EXPECT_EQ(parse_level("warning"), spdlog::level::warn);
  EXPECT_EQ(parse_level("WARN"), spdlog::level::warn);
  EXPECT_EQ(parse_level("error"), spdlog::level::err);
  EXPECT_FALSE(parse_level("loud"));
}

}  // namespace
}  // namespace sluice::engine
