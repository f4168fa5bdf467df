// What each kind of change does to a document.
#include "documents/apply.hpp"
#include "store_suite.hpp"

namespace sluice::engine {
namespace {

using StoreChanges = StoreSuite;
INSTANTIATE_TEST_SUITE_P(Store, StoreChanges, testing::ValuesIn(all_stores()), kind_name);

TEST_P(StoreChanges, an_insert_makes_the_document) {
  EXPECT_EQ(write(insert("'a'", "{'name':'Anna','tags':['x']}").at(1)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'name':'Anna','tags':['x']}"));
}

TEST_P(StoreChanges, an_insert_of_what_another_made_is_a_conflict) {
  ASSERT_EQ(write(insert("'a'").at(1)), Outcome::applied);
  const WriteResult second = result_of(insert("'a'", "{'n':2}").at(2));
  EXPECT_EQ(second.outcome, Outcome::rejected);
  EXPECT_EQ(second.code, Code::store_conflict);
  EXPECT_FALSE(second.reason.empty());
  EXPECT_EQ(document("'a'"), same("{'n':1}"));
}

TEST_P(StoreChanges, a_replace_makes_or_replaces_the_document) {
  EXPECT_EQ(write(replace("'a'", "{'n':1,'old':true}").at(1)), Outcome::applied);
  EXPECT_EQ(write(replace("'a'", "{'n':2}").at(2)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':2}"));
}

TEST_P(StoreChanges, a_patch_makes_the_document_when_there_is_none) {
  EXPECT_EQ(
      write(patch("'a'").set("x.y", "1").inc("n", "2").op(Operator::set_on_insert, "first", "true").at(1)),
      Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'x':{'y':1},'n':2,'first':true}"));
}

TEST_P(StoreChanges, a_removed_document_is_gone_and_may_come_again) {
  ASSERT_EQ(write(insert("'a'").at(1)), Outcome::applied);
  EXPECT_EQ(write(remove("'a'").at(2)), Outcome::applied);
  EXPECT_EQ(document("'a'"), "none");
  EXPECT_EQ(write(remove("'a'").at(3)), Outcome::applied);
  EXPECT_EQ(write(insert("'a'", "{'n':4}").at(4)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':4}"));
}

struct Case {
  std::string before;
  Writing patch;
};

std::vector<Case> patches() {
  using enum Operator;
  const auto patch = [](Operator op, std::string_view path, std::string_view value = "null") {
    return Writing(ChangeKind::patch, "users", "'a'").op(op, path, value);
  };
  return {
      {"{'a':1,'b':{'c':2}}", patch(set, "b.c", "'x'")},
      {"{'a':1}", patch(set, "b.c.d", "[1,{'e':2}]")},
      {"{'a':[{'x':1},{'x':2}]}", patch(set, "a.1.x", "9")},
      {"{'a':[1,2]}", patch(set, "a.2", "3")},
      {"{'a':'text'}", patch(set, "a.b", "1")},
      {"{'a':1}", patch(set_on_insert, "b", "1").set("c", "2")},
      {"{'a':{'b':1,'c':2}}", patch(unset, "a.b").op(unset, "x.y")},
      {"{'a':[1,2]}", patch(unset, "a.0")},
      {"{'a':1}", patch(inc, "a", "41")},
      {"{'a':2147483647}", patch(inc, "a", "1")},
      {"{'a':{'$numberLong':'9223372036854775807'}}", patch(inc, "a", "1")},
      {"{'a':1}", patch(inc, "a", "0.5")},
      {"{'a':1.5}", patch(inc, "a", "-1")},
      {"{}", patch(inc, "a.b", "3")},
      {"{'a':'1'}", patch(inc, "a", "1")},
      {"{'a':5}", patch(min, "a", "3")},
      {"{'a':5}", patch(min, "a", "7")},
      {"{'a':{'$date':'2026-11-21T08:00:00Z'}}", patch(max, "a", "{'$date':'2026-11-21T09:00:00Z'}")},
      {"{'a':{'$date':'2026-11-21T08:00:00Z'}}", patch(max, "a", "{'$date':'2026-11-21T07:00:00Z'}")},
      {"{'a':5}", patch(max, "a", "'text'")},
      {"{}", patch(max, "a", "1")},
      {"{'a':[1]}", patch(push, "a", "{'b':1}").op(push, "a", "1")},
      {"{}", patch(push, "a.b", "1")},
      {"{'a':1}", patch(push, "a", "1")},
      {"{'a':[1,'x']}", patch(add_to_set, "a", "1.0").op(add_to_set, "a", "'x'").op(add_to_set, "a", "2")},
      {"{'a':[{'p':1,'q':2}]}", patch(add_to_set, "a", "{'p':1,'q':2}").op(add_to_set, "a", "{'p':2}")},
      {"{'a':{}}", patch(add_to_set, "a", "1")},
      {"{'a':[1,2,1,'1']}", patch(pull, "a", "1")},
      {"{'k':1}", patch(pull, "a.b", "1")},
      {"{'a':{'x':[1]},'b':1}", patch(inc, "b", "1").op(push, "a.x", "2").set("c", "null").op(unset, "k")},
      {"{'a':[1,2]}", patch(set, "b", "1").skip_if_contains("a", "2")},
      {"{'a':[1,2]}", patch(set, "b", "1").skip_if_contains("a", "3").skip_if_exists("c")},
      {"{'a':{'b':null}}", patch(set, "b", "1").skip_if_exists("a.b")},
      {"{'a':1}", patch(set, "b", "1").skip_if_exists("")},
      {"{'a':1}", patch(set, "b", "1").wait_until_exists()},
  };
}

TEST_P(StoreChanges, every_operator_does_what_core_apply_says) {
  std::int64_t sequence = 0;
  for (Case& one : patches()) {
    ASSERT_EQ(write(replace("'a'", one.before).at(++sequence)), Outcome::applied);
    one.patch.at(++sequence);
    const Document before(one.before);
    bson::Writer after;
    const Applied expected = apply(one.patch.write().change, before.view(), after);

    EXPECT_EQ(write(one.patch), expected.outcome) << one.before << " " << sequence;
    EXPECT_EQ(document("'a'"),
              sorted_json(expected.outcome == Outcome::applied ? after.finish() : before.view()))
        << one.before << " " << sequence;
  }
}

TEST_P(StoreChanges, a_patch_that_waits_leaves_nothing_and_goes_through_later) {
  const Writing waits = patch("'a'").inc("n", "1").wait_until_exists().at(5);
  EXPECT_EQ(write(waits), Outcome::waiting);
  EXPECT_EQ(document("'a'"), "none");
  ASSERT_EQ(write(insert("'a'").key("other_1").at(1)), Outcome::applied);
  EXPECT_EQ(write(waits), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'n':2}"));
}

TEST_P(StoreChanges, one_refused_change_leaves_the_rest_of_its_batch_alone) {
  ASSERT_EQ(write(insert("'text'", "{'n':'x'}").at(1)), Outcome::applied);
  const auto results =
      results_of({insert("'a'").at(2), patch("'text'").inc("n", "1").at(2), insert("'text'").at(3),
                  patch("'none'").inc("n", "1").wait_until_exists().at(4), insert("'b'").at(5)});
  EXPECT_EQ(results[0].outcome, Outcome::applied);
  EXPECT_EQ(results[1].outcome, Outcome::rejected);
  EXPECT_EQ(results[1].code, Code::store_refused);
  EXPECT_FALSE(results[1].reason.empty());
  EXPECT_EQ(results[2].outcome, Outcome::rejected);
  EXPECT_EQ(results[3].outcome, Outcome::waiting);
  EXPECT_EQ(results[4].outcome, Outcome::applied);
  EXPECT_EQ(world().count("users"), 3U);
}

TEST_P(StoreChanges, ids_of_other_types_are_other_documents) {
  const std::vector<std::string> ids{"'1'",
                                     "1",
                                     "-9007199254740993",
                                     "{'$oid':'5f2b8a6f9c00d1e2f3a4b5c6'}",
                                     "'{\\u0022$oid\\u0022:\\u00225f2b8a6f9c00d1e2f3a4b5c6\\u0022}'",
                                     "{'$binary':{'base64':'AQID','subType':'00'}}",
                                     "{'$binary':{'base64':'DFx9DpwfTV6hEV8rim+cAA==','subType':'04'}}",
                                     "{'$date':'2026-11-21T08:06:32.584Z'}",
                                     "'Zoë 🙂 \\n \\u0022 %_'"};
  std::int64_t sequence = 0;
  for (const std::string& id : ids)
    EXPECT_EQ(write(insert(id, "{'n':" + std::to_string(++sequence) + "}").at(1)), Outcome::applied) << id;
  EXPECT_EQ(world().count("users"), ids.size());
  sequence = 0;
  for (const std::string& id : ids) {
    EXPECT_EQ(document(id), same("{'n':" + std::to_string(++sequence) + "}")) << id;
    EXPECT_EQ(write(insert(id).at(1)), Outcome::already_applied) << id;
  }
}

TEST_P(StoreChanges, values_of_every_type_come_back_as_they_were) {
  const std::string content =
      "{'date':{'$date':'2026-11-21T08:06:32.584Z'},'before':{'$date':{'$numberLong':'-62135596800000'}},"
      "'far':{'$date':{'$numberLong':'253402300800000'}},'decimal':{'$numberDecimal':'12345678901234567890.5'"
      "},"
      "'oid':{'$oid':'5f2b8a6f9c00d1e2f3a4b5c6'},'binary':{'$binary':{'base64':'AQID','subType':'04'}},"
      "'null':null,'yes':true,'no':false,'double':0.1,'whole':2.0,'tiny':5e-324,'huge':1."
      "7976931348623157e308,"
      "'nan':{'$numberDouble':'NaN'},'inf':{'$numberDouble':'-Infinity'},'zero':-0.0,"
      "'int':-2147483648,'long':{'$numberLong':'-9223372036854775808'},'odd':9007199254740993,"
      "'text':'Zoë 🙂 \\u0000 \\u001f \\u2028 \\\\ / \\u0022','empty':'','list':[],'object':{},"
      "'nested':{'list':[1,[2,[3,{'a':null}]]]},'regex':{'$regularExpression':{'pattern':'a/"
      "b','options':'i'}},"
      "'time':{'$timestamp':{'t':5,'i':7}},'1':'digit','a b':'space','Ünï':'name'}";
  ASSERT_EQ(write(insert("'a'", content).at(1)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same(content));
  ASSERT_EQ(write(patch("'a'").set("added", "1").at(2)), Outcome::applied);
  ASSERT_EQ(write(patch("'a'").op(Operator::unset, "added").at(3)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same(content));
}

TEST_P(StoreChanges, a_big_document_is_kept_and_one_too_big_refused) {
  const std::string eight(std::size_t{8} << 20U, 'x');
  ASSERT_EQ(write(insert("'a'", "{'big':'" + eight + "'}").at(1)), Outcome::applied);
  EXPECT_EQ(document("'a'"), same("{'big':'" + eight + "'}"));
  EXPECT_EQ(write(patch("'a'").set("more", "'" + eight + "'").at(2)), Outcome::rejected);
  EXPECT_EQ(write(patch("'a'").set("n", "1").at(3)), Outcome::applied);
}

TEST_P(StoreChanges, collections_may_have_odd_names_and_come_unannounced) {
  for (const char* name : {"select", "a.b-c_D", "123", "users.n"}) {
    const Writing one = Writing(ChangeKind::insert, name, "'a'").content("{'n':1}").at(1);
    EXPECT_EQ(write(one), Outcome::applied) << name;
    EXPECT_EQ(document("'a'", name), same("{'n':1}")) << name;
  }
  restart();
  EXPECT_EQ(write(Writing(ChangeKind::patch, "select", "'a'").inc("n", "1").at(2)), Outcome::applied);
  EXPECT_EQ(document("'a'", "select"), same("{'n':2}"));
}

TEST_P(StoreChanges, a_thousand_writes_of_one_batch_are_all_there) {
  std::vector<Writing> batch;
  for (int i = 0; i < 1000; ++i)
    batch.push_back(insert(std::to_string(i), "{'n':" + std::to_string(i) + "}").at(i + 1));
  for (const WriteResult& result : results_of(batch)) EXPECT_EQ(result.outcome, Outcome::applied);
  EXPECT_EQ(world().count("users"), 1000U);
  EXPECT_EQ(document("999"), same("{'n':999}"));
}

TEST_P(StoreChanges, a_taken_unique_value_waits_until_it_is_free) {
  prepare({{"users", {{.keys = {{"contact.email"}}, .unique = true}, {.keys = {{"n", true}}}}, false}});
  ASSERT_EQ(write(insert("'a'", "{'contact':{'email':'x'}}").at(1)), Outcome::applied);
  const auto results = results_of({insert("'b'", "{'contact':{'email':'x'}}").at(2),
                                   insert("'c'", "{'contact':{'email':'y'}}").at(3), insert("'d'").at(4),
                                   insert("'e'").at(5), patch("'f'").set("contact.email", "'x'").at(6)});
  EXPECT_EQ(results[0].outcome, Outcome::waiting);
  EXPECT_EQ(results[0].code, Code::store_conflict);
  EXPECT_EQ(results[1].outcome, Outcome::applied);
  EXPECT_EQ(results[2].outcome, Outcome::applied) << "documents without the field are none other's business";
  EXPECT_EQ(results[3].outcome, Outcome::applied);
  EXPECT_EQ(results[4].outcome, Outcome::waiting);
  EXPECT_EQ(document("'b'"), "none");

  EXPECT_EQ(write(insert("'a'", "{'contact':{'email':'x'}}").at(1)), Outcome::already_applied);
  EXPECT_EQ(write(patch("'a'").set("seen", "true").at(7)), Outcome::applied)
      << "its own value is not in its way";
  EXPECT_EQ(write(patch("'c'").set("contact.email", "'x'").at(8)), Outcome::waiting);
  ASSERT_EQ(write(patch("'a'").set("contact.email", "'z'").at(9)), Outcome::applied);
  EXPECT_EQ(write(insert("'b'", "{'contact':{'email':'x'}}").at(2)), Outcome::applied);
}

TEST_P(StoreChanges, preparing_again_changes_nothing) {
  const std::vector<CollectionSpec> specs{{"users", {{.keys = {{"n"}}}}, false}};
  prepare(specs);
  ASSERT_EQ(write(insert("'a'").at(1)), Outcome::applied);
  prepare(specs);
  restart();
  EXPECT_EQ(document("'a'"), same("{'n':1}"));
  EXPECT_EQ(write(insert("'a'").at(1)), Outcome::already_applied);
}

}  // namespace
}  // namespace sluice::engine
