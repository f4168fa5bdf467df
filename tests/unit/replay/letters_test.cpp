#include "replay/letters.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "letters/letter_book.hpp"
#include "memory/dead_letters.hpp"
#include "memory/journal.hpp"

namespace sluice::engine {
namespace {

DeadLetter letter(std::int64_t position, Code code = Code::handler_rejected, std::string type = "A",
                  std::string pipeline = "p") {
  DeadLetter made;
  made.pipeline = std::move(pipeline);
  made.topic = "t";
  made.position = {position};
  made.code = code;
  made.event_type = std::move(type);
  made.failed_at = Timestamp(std::chrono::seconds(position));
  return made;
}

class StandingLetters : public testing::Test {
 protected:
  std::vector<std::int64_t> standing(const LetterFilter& filter = {}) {
    std::vector<std::int64_t> positions;
    const auto read = standing_letters(letters, &journal, "p", 0, filter, [&](const DeadLetter& one) {
      positions.push_back(one.position.value);
      return true;
    });
    EXPECT_TRUE(read);
    return positions;
  }
  void keep(std::vector<DeadLetter> written) { ASSERT_TRUE(letters.write(written)); }
  void settle(const DeadLetter& one, Disposition disposition) {
    ASSERT_TRUE(journal.save_letters("p", to_records(one, disposition)));
  }

  memory::MemoryDeadLetters letters;
  memory::MemoryJournal journal;
};

TEST_F(StandingLetters, are_those_of_the_pipeline_alone) {
  keep({letter(1), letter(2, Code::handler_rejected, "A", "another"), letter(3)});
  EXPECT_EQ(standing(), (std::vector<std::int64_t>{1, 3}));
}

TEST_F(StandingLetters, are_not_those_replayed_or_discarded) {
  keep({letter(1), letter(2), letter(3)});
  settle(letter(1), Disposition::replayed);
  settle(letter(2), Disposition::discarded);
  EXPECT_EQ(standing(), (std::vector<std::int64_t>{3}));
}

// A process that was replaced may still write that it failed: the replay has applied it all the same.
TEST_F(StandingLetters, are_not_those_whose_failure_is_told_after_their_replay) {
  keep({letter(1)});
  settle(letter(1), Disposition::replayed);
  DeadLetter again = letter(1);
  again.failed_at += std::chrono::seconds(1);
  keep({again});
  EXPECT_TRUE(standing().empty());
}

TEST_F(StandingLetters, hold_only_what_was_not_replayed) {
  DeadLetter first = letter(1);
  first.unapplied = {{"h1", "c", "1"}};
  keep({first});
  settle(first, Disposition::replayed);
  DeadLetter second = letter(1);
  second.unapplied = {{"h2", "c", "1"}};
  keep({second});
  ASSERT_TRUE(standing_letters(letters, &journal, "p", 0, {}, [&](const DeadLetter& one) {
    EXPECT_EQ(one.unapplied, second.unapplied);
    return true;
  }));
  settle(second, Disposition::discarded);
  EXPECT_TRUE(standing().empty());
}

// The event failed as a whole, was replayed, and then a handler that was added later failed on it.
TEST_F(StandingLetters, of_a_later_handler_stand_beside_the_replay_of_the_whole_event) {
  DeadLetter later = letter(1);
  later.unapplied = {{"added", "c", "1"}};
  keep({letter(1), later});
  settle(letter(1), Disposition::replayed);
  ASSERT_TRUE(standing_letters(letters, &journal, "p", 0, {}, [&](const DeadLetter& one) {
    EXPECT_EQ(one.unapplied, later.unapplied);
    return true;
  }));
  EXPECT_EQ(standing(), (std::vector<std::int64_t>{1}));
}

TEST_F(StandingLetters, are_those_of_the_generation_alone) {
  DeadLetter newer = letter(1);
  newer.generation = 1;
  keep({letter(1), newer, letter(2)});
  settle(letter(1), Disposition::discarded);
  EXPECT_EQ(standing(), (std::vector<std::int64_t>{2}));
  std::vector<std::string> ids;
  ASSERT_TRUE(standing_letters(letters, &journal, "p", 1, {}, [&](const DeadLetter& one) {
    ids.push_back(one.id());
    return true;
  }));
  EXPECT_EQ(ids, (std::vector<std::string>{"p/t/0/1@1"}));
}

TEST_F(StandingLetters, are_those_of_which_only_the_intent_is_known_too) {
  keep({letter(1)});
  settle(letter(1), Disposition::intended);
  EXPECT_EQ(standing(), (std::vector<std::int64_t>{1}));
}

TEST_F(StandingLetters, are_chosen_by_code_or_by_family_of_codes) {
  keep({letter(1, Code::handler_rejected), letter(2, Code::handler_threw), letter(3, Code::decode_not_json)});
  EXPECT_EQ(standing({.ids = {}, .codes = {"handler.threw"}, .types = {}, .since = {}, .until = {}}),
            (std::vector<std::int64_t>{2}));
  EXPECT_EQ(standing({.ids = {}, .codes = {"handler"}, .types = {}, .since = {}, .until = {}}),
            (std::vector<std::int64_t>{1, 2}));
}

TEST_F(StandingLetters, are_chosen_by_type_id_and_time) {
  keep({letter(1), letter(2, Code::handler_rejected, "B"), letter(3)});
  EXPECT_EQ(standing({.ids = {}, .codes = {}, .types = {"B"}, .since = {}, .until = {}}),
            (std::vector<std::int64_t>{2}));
  EXPECT_EQ(standing({.ids = {letter(3).id()}, .codes = {}, .types = {}, .since = {}, .until = {}}),
            (std::vector<std::int64_t>{3}));
  EXPECT_EQ(standing({.ids = {},
                      .codes = {},
                      .types = {},
                      .since = Timestamp(std::chrono::seconds(2)),
                      .until = Timestamp(std::chrono::seconds(3))}),
            (std::vector<std::int64_t>{2}));
}

TEST_F(StandingLetters, are_given_until_the_caller_has_enough) {
  keep({letter(1), letter(2), letter(3)});
  int seen = 0;
  ASSERT_TRUE(standing_letters(letters, nullptr, "p", 0, {}, [&](const DeadLetter&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace sluice::engine
