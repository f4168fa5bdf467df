#include "app/plugin_template.hpp"

#include <algorithm>
#include <cctype>

namespace sluice::engine {
namespace {

// @NAME@ is the plugin's name, @CLASS@ the same as a class name, @SDK@ the version of the SDK.
constexpr std::string_view cmake_lists = R"(cmake_minimum_required(VERSION 3.25)
project(@NAME@ LANGUAGES CXX)

# Inside the sluice tree the SDK is there; elsewhere an installed one is found
# (cmake -DCMAKE_PREFIX_PATH=… if it is not in a usual place).
if(NOT TARGET sluice::sdk)
  find_package(sluice-sdk @SDK@ REQUIRED)
endif()

sluice_plugin(@NAME@ SOURCES @NAME@.cpp)

# The test needs GoogleTest and nlohmann-json (Debian: libgtest-dev nlohmann-json3-dev).
find_package(GTest)
find_package(nlohmann_json)
if(GTest_FOUND AND nlohmann_json_FOUND)
  enable_testing()
  include(GoogleTest)
  add_executable(@NAME@_test @NAME@_test.cpp @NAME@.cpp)
  target_link_libraries(@NAME@_test PRIVATE sluice::sdk nlohmann_json::nlohmann_json GTest::gtest_main)
  gtest_discover_tests(@NAME@_test)
endif()
)";

constexpr std::string_view source = R"(#include <sluice/plugin.hpp>
#include <string>
#include <string_view>

namespace {

// Keeps a document for each thing that was created. A handler is pure: what it does depends on the event and
// its options alone; the engine does the writing, in order, once, with retries.
class @CLASS@Created final : public sluice::Handler {
 public:
  explicit @CLASS@Created(const sluice::Options& options) : collection_(options.text("collection")) {}

  void handle(const sluice::Event& event, sluice::Changes& changes) override {
    const auto payload = event.payload();
    const auto id = payload.require<std::string_view>("id");  // missing: the event becomes a dead letter that says so
    const auto name = payload.require<std::string_view>("name");
    changes.insert(collection_, id, {{"name", name}});
  }

 private:
  std::string collection_;
};

}  // namespace

SLUICE_PLUGIN("@NAME@", "0.1.0",
              sluice::handler<@CLASS@Created>("created")
                  .on("@CLASS@Created")
                  .help("keeps a document for each thing created")
                  .option(sluice::text_option("collection", "@NAME@").help("where the documents are kept")))
)";

constexpr std::string_view test = R"(#include <gtest/gtest.h>
#include <sluice/testing.hpp>

namespace {

TEST(@CLASS@, makes_a_document_of_what_was_created) {
  sluice::testing::Plugin plugin(sluice_plugin_entry);
  const auto result =
      plugin.handle("created", {.type = "@CLASS@Created", .payload = R"j({"id": "a-1", "name": "First"})j"});
  ASSERT_EQ(result.outcome, "ok") << result.reason;
  ASSERT_EQ(result.changes.size(), 1U);
  EXPECT_EQ(result.changes[0].kind, "insert");
  EXPECT_EQ(result.changes[0].collection, "@NAME@");
  EXPECT_EQ(result.changes[0].id, "a-1");
  EXPECT_EQ(result.changes[0].document["name"], "First");
}

TEST(@CLASS@, rejects_what_has_no_name) {
  sluice::testing::Plugin plugin(sluice_plugin_entry);
  const auto result = plugin.handle("created", {.type = "@CLASS@Created", .payload = R"j({"id": "a-1"})j"});
  EXPECT_EQ(result.outcome, "rejected");
}

}  // namespace
)";

constexpr std::string_view pipeline = R"(# A pipeline to try the plugin with; paths are relative to this file.
#
#   sluice try -c pipeline.yaml events.ndjson    what the events would change
#   sluice run -c pipeline.yaml                  apply them
#   sqlite3 @NAME@.db 'select * from @NAME@'     look
sluice: 1
engine: { plugin_path: [build/plugins] }
pipelines:
  @NAME@:
    source: { file: { path: events.ndjson } }
    decode: { plain: { type: /type, payload: /payload } }
    plugins: { @NAME@: "*" }
    routes:
      - from: @NAME@
      - { otherwise: dead_letter }
    store: { sqlite: { path: @NAME@.db } }
    dead_letters: { file: { path: dead_letters.ndjson } }
)";

constexpr std::string_view events = R"({"type":"@CLASS@Created","payload":{"id":"a-1","name":"First"}}
{"type":"@CLASS@Created","payload":{"id":"a-2","name":"Second"}}
)";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// "order_lines" as "OrderLines".
std::string class_name(std::string_view name) {
  std::string result;
  bool start = true;
  for (const char letter : name) {
    if (letter != '_')
      result += start ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
    start = letter == '_';
  }
  return result;
}

std::string fill(std::string_view text, std::string_view name) {
  std::string filled(text);
  replace_all(filled, "@NAME@", name);
  replace_all(filled, "@CLASS@", class_name(name));
  replace_all(filled, "@SDK@", SLUICE_VERSION);
  return filled;
}

}  // namespace

bool is_plugin_name(std::string_view name) {
  constexpr std::size_t longest = 63;  // what the manifest holds
  const auto is_lower = [](char letter) { return letter >= 'a' && letter <= 'z'; };
  return !name.empty() && name.size() <= longest && is_lower(name.front()) &&
         std::ranges::all_of(name, [&](char letter) {
           return is_lower(letter) || (letter >= '0' && letter <= '9') || letter == '_';
         });
}

std::map<std::string, std::string> plugin_files(std::string_view name) {
  const std::string base(name);
  return {{"CMakeLists.txt", fill(cmake_lists, name)},
          {base + ".cpp", fill(source, name)},
          {base + "_test.cpp", fill(test, name)},
          {"pipeline.yaml", fill(pipeline, name)},
          {"events.ndjson", fill(events, name)}};
}

}  // namespace sluice::engine
