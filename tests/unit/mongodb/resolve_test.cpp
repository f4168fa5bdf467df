// The table that decides what became of a write.
#include "mongodb/resolve.hpp"

#include <gtest/gtest.h>

#include "support/writing.hpp"

namespace sluice::engine::mongodb {
namespace {

Writing a_patch() { return Writing(ChangeKind::patch, "users", "'a'").inc("n", "1").at(5); }
Writing an_insert() { return Writing(ChangeKind::insert, "users", "'a'").content("{'n':1}").at(5); }
Writing a_replace() { return Writing(ChangeKind::replace, "users", "'a'").content("{'n':1}").at(5); }
Writing a_removal() { return Writing(ChangeKind::remove, "users", "'a'").at(5); }

const Standing absent{};
const Standing tombstone{.presence = Presence::tombstone};
const Standing live{.presence = Presence::live};
const Standing reached{.presence = Presence::live, .reached = true};
const Standing exactly{.presence = Presence::live, .reached = true, .exactly = true};
const Standing overtaken{.presence = Presence::live, .overtaken = true};

const Answer not_done{Proof::not_done};
const Answer perhaps{Proof::perhaps};
const Answer unknown{Proof::unknown, Objection::none, "the connection was lost"};
const Answer taken{Proof::not_done, Objection::taken, "email_1"};
const Answer refused{Proof::not_done, Objection::refused, "validation"};

struct Row {
  std::string name;
  Writing writing;
  Attempt attempt;
  Answer answer;
  Standing standing;
  std::variant<Outcome, Form> becomes;
};

std::vector<Row> table() {
  using enum Outcome;
  const Attempt inserting{Form::insert};
  const Attempt upserting{Form::upsert};
  const Attempt updating{Form::update};
  const Attempt skipping{Form::skip};
  const Attempt deleting{Form::remove};
  const Attempt swapping{Form::swap};
  const Attempt reviving{Form::revive, true};
  const Attempt burying{Form::upsert, true};
  const Attempt checked{Form::upsert, false, true};
  const Writing waits = a_patch().wait_until_exists();
  const Writing conditional = a_patch().skip_if_exists("x");
  const Writing both = a_patch().wait_until_exists().skip_if_exists("x");
  const Writing makes = a_patch().skip_if_exists("");
  const Writing mixed = a_patch().op(Operator::push, "a", "1").op(Operator::pull, "a", "2");
  return {
      // The mark is there: it was applied, whoever did it.
      {"another left the mark", a_patch(), upserting, not_done, reached, already_applied},
      {"the mark is ours, but not of this try", a_patch(), upserting, not_done, exactly, already_applied},
      {"a lost answer, and the mark is there", a_patch(), upserting, unknown, exactly, applied},
      {"a lost answer, and others went on", a_patch(), upserting, unknown, reached, already_applied},
      {"one of several updates", waits, updating, perhaps, exactly, applied},
      {"a lost answer to a skip", conditional, skipping, unknown, exactly, skipped},
      {"the insert of before", an_insert(), inserting, not_done, exactly, already_applied},
      {"refused, but applied long ago", a_patch(), upserting, refused, reached, already_applied},
      {"taken, but applied long ago", an_insert(), inserting, taken, reached, already_applied},

      // A lost answer proves nothing: the outcome is open until the mark is there.
      {"lost, and no document", an_insert(), inserting, unknown, absent, retry},
      {"lost, and another document", an_insert(), inserting, unknown, live, retry},
      {"lost, and below the mark", a_patch(), upserting, unknown, live, retry},
      {"lost, but what was to go is gone", a_removal(), deleting, unknown, absent, applied},
      {"lost, and it is still there", a_removal(), deleting, unknown, live, retry},

      // There is no document.
      {"it went in between", an_insert(), inserting, not_done, absent, Form::insert},
      {"a race for a new document that was lost", a_patch(), upserting, not_done, absent, Form::upsert},
      {"replace, the same", a_replace(), upserting, not_done, absent, Form::upsert},
      {"nothing to wait for yet", waits, updating, not_done, absent, waiting},
      {"the same among several", waits, updating, perhaps, absent, waiting},
      {"nothing to remove", a_removal(), deleting, not_done, absent, applied},
      {"another holds its unique value", an_insert(), inserting, taken, absent, waiting},
      {"refused for good", a_patch(), upserting, refused, absent, rejected},
      {"a tombstone must come", a_removal(), burying, not_done, absent, Form::upsert},

      // There is a tombstone.
      {"an insert brings it to life", an_insert(), inserting, not_done, tombstone, Form::revive},
      {"a patch, too", a_patch(), upserting, not_done, tombstone, Form::revive},
      {"whatever the attempt to insert met", a_patch(), upserting, refused, tombstone, Form::revive},
      {"the same of a unique index", an_insert(), inserting, taken, tombstone, Form::revive},
      {"waiting for a removed one", waits, updating, not_done, tombstone, waiting},
      {"what is computed is computed anew", mixed, swapping, not_done, tombstone, Form::swap},
      {"revived with a taken value", an_insert(), reviving, taken, tombstone, waiting},
      {"revived as what is refused", a_patch(), reviving, refused, tombstone, rejected},
      {"buried again", a_removal(), burying, not_done, tombstone, Form::upsert},

      // There is a document, below the mark.
      {"an insert of what another made", an_insert(), inserting, not_done, live, rejected},
      {"the same, whatever else is wrong", an_insert(), inserting, taken, live, rejected},
      {"a race for a new document, won by another", a_patch(), upserting, not_done, live, Form::upsert},
      {"it came in between", waits, updating, not_done, live, Form::update},
      {"a condition may hold", conditional, upserting, not_done, live, Form::skip},
      {"the same where it waits", both, updating, not_done, live, Form::skip},
      {"the same where it only makes", makes, inserting, not_done, live, Form::skip},
      {"no condition holds any more", conditional, skipping, not_done, live, Form::upsert},
      {"the same where it waits", both, skipping, not_done, live, Form::update},
      {"no insert where a document is", makes, skipping, not_done, live, Form::upsert},
      {"a condition may be why it was refused", conditional, upserting, refused, live, Form::skip},
      {"it is not", conditional, checked, refused, live, rejected},
      {"nor why it is taken", conditional, checked, taken, live, waiting},
      {"its new value is taken", a_patch(), upserting, taken, live, waiting},
      {"it does not fit the document", a_patch(), upserting, refused, live, rejected},
      {"a replace, too", a_replace(), upserting, refused, live, rejected},
      {"it was changed meanwhile", mixed, swapping, not_done, live, Form::swap},
      {"removed next time", a_removal(), deleting, perhaps, live, Form::remove},
      {"a replay that newer events overtook", a_replace(), upserting, not_done, overtaken, rejected},
  };
}

TEST(Resolve, every_row_of_the_table) {
  for (const Row& row : table()) {
    const Write write = row.writing.write();
    const Decision decision = resolve(write, row.attempt, row.answer, row.standing);
    if (const Form* next = std::get_if<Form>(&row.becomes)) {
      ASSERT_TRUE(decision.next) << row.name << ": " << to_text(decision.result.outcome);
      EXPECT_EQ(static_cast<int>(*decision.next), static_cast<int>(*next)) << row.name;
    } else {
      ASSERT_FALSE(decision.next) << row.name;
      EXPECT_EQ(to_text(decision.result.outcome), to_text(std::get<Outcome>(row.becomes))) << row.name;
      const bool explained = decision.result.outcome == Outcome::rejected ||
                             decision.result.outcome == Outcome::waiting ||
                             decision.result.outcome == Outcome::retry;
      EXPECT_EQ(explained, !decision.result.reason.empty()) << row.name;
    }
  }
}

TEST(Resolve, some_answers_need_no_look) {
  const auto outcome = [](Form form, Proof proof) { return settled({form}, {proof}); };
  EXPECT_EQ(outcome(Form::upsert, Proof::done)->outcome, Outcome::applied);
  EXPECT_EQ(outcome(Form::skip, Proof::done)->outcome, Outcome::skipped);
  EXPECT_EQ(outcome(Form::insert, Proof::again)->outcome, Outcome::retry);
  EXPECT_EQ(outcome(Form::insert, Proof::fatal)->outcome, Outcome::fatal);
  for (const Proof open : {Proof::not_done, Proof::perhaps, Proof::unknown})
    EXPECT_FALSE(outcome(Form::insert, open));
}

TEST(Resolve, the_marks_of_a_document_are_read_for_the_write) {
  const Document document("{'_id':'a','_sluice':{'k3vq2xha_0':{'$numberLong':'7'},'replayed':['p/t/0/5']}}");
  const auto standing = [&](const Writing& writing) { return standing_of(writing.write(), document.view()); };
  EXPECT_TRUE(standing(a_patch().at(7)).exactly);
  EXPECT_TRUE(standing(a_patch().at(6)).reached);
  EXPECT_FALSE(standing(a_patch().at(6)).exactly);
  EXPECT_FALSE(standing(a_patch().at(8)).reached);
  EXPECT_TRUE(standing(a_patch().group(5, 9)).reached);
  EXPECT_FALSE(standing(a_patch().key("other_0").at(1)).reached);
  EXPECT_TRUE(standing(a_patch().at(5).replay("p/t/0/5")).reached);
  EXPECT_FALSE(standing(a_patch().at(5).replay("p/t/0/6")).reached);
  EXPECT_TRUE(standing(a_replace().at(5).replay("p/t/0/6", true)).overtaken);
  EXPECT_FALSE(standing(a_patch().at(5).replay("p/t/0/6", true)).overtaken) << "it overwrites nothing";
  EXPECT_FALSE(standing(a_replace().at(7).replay("p/t/0/6", true)).overtaken);
  EXPECT_EQ(standing_of(a_patch().write(), Document("{'_id':1,'_sluice':{'removed':true}}").view()).presence,
            Presence::tombstone);
  EXPECT_EQ(standing_of(a_patch().write(), Document("{'_id':1,'_sluice':'x'}").view()).presence,
            Presence::live);
}

}  // namespace
}  // namespace sluice::engine::mongodb
