// What the author of a bad file is told, to the letter: problems.md holds the files and the answers.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "vocabulary.hpp"

namespace sluice::engine {
namespace {

struct Case {
  std::string title;
  std::string text;
  std::string answer;
};

// The lines of a fenced block up to its end.
std::string block(std::istream& in) {
  std::string text;
  for (std::string line; std::getline(in, line) && line != "```";) text += line + '\n';
  return text;
}

std::vector<Case> read_cases() {
  std::ifstream in(SLUICE_CONFIG_TESTS "/problems.md");
  std::vector<Case> cases;
  std::string base;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) cases.push_back({line.substr(3), {}, {}});
    if (line == "```text") cases.back().answer = block(in);
    if (line != "```yaml") continue;
    std::string text = block(in);
    if (cases.empty())
      base = text;
    else
      cases.back().text = text.starts_with("...\n") ? base + text.substr(4) : text;
  }
  return cases;
}

TEST(Problems, are_told_with_their_place_and_remedy) {
  Environment environment;
  environment.set("METRICS_FILE", "m");
  environment.set("MANY", "lots");
  environment.set("HOME", "/home/x");
  const auto cases = read_cases();
  EXPECT_GT(cases.size(), 50U);
  for (const Case& each : cases) {
    const Loaded loaded = load_text(each.text, "/conf/a.yaml", small_vocabulary(), environment);
    EXPECT_EQ(to_text(loaded.problems), each.answer) << each.title;
    EXPECT_FALSE(each.answer.empty()) << each.title;
  }
}

// A secret of the cases is always hunter2.
TEST(Problems, never_show_a_secret) {
  for (const Case& each : read_cases())
    EXPECT_EQ(each.answer.find("hunter2"), std::string::npos) << each.title;
}

}  // namespace
}  // namespace sluice::engine
