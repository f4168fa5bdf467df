// What `sluice new plugin` writes builds, passes its own test and loads: with an installed SDK and nothing
// else of sluice, and inside a tree that has the SDK's sources.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "plugin/new_plugin.hpp"
#include "plugin/plugins.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

namespace fs = std::filesystem;

class NewPlugin : public testing::Test {
 protected:
  // Runs a command of the shell; its output is shown when it fails.
  void run(const std::string& command) {
    const std::string log = folder_.file("log");
    const int status = std::system((command + " > '" + log + "' 2>&1").c_str());
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << '\n' << folder_.read("log");
  }
  void configure_and_build(const fs::path& source, const std::string& options) {
    const std::string build = (source / "build").string();
    run("cmake -G Ninja -S '" + source.string() + "' -B '" + build + "' -DCMAKE_CXX_COMPILER=" COMPILER " " +
        options);
    run("cmake --build '" + build + "' -j 2");
    run("ctest --no-tests=error --test-dir '" + build + "'");
  }
  static void expect_to_load(const fs::path& file, std::string_view name) {
    const auto manifest = read_manifest(file);
    ASSERT_TRUE(manifest) << manifest.error().message;
    EXPECT_EQ(manifest->name, name);
    const auto plugin = Plugin::load(*manifest, {});
    ASSERT_TRUE(plugin) << plugin.error().message;
    EXPECT_NE((*plugin)->find("created"), nullptr);
  }

  TempFolder folder_;
};

TEST_F(NewPlugin, builds_outside_of_the_tree_with_an_installed_sdk) {
  const std::string prefix = folder_.file("prefix");
  run("cmake --install '" BUILD_FOLDER "' --component sdk --prefix '" + prefix + "'");
  const fs::path plugin = folder_.path() / "order_lines";
  const auto written = create_plugin("order_lines", plugin);
  ASSERT_TRUE(written) << written.error().message;
  configure_and_build(plugin, "-DCMAKE_PREFIX_PATH='" + prefix + "'");
  expect_to_load(plugin / "build/plugins/order_lines.so", "order_lines");
}

TEST_F(NewPlugin, builds_inside_of_a_tree_that_has_the_sdk) {
  ASSERT_TRUE(create_plugin("orders", folder_.path() / "orders"));
  folder_.write("CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.25)\n"
                "project(tree VERSION 0.1.0 LANGUAGES CXX)\n"
                "include(GNUInstallDirs)\n"
                "enable_testing()\n"
                "add_subdirectory(" SDK_SOURCE
                " sdk)\n"
                "add_subdirectory(orders)\n");
  configure_and_build(folder_.path(), "");
  expect_to_load(folder_.path() / "build/plugins/orders.so", "orders");
}

TEST_F(NewPlugin, never_writes_over_what_is_there) {
  const std::string mine = folder_.write("mine.txt", "precious");
  EXPECT_FALSE(create_plugin("orders", folder_.path()));
  EXPECT_EQ(folder_.read("mine.txt"), "precious");
}

TEST_F(NewPlugin, needs_a_name_that_a_plugin_can_have) {
  for (const char* name : {"", "Orders", "7up", "a-b", "../x"})
    EXPECT_FALSE(create_plugin(name, folder_.path() / "new")) << name;
  EXPECT_FALSE(fs::exists(folder_.path() / "new"));
}

}  // namespace
}  // namespace sluice::engine
