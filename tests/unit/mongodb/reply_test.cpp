// What a server's reply proves about each statement.
#include "mongodb/reply.hpp"

#include <gtest/gtest.h>

#include "support/document.hpp"

namespace sluice::engine::mongodb {
namespace {

std::vector<Answer> answers_to(std::string_view reply, const std::vector<Form>& forms) {
  std::vector<Answer> answers(forms.size());
  read_reply(Document(reply).view(), forms, answers);
  return answers;
}

std::vector<Proof> proofs(std::string_view reply, const std::vector<Form>& forms) {
  std::vector<Proof> all;
  for (const Answer& answer : answers_to(reply, forms)) all.push_back(answer.proof);
  return all;
}

using P = std::vector<Proof>;

TEST(Reply, inserts_without_an_error_are_done) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':2}", {insert, insert}), (P{done, done}));
  EXPECT_EQ(proofs("{'ok':1,'n':1,'writeErrors':[{'index':0,'code':11000,'keyPattern':{'_id':1}}]}",
                   {insert, insert}),
            (P{not_done, done}));
}

TEST(Reply, totals_that_do_not_add_up_prove_nothing) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':1}", {insert, insert}), (P{unknown, unknown}));
  EXPECT_EQ(proofs("{'ok':1}", {upsert}), (P{unknown}));
  EXPECT_EQ(proofs("{'ok':1,'n':3}", {update, update}), (P{unknown, unknown}));
}

TEST(Reply, an_upsert_without_an_error_matched_or_inserted) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':2,'upserted':[{'index':1,'_id':'b'}],"
                   "'writeErrors':[{'index':2,'code':11000,'keyPattern':{'_id':1}}]}",
                   {upsert, upsert, upsert}),
            (P{done, done, not_done}));
}

TEST(Reply, updates_share_their_total) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':2}", {update, skip}), (P{done, done}));
  EXPECT_EQ(proofs("{'ok':1,'n':0}", {update, revive}), (P{not_done, not_done}));
  EXPECT_EQ(proofs("{'ok':1,'n':1}", {update, swap}), (P{perhaps, perhaps}));
}

TEST(Reply, upserts_do_not_blur_the_total_of_updates) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':2,'upserted':[{'index':0,'_id':'a'}]}", {upsert, update, upsert}),
            (P{done, not_done, done}));
  EXPECT_EQ(proofs("{'ok':1,'n':3,'upserted':[{'index':0,'_id':'a'}]}", {upsert, update, upsert}),
            (P{done, done, done}));
}

TEST(Reply, deletes_that_fall_short_are_in_doubt) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':1}", {remove, remove}), (P{perhaps, perhaps}));
  EXPECT_EQ(proofs("{'ok':1,'n':2.0}", {remove, remove}), (P{done, done}));
}

TEST(Reply, a_write_concern_that_was_not_met_leaves_all_unknown) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(proofs("{'ok':1,'n':2,'writeErrors':[{'index':1,'code':121,'errmsg':'x'}],"
                   "'writeConcernError':{'code':64,'errmsg':'timed out'}}",
                   {insert, insert, insert}),
            (P{unknown, not_done, unknown}));
  EXPECT_EQ(proofs("{'ok':1,'n':1,'writeConcernError':{'code':79,'errmsg':'no such mode'}}", {upsert}),
            (P{Proof::fatal}));
}

TEST(Reply, errors_are_sorted_by_their_codes) {
  using enum Form;
  const auto answers = answers_to(
      "{'ok':1,'n':0,'writeErrors':[{'index':0,'code':121,'errmsg':'failed validation'},"
      "{'index':1,'code':112,'errmsg':'conflict'},{'index':2,'code':13,'errmsg':'not allowed'},"
      "{'index':3,'code':987654,'errmsg':'new'},{'index':4,'code':11000,'keyPattern':{'email':1}}]}",
      {upsert, upsert, upsert, upsert, upsert});
  EXPECT_EQ(answers[0].objection, Objection::refused);
  EXPECT_NE(answers[0].reason.find("DocumentValidationFailure (121): failed validation"), std::string::npos);
  EXPECT_EQ(answers[1].proof, Proof::again);
  EXPECT_EQ(answers[2].proof, Proof::fatal);
  EXPECT_EQ(answers[3].objection, Objection::refused) << "one statement with an unknown error";
  EXPECT_EQ(answers[4].objection, Objection::taken);
}

TEST(Reply, duplicates_are_told_apart_by_key_pattern_or_the_index_in_the_message) {
  const auto another = [](std::string_view error) { return of_another_index(Document(error).view()); };
  EXPECT_FALSE(another("{'keyPattern':{'_id':1}}"));
  EXPECT_FALSE(another("{'keyPattern':{'_id':'hashed'}}"));
  EXPECT_TRUE(another("{'keyPattern':{'email':1}}"));
  EXPECT_TRUE(another("{'keyPattern':{'_id':1,'tenant':1}}"));
  EXPECT_FALSE(
      another("{'errmsg':'E11000 duplicate key error collection: d.c index: _id_ dup key: { _id: 1 }'}"));
  EXPECT_FALSE(another("{'errmsg':'E11000 duplicate key error index: d.c.$_id_ dup key: { : 1 }'}"));
  EXPECT_TRUE(
      another("{'errmsg':'E11000 duplicate key error collection: d.c index: email_1 dup key: { : 1 }'}"));
  EXPECT_FALSE(another("{'errmsg':'no word of it'}")) << "read back, which settles it";
}

TEST(Reply, rubbish_does_no_harm) {
  using enum Form;
  using enum Proof;
  EXPECT_EQ(
      proofs("{'n':'x','upserted':[1,{'index':-1},{'index':99}],'writeErrors':{'a':1},'writeConcernError':7}",
             {update, upsert}),
      (P{unknown, unknown}));
}

}  // namespace
}  // namespace sluice::engine::mongodb
