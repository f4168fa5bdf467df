#include "supervisor/reload.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <csignal>

#include "support/temp_folder.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

ConfigurationCheck::Verdict verdict_of(const std::string& script) {
  ConfigurationCheck check({"/bin/sh", "-c", script});
  std::optional<ConfigurationCheck::Verdict> verdict;
  wait_until([&] { return (verdict = check.poll()).has_value(); });
  return *verdict;
}

TEST(ConfigurationCheck, is_good_by_the_status_of_its_command) {
  EXPECT_TRUE(verdict_of("exit 0").good);
  EXPECT_FALSE(verdict_of("exit 3").good);
  EXPECT_FALSE(verdict_of("kill -9 $$").good);
}

TEST(ConfigurationCheck, keeps_all_that_its_command_prints) {
  EXPECT_EQ(verdict_of("echo one; echo two >&2; exit 3").text, "one\ntwo");
  EXPECT_EQ(verdict_of("head -c 200000 /dev/zero | tr '\\0' x; exit 3").text, std::string(200'000, 'x'));
}

TEST(ConfigurationCheck, says_that_its_command_cannot_be_started) {
  ConfigurationCheck check({"/nowhere/sluice"});
  const auto verdict = check.poll();
  ASSERT_TRUE(verdict);
  EXPECT_FALSE(verdict->good);
  EXPECT_THAT(verdict->text, HasSubstr("cannot run /nowhere/sluice: No such file or directory"));
}

TEST(ConfigurationCheck, ends_its_command_when_it_goes_away) {
  const TempFolder folder;
  pid_t process = 0;
  {
    ConfigurationCheck check({"/bin/sh", "-c",
                              "echo $$ > " + folder.file("pid") + "; mv " + folder.file("pid") + " " +
                                  folder.file("there") + "; exec sleep 1000"});
    wait_until([&] { return access(folder.file("there").c_str(), F_OK) == 0; });
    EXPECT_FALSE(check.poll());
    process = std::stoi(folder.read("there"));
  }
  EXPECT_NE(kill(process, 0), 0);
}

}  // namespace
}  // namespace sluice::engine
