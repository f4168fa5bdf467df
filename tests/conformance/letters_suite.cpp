// One suite for dead letters, run against everything that keeps them: letters_worlds.cpp and its like.
#include "letters_suite.hpp"

namespace sluice::engine::conformance {
namespace {

TEST_P(DeadLettersSuite, there_are_none_at_first) { EXPECT_TRUE(read().empty()); }

TEST_P(DeadLettersSuite, a_letter_comes_back_whole) {
  write({letter(1)});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  expect_same(all[0], letter(1));
}

TEST_P(DeadLettersSuite, a_record_without_key_value_or_event_comes_back_so) {
  DeadLetter bare = letter(1);
  bare.key.reset();
  bare.value.reset();
  bare.headers.clear();
  bare.event_id.clear();
  bare.event_type.clear();
  bare.unapplied.clear();
  bare.code = Code::decode_empty;
  DeadLetter empty = letter(2);
  empty.key = "";
  empty.value = "";
  write({bare, empty});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  expect_same(all[0], bare);
  expect_same(all[1], empty);
}

TEST_P(DeadLettersSuite, bytes_that_are_no_text_come_back_byte_by_byte) {
  DeadLetter binary = letter(1);
  binary.key = std::string("\x00\x01\xff", 3);
  binary.value = std::string("\x00\x00\x00\x00\x05\xc3\x28 avro\n\"", 14);
  binary.headers = {{"traceparent", std::string("\xfe\xff", 2)}, {"text", std::string("a\0b", 3)}};
  write({binary});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  expect_same(all[0], binary);
}

// As of producers that write microseconds where Kafka has milliseconds.
TEST_P(DeadLettersSuite, a_record_of_a_year_beyond_all_calendars_comes_back) {
  DeadLetter later = letter(1);
  later.timestamp = Timestamp(milliseconds(1'763'700'000'123'456));
  write({later, letter(2)});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  expect_same(all[0], later);
}

TEST_P(DeadLettersSuite, an_event_of_very_many_changes_comes_back) {
  DeadLetter wide = letter(1);
  for (int i = 0; i < 40'000; ++i) wide.unapplied.push_back({"h", "c", std::to_string(i)});
  write({wide});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].unapplied.size(), wide.unapplied.size());
}

TEST_P(DeadLettersSuite, a_value_of_megabytes_comes_back) {
  DeadLetter large = letter(1);
  large.value = std::string(std::size_t{20} << 20U, 'x');
  write({large});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].value, large.value);
}

TEST_P(DeadLettersSuite,
       a_letter_written_twice_is_the_last_one_at_its_first_place_with_all_that_is_unapplied) {
  DeadLetter again = letter(1);
  again.reason = "another reason";
  again.unapplied = {{"stats", "statistics", "\"all\""}};
  write({letter(1), letter(2)});
  write({letter(3), again});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 3U);
  DeadLetter both = again;
  add_unapplied(both.unapplied, letter(1).unapplied);
  expect_same(all[0], both);
  EXPECT_EQ(all[1].position, Position{2});
  EXPECT_EQ(all[2].position, Position{3});
}

TEST_P(DeadLettersSuite, a_letter_of_the_whole_event_keeps_what_another_writing_names) {
  DeadLetter whole = letter(1);
  whole.unapplied.clear();
  write({whole, letter(1)});
  write({letter(2)});
  DeadLetter later = letter(2);
  later.unapplied.clear();
  write({later});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  std::vector<Unapplied> both = letter(1).unapplied;
  both.push_back(whole_event);
  for (const DeadLetter& one : all) EXPECT_THAT(one.unapplied, testing::UnorderedElementsAreArray(both));
}

TEST_P(DeadLettersSuite, letters_of_another_generation_are_others) {
  DeadLetter newer = letter(1);
  newer.generation = 2;
  write({letter(1), newer});
  restart();
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].generation, 0);
  EXPECT_EQ(all[1].generation, 2);
}

TEST_P(DeadLettersSuite, letters_of_other_pipelines_topics_and_partitions_are_others) {
  DeadLetter pipeline = letter(1);
  pipeline.pipeline = "other";
  DeadLetter topic = letter(1);
  topic.topic = "other 'topic' \"x\"";
  DeadLetter partition = letter(1);
  partition.partition = 7;
  write({letter(1), pipeline, topic, partition});
  restart();
  EXPECT_EQ(read().size(), 4U);
}

TEST_P(DeadLettersSuite, reading_ends_when_it_is_told_to) {
  write({letter(1), letter(2), letter(3)});
  EXPECT_EQ(read(2).size(), 2U);
  EXPECT_EQ(read().size(), 3U);
}

TEST_P(DeadLettersSuite, writing_goes_on_after_a_restart) {
  write({letter(1)});
  restart();
  write({letter(2)});
  EXPECT_EQ(read().size(), 2U);
}

TEST_P(DeadLettersSuite, writing_none_is_no_error) {
  write({});
  EXPECT_TRUE(read().empty());
}

}  // namespace
}  // namespace sluice::engine::conformance
