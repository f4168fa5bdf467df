#include "config/substitute.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace sluice::engine::config {
namespace {

class Substitution : public testing::Test {
 protected:
  Substitution() {
    environment.set("HOST", "db.example");
    environment.set("EMPTY", "");
    environment.set("TRAP", "${HOST} $$ $x");
  }
  std::string text(std::string_view written) {
    const Substituted result = substitute(written, environment, folder.path());
    return result.faults.empty() ? result.text : "fault: " + result.faults.front().message;
  }

  TempFolder folder;
  Environment environment;
};

TEST_F(Substitution, puts_variables_in_their_places) {
  EXPECT_EQ(text("${HOST}"), "db.example");
  EXPECT_EQ(text("mongodb://${HOST}:27017/${HOST}"), "mongodb://db.example:27017/db.example");
  EXPECT_EQ(text("no dollar"), "no dollar");
}

TEST_F(Substitution, takes_the_default_when_unset_or_empty) {
  EXPECT_EQ(text("${NONE:-localhost}"), "localhost");
  EXPECT_EQ(text("${EMPTY:-localhost}"), "localhost");
  EXPECT_EQ(text("${HOST:-localhost}"), "db.example");
  EXPECT_EQ(text("${NONE:-}"), "");
  EXPECT_EQ(text("${EMPTY}"), "");
}

TEST_F(Substitution, substitutes_within_a_default) {
  EXPECT_EQ(text("${NONE:-${HOST}:1}!"), "db.example:1!");
  EXPECT_EQ(text("${NONE:-${NEITHER:-deep}}"), "deep");
}

TEST_F(Substitution, leaves_what_a_variable_holds_as_it_is) { EXPECT_EQ(text("${TRAP}"), "${HOST} $$ $x"); }

TEST_F(Substitution, knows_how_to_write_a_dollar_sign) {
  EXPECT_EQ(text("$$"), "$");
  EXPECT_EQ(text("$${HOST}"), "${HOST}");
  EXPECT_EQ(text("cost: 5$"), "cost: 5$");
  EXPECT_EQ(text("$5"), "$5");
}

TEST_F(Substitution, reads_files_beside_the_configuration) {
  folder.write("token", "s3cret\n");
  environment.set("NAME", "token");
  EXPECT_EQ(text("Bearer ${file:token}"), "Bearer s3cret");
  EXPECT_EQ(text("${file:" + folder.file("token") + "}"), "s3cret");
  EXPECT_EQ(text("${file:${NAME}}"), "s3cret");
  EXPECT_TRUE(substitute("${file:token}", environment, folder.path()).from_file);
  EXPECT_FALSE(substitute("${HOST}", environment, folder.path()).from_file);
}

TEST_F(Substitution, refuses_files_that_are_none_or_too_large) {
  folder.write("large", std::string((std::size_t{1} << 20U) + 1, 'x'));
  EXPECT_NE(text("${file:.}").find("it is no ordinary file"), std::string::npos);
  EXPECT_NE(text("${file:/dev/zero}").find("it is no ordinary file"), std::string::npos);
  EXPECT_NE(text("${file:large}").find("it is larger than 1 MiB"), std::string::npos);
}

TEST_F(Substitution, ends_however_deep_it_is_nested) {
  std::string nested = "x";
  for (int i = 0; i < 1'000; ++i) nested = "${NONE:-" + nested + "}";
  EXPECT_EQ(text(nested), "fault: substitutions are nested too deep");
}

TEST_F(Substitution, tells_where_in_the_text_a_fault_is) {
  const Substituted result = substitute("a ${HOST} ${NONE} ${", environment, folder.path());
  ASSERT_EQ(result.faults.size(), 2U);
  EXPECT_EQ(result.faults[0].offset, 12U);
  EXPECT_EQ(result.faults[0].length, 4U);
  EXPECT_EQ(result.faults[1].offset, 18U);
}

}  // namespace
}  // namespace sluice::engine::config
