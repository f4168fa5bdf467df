#include "app/invocation.hpp"

#include <gmock/gmock.h>

namespace sluice::engine {
namespace {

using testing::ElementsAre;

TEST(Invocation, is_checked_as_the_process_was_started) {
  Invocation options;
  options.config = "a.yaml";
  options.env_files = {"one.env", "two.env"};
  options.plugin_path = {"plugins"};
  EXPECT_THAT(check_command("/usr/bin/sluice", options),
              ElementsAre("/usr/bin/sluice", "validate", "--log-level", "OFF", "--config", "a.yaml",
                          "--env-file", "one.env", "--env-file", "two.env", "--plugin-path", "plugins"));
}

}  // namespace
}  // namespace sluice::engine
