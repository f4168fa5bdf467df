// What is found out when a plugin is loaded: each bad one is refused with its reason.
#include <gmock/gmock.h>

#include "fixture.hpp"

namespace sluice::engine {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string load_refusal(std::string_view name, PluginLog log = {}) {
  const auto manifest = read_manifest(bad_plugin(name));
  if (!manifest) return "its manifest: " + manifest.error().message;
  const auto plugin = Plugin::load(*manifest, std::move(log));
  if (plugin) return "accepted";
  EXPECT_EQ(plugin.error().code, Code::plugin_refused);
  EXPECT_THAT(plugin.error().message, HasSubstr(bad_plugin(name).string()));
  return plugin.error().message;
}

TEST(LoadPlugin, refuses_one_without_its_symbol) {
  EXPECT_THAT(load_refusal("no_symbol"), HasSubstr("no function sluice_plugin_entry"));
}
TEST(LoadPlugin, refuses_one_with_a_symbol_that_nobody_has) {
  EXPECT_THAT(load_refusal("unresolved_symbol"), HasSubstr("undefined symbol: a_function_that_nobody_has"));
}
TEST(LoadPlugin, refuses_one_whose_structs_are_too_small) {
  EXPECT_THAT(load_refusal("smaller_struct"), AllOf(HasSubstr("40 bytes"), HasSubstr("build it again")));
  EXPECT_THAT(load_refusal("smaller_plugin"), AllOf(HasSubstr("8 bytes"), HasSubstr("build it again")));
}
TEST(LoadPlugin, refuses_one_with_a_null_name) {
  EXPECT_THAT(load_refusal("null_name"), HasSubstr("without a valid name"));
}
TEST(LoadPlugin, refuses_one_with_two_components_of_a_name) {
  EXPECT_THAT(load_refusal("duplicate_name"), HasSubstr("two components called \"twin\""));
}
TEST(LoadPlugin, refuses_one_whose_entry_returns_nothing) {
  EXPECT_THAT(load_refusal("null_entry"), HasSubstr("refused to start"));
}
TEST(LoadPlugin, refuses_one_without_the_functions_of_its_kind) {
  EXPECT_THAT(load_refusal("null_function"), HasSubstr("without the functions"));
}
TEST(LoadPlugin, refuses_one_that_changes_its_name) {
  EXPECT_THAT(load_refusal("changing_name"), AllOf(HasSubstr("someone_else"), HasSubstr("changing_name")));
}
TEST(LoadPlugin, refuses_one_with_a_default_that_is_none) {
  EXPECT_THAT(load_refusal("bad_option"), AllOf(HasSubstr("\"timeout\" of \"nothing\""), HasSubstr("soon")));
}
TEST(LoadPlugin, hears_why_an_entry_threw) {
  std::string logged;
  EXPECT_THAT(load_refusal("throws_in_entry",
                           [&](PluginLogLevel level, std::string_view name, std::string_view text) {
                             EXPECT_EQ(level, PluginLogLevel::error);
                             logged = std::string(name) + ": " + std::string(text);
                           }),
              HasSubstr("refused to start"));
  EXPECT_EQ(logged, "throws_in_entry: no name today");
}

TEST(LoadPlugin, takes_down_what_a_good_one_declares) {
  const auto plugin = load("good");
  EXPECT_EQ(plugin->manifest().version, "1.2.3");
  ASSERT_EQ(plugin->components().size(), 2U);
  const ComponentSpec* greeting = plugin->find("greeting");
  ASSERT_NE(greeting, nullptr);
  EXPECT_EQ(greeting->kind, ComponentKind::handler);
  EXPECT_EQ(greeting->help, "greets people");
  EXPECT_THAT(greeting->event_types, ElementsAre("PersonCame", "PersonLeft"));
  ASSERT_EQ(greeting->options.size(), 3U);
  EXPECT_EQ(greeting->options[0].name, "word");
  EXPECT_EQ(greeting->options[0].fallback, "hello");
  EXPECT_THAT(greeting->options[0].choices, ElementsAre("hello", "bye"));
  EXPECT_EQ(greeting->options[1].type, OptionType::integer);
  EXPECT_FALSE(greeting->options[2].fallback);
  EXPECT_TRUE(greeting->options[2].secret);
  ASSERT_NE(plugin->find("echo"), nullptr);
  EXPECT_EQ(plugin->find("echo")->kind, ComponentKind::sink);
  EXPECT_EQ(plugin->find("shout"), nullptr);
}

TEST(LoadPlugin, takes_a_stripped_one) {
  const auto manifest = read_manifest(std::filesystem::path(STRIPPED_PLUGINS) / "good.so");
  ASSERT_TRUE(manifest);
  const auto plugin = Plugin::load(*manifest, {});
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_NE((*plugin)->find("greeting"), nullptr);
}

TEST(VersionRange, holds_when_all_its_conditions_do) {
  const auto range = VersionRange::parse(">=1.0 <2");
  ASSERT_TRUE(range);
  EXPECT_TRUE(range->contains("1.0.0"));
  EXPECT_TRUE(range->contains("1.99.0"));
  EXPECT_FALSE(range->contains("0.9.9"));
  EXPECT_FALSE(range->contains("2.0.0"));
  EXPECT_FALSE(range->contains("1.x"));
}

TEST(VersionRange, compares_the_numbers_that_are_given) {
  EXPECT_TRUE(VersionRange::parse("1.2")->contains("1.2.9"));
  EXPECT_FALSE(VersionRange::parse("=1.2")->contains("1.3.0"));
  EXPECT_TRUE(VersionRange::parse("<=1")->contains("1.9.0"));
  EXPECT_FALSE(VersionRange::parse("> 1.2.3")->contains("1.2.3"));
  EXPECT_TRUE(VersionRange::parse(">1.2.3")->contains("1.10.0"));
  EXPECT_TRUE(VersionRange::parse("*")->contains("7.0.0"));
  EXPECT_TRUE(VersionRange::parse("")->contains("7.0.0"));
}

TEST(VersionRange, refuses_what_is_none) {
  for (const char* text : {">=", "one", "1.2.3.4", ">=1.0,<2", "1..2", "^1"})
    EXPECT_FALSE(VersionRange::parse(text)) << text;
}

}  // namespace
}  // namespace sluice::engine
