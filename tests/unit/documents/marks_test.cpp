#include "documents/marks.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

Write guarded(std::string_view key, std::int64_t first, std::int64_t last) {
  Write write;
  write.watermark_key = key;
  write.first = Sequence(first);
  write.last = Sequence(last);
  return write;
}

Write replay(std::string_view id, std::int64_t sequence) {
  Write write = guarded("abcdefgh_0", sequence, sequence);
  write.replay_id = id;
  return write;
}

std::string text_of(const Marks& marks) {
  std::string text;
  marks.to_text(text);
  return text;
}

TEST(Marks, let_pass_only_what_is_beyond_the_watermark) {
  Marks marks;
  ASSERT_TRUE(marks.read(R"({"abcdefgh_0":10,"other_1":99})"));
  EXPECT_EQ(marks.check(guarded("abcdefgh_0", 10, 12)), Verdict::already_applied);
  EXPECT_EQ(marks.check(guarded("abcdefgh_0", 11, 12)), Verdict::go);
  EXPECT_EQ(marks.check(guarded("unknown_0", 0, 0)), Verdict::go);
}

TEST(Marks, keep_the_others_when_one_moves) {
  Marks marks;
  ASSERT_TRUE(marks.read(R"({"abcdefgh_0":10,"other_1":99})"));
  marks.note(guarded("abcdefgh_0", 11, 15));
  marks.note(guarded("third_2", 1, 1));
  EXPECT_EQ(text_of(marks), R"({"abcdefgh_0":15,"other_1":99,"third_2":1})");
}

TEST(Marks, know_a_letter_once_it_was_replayed_and_leave_the_watermark) {
  Marks marks;
  ASSERT_TRUE(marks.read(R"({"abcdefgh_0":10})"));
  const Write write = replay("p/\"odd\\topic\"/0/7", 7);
  EXPECT_EQ(marks.check(write), Verdict::go);
  marks.note(write);
  const std::string text = text_of(marks);
  Marks again;
  ASSERT_TRUE(again.read(text));
  EXPECT_EQ(again.check(write), Verdict::already_applied);
  EXPECT_EQ(again.check(replay("p/t/0/8", 8)), Verdict::go);
  EXPECT_EQ(again.check(guarded("abcdefgh_0", 11, 11)), Verdict::go);
  EXPECT_EQ(again.check(guarded("abcdefgh_0", 10, 10)), Verdict::already_applied);
  again.note(replay("p/t/0/8", 8));
  EXPECT_TRUE(text_of(again).ends_with(R"(,"p/t/0/8"]})"));
}

TEST(Marks, hold_back_a_replay_that_would_overwrite_what_is_newer) {
  Marks marks;
  ASSERT_TRUE(marks.read(R"({"abcdefgh_0":10})"));
  Write write = replay("p/t/0/7", 7);
  write.change.kind = ChangeKind::replace;
  EXPECT_EQ(marks.check(write), Verdict::go);
  write.refuse_if_newer = true;
  EXPECT_EQ(marks.check(write), Verdict::overtaken);
  const Operation increment{Operator::inc, "n", {}};
  write.change.kind = ChangeKind::patch;
  write.change.operations = {&increment, 1};
  EXPECT_EQ(marks.check(write), Verdict::go);
  write.change.kind = ChangeKind::remove;
  write.last = Sequence(10);
  EXPECT_EQ(marks.check(write), Verdict::go);
}

TEST(Marks, of_a_first_write_read_back) {
  std::string text;
  Marks::first_text(guarded("abcdefgh_0", 3, 5), text);
  EXPECT_EQ(text, R"({"abcdefgh_0":5})");
  Marks::first_text(replay("p/t/0/7", 7), text);
  EXPECT_EQ(text, R"({"replayed":["p/t/0/7"]})");
  Marks marks;
  EXPECT_TRUE(marks.read(text));
}

TEST(Marks, refuse_what_they_did_not_write) {
  Marks marks;
  EXPECT_TRUE(marks.read(""));
  EXPECT_TRUE(marks.read("{}"));
  for (const char* bad :
       {"[]", "{", R"({"a":})", R"({"a":1)", R"({"a":1,})", R"({"a":1}x)", R"({"a" 1})",
        R"({"replayed":["x})", R"({"replayed":[]})", R"({"a":1 "b":2})", R"({"a":99999999999999999999})"})
    EXPECT_FALSE(marks.read(bad)) << bad;
}

}  // namespace
}  // namespace sluice::engine
