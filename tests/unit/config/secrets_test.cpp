// Nothing that may be a secret is ever shown.
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/redact.hpp"
#include "support/temp_folder.hpp"
#include "vocabulary.hpp"

namespace sluice::engine {
namespace {

std::string masked(std::string_view line) {
  std::string out(line);
  const auto ranges = config::secret_ranges(line);
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range)
    out.replace(range->begin, range->end - range->begin, "***");
  return out;
}

TEST(Secrets, are_known_by_the_names_of_their_keys) {
  EXPECT_EQ(masked("password: hunter2"), "password: ***");
  EXPECT_EQ(masked("  sasl.password: 'hunter2' # of the user"), "  sasl.password: *** # of the user");
  EXPECT_EQ(masked("{ api_key: \"a, b}\", user: joe, accessToken: x }"),
            "{ api_key: ***, user: joe, accessToken: *** }");
  EXPECT_EQ(masked("token:"), "token:");
  EXPECT_EQ(masked("secrets: { a: b }"), "secrets: { a: b }");
}

TEST(Secrets, may_be_named_by_a_variable_but_not_by_its_default) {
  EXPECT_EQ(masked("token: ${TOKEN}"), "token: ${TOKEN}");
  EXPECT_EQ(masked("token: \"${file:/run/token}\""), "token: \"${file:/run/token}\"");
  EXPECT_EQ(masked("token: ${TOKEN:-hunter2}"), "token: ***");
}

TEST(Secrets, are_taken_out_of_uris) {
  EXPECT_EQ(masked("uri: mongodb://joe:hunter2@host/db"), "uri: mongodb://***@host/db");
  EXPECT_EQ(config::without_user_info("cannot reach http://joe@host or ftp://a:b/c@d:1/x"),
            "cannot reach http://***@host or ftp://***@d:1/x");
  EXPECT_EQ(config::without_user_info("mongodb://host/db"), "mongodb://host/db");
}

std::string answer(std::string_view lines, const std::filesystem::path& path = "/conf/a.yaml") {
  Environment environment;
  environment.set("SECRET_NUMBER", "hunter2");
  return to_text(
      load_text("sluice: 1\npipelines:\n  a:\n" + std::string(lines), path, small_vocabulary(), environment)
          .problems);
}

TEST(Secrets, of_files_are_not_shown_where_they_do_not_fit) {
  const TempFolder folder;
  folder.write("s", "hunter2");
  const std::string text = answer("    workers: ${file:s}\n", folder.file("a.yaml"));
  EXPECT_NE(text.find("workers: the value (not shown, it is secret) is not a whole number\n"),
            std::string::npos);
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
}

TEST(Secrets, that_span_lines_are_not_shown_by_an_error_beside_their_end) {
  EXPECT_EQ(answer(R"(    source: { kafka: { brokers: b, topics: t, password: "one
        hunter2", grop: x } }
    workers: 0
)")
                .find("hunter2"),
            std::string::npos);
  EXPECT_EQ(
      answer("    source: { kafka: { brokers: b, topics: t, password: one\n      hunter2, grop: x } }\n")
          .find("hunter2"),
      std::string::npos);
}

TEST(Secrets, are_not_shown_under_unknown_keys_or_connectors) {
  EXPECT_EQ(
      answer("    sorce: { kafka: { pin: hunter2 } }\n    elsewhere: { pin: hunter2 }\n").find("hunter2"),
      std::string::npos);
  EXPECT_EQ(answer("    source: { rabbit: { pin: hunter2 } }\n").find("hunter2"), std::string::npos);
}

TEST(Secrets, are_remembered_with_the_options_they_are_in) {
  const TempFolder folder;
  folder.write("s", "x");
  const Loaded loaded = load_text(R"(sluice: 1
pipelines:
  a:
    source: { kafka: { brokers: "${file:s}", topics: t } }
    decode: { plain: }
    routes: [ { on: X, to: [] } ]
)",
                                  folder.file("a.yaml"), small_vocabulary(), {});
  EXPECT_EQ(loaded.config.pipelines.at(0).source.secrets,
            (std::set<std::string, std::less<>>{"brokers", "password"}));
}

}  // namespace
}  // namespace sluice::engine
