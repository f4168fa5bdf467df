#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "assembly/connectors.hpp"
#include "config/load.hpp"
#include "config/schema.hpp"
#include "json_schema.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> ready_configurations() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(SLUICE_ROOT "/configs"))
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  return paths;
}

TEST(ConfigurationPage, is_what_the_code_says) {
  EXPECT_EQ(content(SLUICE_ROOT "/docs/configuration.md"), reference_markdown(vocabulary()))
      << "run tools/docs";
}

TEST(ReadyConfigurations, have_no_problems) {
  EXPECT_THAT(ready_configurations(), testing::SizeIs(testing::Ge(5)));
  const TempFolder secrets;
  for (const char* name : {"kafka-password", "mongodb-uri"}) secrets.write(name, "secret");
  Environment environment;
  environment.set("SECRETS", secrets.path().string());
  for (const fs::path& path : ready_configurations())
    EXPECT_EQ(to_text(load(path, vocabulary(), environment).problems), "") << path;
}

TEST(ReadyConfigurations, fit_the_schema) {
  const auto schema = nlohmann::json::parse(json_schema(vocabulary()));
  for (const fs::path& path : ready_configurations())
    EXPECT_THAT(schema_problems(schema, yaml_to_json(content(path))), testing::IsEmpty()) << path;
}

}  // namespace
}  // namespace sluice::engine
