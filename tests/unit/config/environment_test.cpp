#include "config/environment.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

std::string value(const Environment& environment, std::string_view name) {
  return std::string(environment.variable(name).value_or("(unset)"));
}

TEST(Environment, reads_a_dotenv_file) {
  const TempFolder folder;
  const std::string path = folder.write(".env", R"(# of the demo
PLAIN=localhost:9092
 export EXPORTED = yes   # a comment
EMPTY=
HASH=a#b
SINGLE='as ${it} \n is' # not a comment of the value
DOUBLE="two\nlines \"quoted\" \$5"
MULTI="first
second"
TWICE=1
TWICE=2
)");
  Environment environment;
  EXPECT_TRUE(environment.add_file(path).empty());
  EXPECT_EQ(value(environment, "PLAIN"), "localhost:9092");
  EXPECT_EQ(value(environment, "EXPORTED"), "yes");
  EXPECT_EQ(value(environment, "EMPTY"), "");
  EXPECT_EQ(value(environment, "HASH"), "a#b");
  EXPECT_EQ(value(environment, "SINGLE"), "as ${it} \\n is");
  EXPECT_EQ(value(environment, "DOUBLE"), "two\nlines \"quoted\" $5");
  EXPECT_EQ(value(environment, "MULTI"), "first\nsecond");
  EXPECT_EQ(value(environment, "TWICE"), "2");
}

TEST(Environment, puts_the_process_before_a_file_and_a_file_before_the_next) {
  const TempFolder folder;
  Environment environment;
  environment.set("A", "process");
  EXPECT_TRUE(environment.add_file(folder.write("one", "A=one\nB=one\n")).empty());
  EXPECT_TRUE(environment.add_file(folder.write("two", "A=two\nB=two\nC=two\n")).empty());
  EXPECT_EQ(value(environment, "A"), "process");
  EXPECT_EQ(value(environment, "B"), "one");
  EXPECT_EQ(value(environment, "C"), "two");
}

TEST(Environment, tells_what_is_wrong_with_a_file_without_quoting_it) {
  const TempFolder folder;
  const std::string path = folder.write("e", "A=1\nhunter2\nB='hunter2\n");
  Environment environment;
  EXPECT_EQ(to_text(environment.add_file(path)),
            path + ":2:1: this is no variable; write NAME=value, or # before a comment\n\n" + path +
                ":3:1: the quote is not closed\n");
  EXPECT_EQ(value(environment, "A"), "1");
}

TEST(Environment, tells_that_there_is_no_such_file) {
  Environment environment;
  EXPECT_EQ(to_text(environment.add_file("/nowhere/.env")),
            "cannot read /nowhere/.env: there is no such file\n");
}

TEST(Environment, knows_the_variables_of_the_process) {
  EXPECT_NE(value(Environment::of_process(), "PATH"), "(unset)");
}

}  // namespace
}  // namespace sluice::engine
