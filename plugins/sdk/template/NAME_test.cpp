#include <gtest/gtest.h>
#include <sluice/testing.hpp>

namespace {

const sluice::testing::Plugin& plugin() {
  static const sluice::testing::Plugin plugin(sluice_plugin_entry);
  return plugin;
}

TEST(@CLASS@, makes_a_document_of_what_was_created) {
  const auto result =
      plugin().handle("created", {.type = "@CLASS@Created", .payload = R"({"id": "a-1", "name": "First"})"});
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  ASSERT_EQ(result.changes.size(), 1U);
  EXPECT_EQ(result.changes[0].kind, "insert");
  EXPECT_EQ(result.changes[0].collection, "@NAME@");
  EXPECT_EQ(result.changes[0].id, "a-1");
  EXPECT_EQ(result.changes[0].document["name"], "First");
}

TEST(@CLASS@, rejects_what_has_no_name) {
  const auto result = plugin().handle("created", {.type = "@CLASS@Created", .payload = R"({"id": "a-1"})"});
  EXPECT_EQ(result.outcome, "rejected");
  EXPECT_EQ(result.reason, "the payload has no \"name\"");
}

}  // namespace
