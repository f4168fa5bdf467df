// The exact statements that carry each kind of write.
#include "mongodb/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/writing.hpp"

namespace sluice::engine::mongodb {
namespace {

using testing::HasSubstr;

Writing patch() { return {ChangeKind::patch, "users", "'a'"}; }
Writing insert() { return Writing(ChangeKind::insert, "users", "'a'").content("{'n':1}"); }
Writing replace() { return Writing(ChangeKind::replace, "users", "'a'").content("{'n':'$x'}"); }
Writing remove() { return {ChangeKind::remove, "users", "'a'"}; }

std::string statement(const Writing& writing, Form form) {
  Planner planner;
  bson::Writer out;
  out.begin_array("s");
  const auto appended = planner.append(writing.write(), form, out);
  if (!appended) return appended.error().message;
  return json(bson::View(out.finish().find("s").data).begin()->value.as_document().value());
}

std::string same(std::string_view text) { return json(Document(text).view()); }

Form first(const Writing& writing, bool tombstones = false) {
  return first_form(writing.write(), tombstones);
}

TEST(Plan, what_is_new_by_its_nature_is_inserted) {
  EXPECT_EQ(first(insert()), Form::insert);
  EXPECT_EQ(first(patch().set("n", "1").skip_if_exists("")), Form::insert);
  EXPECT_EQ(first(patch().set("n", "1")), Form::upsert);
  EXPECT_EQ(first(replace()), Form::upsert);
}

TEST(Plan, what_waits_makes_no_document) {
  EXPECT_EQ(first(patch().set("n", "1").wait_until_exists()), Form::update);
  EXPECT_EQ(first(patch().set("n", "1").wait_until_exists().skip_if_exists("")), Form::update);
}

TEST(Plan, a_removal_deletes_or_leaves_a_tombstone) {
  EXPECT_EQ(first(remove()), Form::remove);
  EXPECT_EQ(first(remove(), true), Form::upsert);
}

TEST(Plan, several_operators_on_one_array_are_computed_here) {
  EXPECT_EQ(first(patch().op(Operator::push, "a", "1").op(Operator::pull, "a", "2")), Form::swap);
  EXPECT_EQ(first(patch().op(Operator::push, "a", "1").op(Operator::push, "a", "2")), Form::upsert);
  EXPECT_EQ(first(patch().op(Operator::push, "a", "1").op(Operator::pull, "b", "2")), Form::upsert);
}

TEST(Plan, an_insert_carries_the_watermark_in_the_document) {
  EXPECT_EQ(statement(insert().group(7, 9), Form::insert),
            same("{'_id':'a','n':1,'_sluice':{'k3vq2xha_0':9}}"));
  EXPECT_EQ(statement(insert().at(7).replay("p/t/0/7"), Form::insert),
            same("{'_id':'a','n':1,'_sluice':{'replayed':['p/t/0/7']}}"));
}

TEST(Plan, a_patch_that_only_makes_is_computed_and_inserted) {
  EXPECT_EQ(statement(patch().inc("a.b", "2").op(Operator::push, "c", "1").at(3), Form::insert),
            same("{'_id':'a','a':{'b':2},'c':[1],'_sluice':{'k3vq2xha_0':3}}"));
}

TEST(Plan, a_patch_that_no_document_can_take_is_refused) {
  EXPECT_NE(statement(patch().inc("a", "'x'").at(3), Form::insert).find("inc needs a number"),
            std::string::npos);
}

TEST(Plan, a_patch_is_one_guarded_upsert) {
  EXPECT_EQ(
      statement(patch().set("x.y", "true").inc("n", "1").op(Operator::unset, "old").group(5, 8),
                Form::upsert),
      same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'_sluice.removed':{'$exists':false}},"
           "'u':{'$set':{'_sluice.k3vq2xha_0':8,'x.y':true},'$unset':{'old':''},'$inc':{'n':1}},"
           "'upsert':true}"));
}

TEST(Plan, every_operator_has_its_name) {
  EXPECT_EQ(
      statement(patch()
                    .op(Operator::set_on_insert, "a", "1")
                    .op(Operator::min, "b", "2")
                    .op(Operator::max, "c", "3")
                    .op(Operator::push, "d", "4")
                    .op(Operator::add_to_set, "e", "5")
                    .op(Operator::pull, "f", "{'g':6}")
                    .at(5),
                Form::upsert),
      same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'_sluice.removed':{'$exists':false}},"
           "'u':{'$set':{'_sluice.k3vq2xha_0':5},'$setOnInsert':{'a':1},'$min':{'b':2},'$max':{'c':3},"
           "'$push':{'d':4},'$addToSet':{'e':5},'$pullAll':{'f':[{'g':6}]}},'upsert':true}"));
}

TEST(Plan, what_an_array_gets_several_times_is_one_field) {
  EXPECT_EQ(
      statement(patch()
                    .op(Operator::push, "a", "1")
                    .op(Operator::push, "b", "2")
                    .op(Operator::push, "a", "[3]")
                    .op(Operator::add_to_set, "s", "1")
                    .op(Operator::add_to_set, "s", "2")
                    .op(Operator::pull, "p", "1")
                    .op(Operator::pull, "p", "2")
                    .wait_until_exists()
                    .at(5),
                Form::update),
      same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'_sluice.removed':{'$exists':false}},"
           "'u':{'$set':{'_sluice.k3vq2xha_0':5},'$push':{'a':{'$each':[1,[3]]},'b':2},"
           "'$addToSet':{'s':{'$each':[1,2]}},'$pullAll':{'p':[1,2]}}}"));
}

TEST(Plan, conditions_keep_an_update_from_the_document) {
  EXPECT_EQ(
      statement(patch().inc("n", "1").skip_if_contains("tags", "'u'").skip_if_exists("done").at(5),
                Form::upsert),
      same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'_sluice.removed':{'$exists':false},"
           "'$and':[{'$nor':[{'tags':{'$elemMatch':{'$eq':'u'}}},{'done':{'$exists':true}}]}]},"
           "'u':{'$set':{'_sluice.k3vq2xha_0':5},'$inc':{'n':1}},'upsert':true}"));
}

// As text: Extended JSON takes "$type" for a binary.
TEST(Plan, no_array_but_by_index_may_be_on_the_way_of_a_condition) {
  EXPECT_THAT(
      statement(patch().skip_if_contains("p.q.users", "'u'").at(5), Form::upsert),
      HasSubstr(
          R"([ { "p.q.users" : { "$elemMatch" : { "$eq" : "u" } }, "p" : { "$not" : { "$type" : "array" } }, "p.q" : { "$not" : { "$type" : "array" } } } ])"));
  EXPECT_THAT(
      statement(patch().skip_if_exists("a.0.b").at(5), Form::upsert),
      HasSubstr(R"([ { "a.0.b" : { "$exists" : true }, "a.0" : { "$not" : { "$type" : "array" } } } ])"));
}

TEST(Plan, a_skip_moves_the_watermark_where_a_condition_holds) {
  EXPECT_EQ(
      statement(patch().inc("n", "1").skip_if_exists("").at(5), Form::skip),
      same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'_sluice.removed':{'$exists':false},"
           "'$and':[{'$or':[{'_id':{'$exists':true}}]}]},'u':{'$set':{'_sluice.k3vq2xha_0':5}}}"));
}

TEST(Plan, a_replace_keeps_the_marks_of_others_and_takes_its_content_literally) {
  EXPECT_EQ(
      statement(replace().at(5), Form::upsert),
      same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}}},"
           "'u':[{'$replaceWith':{'$mergeObjects':[{'$literal':{'n':'$x'}},{'_id':'$_id',"
           "'_sluice':{'$mergeObjects':['$_sluice',{'k3vq2xha_0':5}]}}]}},{'$unset':'_sluice.removed'}],"
           "'upsert':true}"));
}

TEST(Plan, a_tombstone_is_the_marks_alone) {
  EXPECT_EQ(statement(remove().at(5), Form::upsert),
            same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}}},"
                 "'u':[{'$replaceWith':{'_id':'$_id','_sluice':{'$mergeObjects':['$_sluice',"
                 "{'k3vq2xha_0':5,'removed':true}]}}}],'upsert':true}"));
}

TEST(Plan, a_delete_is_guarded) {
  EXPECT_EQ(statement(remove().at(5), Form::remove),
            same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}}},'limit':1}"));
}

TEST(Plan, a_tombstone_comes_to_life_as_a_new_document) {
  EXPECT_EQ(statement(patch().set("a", "1").op(Operator::set_on_insert, "b", "2").skip_if_exists("x").at(5),
                      Form::revive),
            same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'_sluice.removed':true},"
                 "'u':{'$set':{'_sluice.k3vq2xha_0':5,'a':1,'b':2},'$unset':{'_sluice.removed':''}}}"));
}

TEST(Plan, a_replay_is_guarded_by_its_letter) {
  EXPECT_EQ(statement(patch().inc("n", "1").at(5).replay("p/t/0/5", true), Form::upsert),
            same("{'q':{'_id':'a','_sluice.replayed':{'$ne':'p/t/0/5'},'_sluice.removed':{'$exists':false}},"
                 "'u':{'$inc':{'n':1},'$push':{'_sluice.replayed':'p/t/0/5'}},'upsert':true}"));
  EXPECT_EQ(statement(remove().at(5).replay("p/t/0/5", true), Form::remove),
            same("{'q':{'_id':'a','_sluice.replayed':{'$ne':'p/t/0/5'},"
                 "'_sluice.k3vq2xha_0':{'$not':{'$gt':5}}},'limit':1}"));
  EXPECT_EQ(statement(remove().at(5).replay("p/t/0/5"), Form::upsert),
            same("{'q':{'_id':'a','_sluice.replayed':{'$ne':'p/t/0/5'}},'u':[{'$replaceWith':{'_id':'$_id',"
                 "'_sluice':{'$mergeObjects':['$_sluice',{'replayed':{'$concatArrays':["
                 "{'$ifNull':['$_sluice.replayed',[]]},{'$literal':['p/t/0/5']}]},'removed':true}]}}}],"
                 "'upsert':true}"));
}

TEST(Plan, what_was_computed_is_put_in_the_place_of_what_it_was_computed_from) {
  const Document before("{'_id':'a','n':1,'_sluice':{'k3vq2xha_0':3,'other_1':7,'removed':true}}");
  const Document after("{'n':2}");
  Planner planner;
  bson::Writer out;
  out.begin_array("s");
  const Writing writing = patch().at(5);
  planner.append_swap(writing.write(), before.view(), after.view(), out);
  EXPECT_EQ(json(bson::View(out.finish().find("s").data).begin()->value.as_document().value()),
            same("{'q':{'_id':'a','_sluice.k3vq2xha_0':{'$not':{'$gte':5}},'$and':[{'$expr':{'$eq':['$$ROOT',"
                 "{'$literal':"
                 "{'_id':'a','n':1,'_sluice':{'k3vq2xha_0':3,'other_1':7,'removed':true}}}]}}]},"
                 "'u':{'n':2,'_sluice':{'other_1':7,'k3vq2xha_0':5}}}"));
}

}  // namespace
}  // namespace sluice::engine::mongodb
