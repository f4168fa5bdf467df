// What only the dead letters in a file promise: lines that other tools read, and a crash that tears one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "file/dead_letters.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

DeadLetter letter(std::int64_t position) {
  DeadLetter letter;
  letter.pipeline = "p";
  letter.topic = "t";
  letter.position = Position{position};
  letter.key = "k";
  letter.value = "v";
  letter.headers = {{"own", "1"}, {"__connect.errors.topic", "older"}, {"sluice.code", "older"}};
  letter.timestamp = Timestamp(milliseconds(1'763'700'000'123));
  letter.code = Code::route_no_match;
  return letter;
}

std::size_t count(file::FileDeadLetters& letters) {
  std::size_t seen = 0;
  const auto read = letters.read([&](const DeadLetter&) {
    ++seen;
    return true;
  });
  EXPECT_TRUE(read);
  return seen;
}

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(FileDeadLetters, are_lines_as_kcat_prints_them) {
  const TempFolder folder;
  file::FileDeadLetters letters(folder.file("dead.ndjson"));
  ASSERT_TRUE(letters.write(std::vector{letter(7)}));
  const std::string line = folder.read("dead.ndjson");
  EXPECT_TRUE(line.starts_with(
      R"({"topic":"t","partition":0,"offset":7,"tstype":"create","ts":1763700000123,"headers":["own","1",)"))
      << line;
  EXPECT_TRUE(line.ends_with(R"("key":"k","payload":"v"})"
                             "\n"))
      << line;
  EXPECT_THAT(line, HasSubstr(R"("__connect.errors.stage","TRANSFORMATION")"));
}

TEST(FileDeadLetters, replace_older_error_headers) {
  const TempFolder folder;
  file::FileDeadLetters letters(folder.file("dead.ndjson"));
  ASSERT_TRUE(letters.write(std::vector{letter(7)}));
  const std::string line = folder.read("dead.ndjson");
  EXPECT_EQ(occurrences(line, "\"__connect.errors.topic\""), 1U);
  EXPECT_EQ(occurrences(line, "\"sluice.code\""), 1U);
  EXPECT_EQ(occurrences(line, "older"), 0U);
}

TEST(FileDeadLetters, survive_a_line_that_a_crash_has_torn) {
  const TempFolder folder;
  file::FileDeadLetters letters(folder.file("dead.ndjson"));
  ASSERT_TRUE(letters.write(std::vector{letter(1), letter(2)}));
  const std::string whole = folder.read("dead.ndjson");
  for (const std::size_t cut :
       {whole.size() - 1, whole.size() - 2, whole.size() / 2 + 1, whole.size() / 2 + 40}) {
    folder.write("dead.ndjson", whole.substr(0, cut));
    const std::size_t left = count(letters);
    EXPECT_GE(left, 1U);
    ASSERT_TRUE(letters.write(std::vector{letter(3)}));
    EXPECT_EQ(count(letters), left + 1) << "cut at " << cut;
  }
}

TEST(FileDeadLetters, may_be_moved_away_while_in_use) {
  const TempFolder folder;
  file::FileDeadLetters letters(folder.file("dead.ndjson"));
  ASSERT_TRUE(letters.open());
  ASSERT_TRUE(letters.write(std::vector{letter(1)}));
  std::filesystem::rename(folder.file("dead.ndjson"), folder.file("dead.1"));
  EXPECT_EQ(count(letters), 0U);
  ASSERT_TRUE(letters.write(std::vector{letter(2)}));
  EXPECT_EQ(count(letters), 1U);
}

TEST(FileDeadLetters, wait_for_a_folder_and_refuse_one_in_their_place) {
  const TempFolder folder;
  file::FileDeadLetters missing(folder.file("later/dead.ndjson"));
  const auto opened = missing.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::dead_letters_unavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("does not exist"));
  std::filesystem::create_directory(folder.file("later"));
  EXPECT_TRUE(missing.open());

  file::FileDeadLetters directory(folder.file("later"));
  const auto refused = directory.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::dead_letters_fatal);
}

}  // namespace
}  // namespace sluice::engine
