// What the doctor finds in MongoDB, and in what the pipeline has recorded there.
#include "doctor_scene.hpp"
#include "mongodb/store.hpp"

namespace sluice::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class DoctorOfMongoDb : public DoctorScene {
 protected:
  // As a first start leaves it.
  void prepare() {
    const std::vector<CollectionSpec> users{{"users", {{.keys = {{"email"}}}}, false}};
    ASSERT_TRUE(store_.prepare(users));
  }
  Journal& journal() { return store_.journal(); }
  void record(std::int64_t next, std::uint64_t checksum) {
    const PositionRecord position{
        .partition = {topic_, 0}, .next = {next}, .witness = {{next - 1}, checksum}};
    ASSERT_TRUE(journal().save_positions("activity", {&position, 1}));
  }

  mongodb::MongoStore store_{database_.settings()};
};

TEST_F(DoctorOfMongoDb, leaves_a_new_database_as_it_was) {
  const Said said = examine();
  EXPECT_THAT(said.text, AllOf(HasSubstr("MongoDB "), HasSubstr("write concern {w: majority, j: true"),
                               HasSubstr("collection users: Made at the first start, with its indexes.")));
  bson::Writer names;
  std::string listed = json(database_.run("{'listCollections':1}").view());
  EXPECT_THAT(listed, AllOf(Not(HasSubstr("_sluice")), Not(HasSubstr("users"))));
}

TEST_F(DoctorOfMongoDb, finds_nothing_wrong_after_a_start_and_removes_what_it_wrote) {
  prepare();
  const Said said = examine();
  EXPECT_EQ(said.status, healthy);
  EXPECT_THAT(said.text, AllOf(HasSubstr("No problem, no warning."), HasSubstr("its indexes are there"),
                               HasSubstr("breaker: Closed.")));
  EXPECT_TRUE(database_.find("_sluice").empty());
  EXPECT_TRUE(database_.find("users").empty());
}

TEST_F(DoctorOfMongoDb, tells_that_no_server_answers) {
  expect_problem(examine({{"uri", "mongodb://someone:secret@127.0.0.1:1/"}}),
                 "server: mongodb://***@127.0.0.1:1/: MongoDB, greeting the server",
                 "See that the server runs");
  EXPECT_THAT(examine({{"uri", "mongodb://someone:secret@127.0.0.1:1/"}}).text, Not(HasSubstr("secret")));
}

TEST_F(DoctorOfMongoDb, refuses_a_collection_that_cannot_hold_documents) {
  database_.run("{'create':'users','capped':true,'size':100000}");
  expect_problem(examine(), "'users' is capped", "Change it, or let `collections` map the name");
}

TEST_F(DoctorOfMongoDb, refuses_a_collection_that_is_sharded_otherwise) {
  database_.run("{'create':'users'}");
  const std::string id = "'_id':'" + database_.name() + ".users'";
  database_.run_on("config", "{'insert':'collections','documents':[{" + id + ",'key':{'region':1}}]}");
  const Said said = examine();
  database_.run_on("config", "{'delete':'collections','deletes':[{'q':{" + id + "},'limit':1}]}");
  expect_problem(said, "users' is sharded by region", "Shard it by _id, or leave it unsharded");
}

TEST_F(DoctorOfMongoDb, compares_indexes_with_those_wanted) {
  prepare();
  EXPECT_THAT(examine({{"collections", "indexes: [ { keys: { phone: 1 } } ]"}}).text,
              HasSubstr("made at the next start: phone_1."));
  expect_problem(examine({{"collections", "indexes: [ { keys: { email: 1 }, unique: true } ]"}}),
                 "Its index email_1 is not unique, but the configuration says otherwise", "Drop the index");
}

TEST_F(DoctorOfMongoDb, compares_what_indexes_take_and_not_their_names) {
  prepare();
  const std::string unique = "indexes: [ { keys: { phone: 1 }, unique: true } ]";
  const auto make_index = [&](const std::string& name, const std::string& filter) {
    database_.run("{'createIndexes':'users','indexes':[{'key':{'phone':1},'name':'" + name +
                  "','unique':true,'partialFilterExpression':" + filter + "}]}");
  };
  make_index("phone_1", "{'name':{'$exists':true}}");
  expect_problem(examine({{"collections", unique}}), "Its index phone_1 takes other documents",
                 "Drop the index");
  database_.run("{'dropIndexes':'users','index':'phone_1'}");
  make_index("mine", "{'phone':{'$exists':true}}");
  EXPECT_THAT(examine({{"collections", unique}}).text, HasSubstr("its indexes are there"));
}

TEST_F(DoctorOfMongoDb, foresees_that_a_unique_index_cannot_be_made) {
  prepare();
  database_.run("{'insert':'users','documents':[{'phone':1},{'phone':1},{'phone':2},{'name':'x'},{}]}");
  expect_problem(
      examine({{"collections", "indexes: [ { keys: { phone: 1 }, unique: true } ]"}}),
      "The unique index phone_1 is still to be made, but cannot be: 2 documents have the same value",
      "Let the values differ");
}

TEST_F(DoctorOfMongoDb, warns_of_a_write_concern_that_can_lose_what_was_settled) {
  const std::string with = uri_ + (uri_.find('?') == std::string::npos ? "?" : "&");
  EXPECT_THAT(examine().text, HasSubstr("No problem, no warning."));
  expect_warning(examine({{"uri", with + "w=1"}}), "w=1: a write counts as done before a majority",
                 "Leave w out of uri");
  expect_warning(examine({{"uri", with + "journal=false"}}),
                 "journal=false: a write counts as done before it is on a disk", "Leave journal out of uri");
  expect_warning(examine({{"uri", with + "retryWrites=false"}}),
                 "retryWrites=false: a write whose answer is lost", "Leave retryWrites out of uri");
}

TEST_F(DoctorOfMongoDb, knows_a_topic_that_was_made_anew) {
  prepare();
  record(2, 4711);
  expect_problem(examine(), "another record stands at position 1",
                 "If it was made anew on purpose: sluice positions reset");
  record(40, 4711);
  expect_problem(examine(), "it ends at position 3",
                 "If it was made anew on purpose: sluice positions reset");
}

TEST_F(DoctorOfMongoDb, warns_of_a_group_that_was_moved_past_what_is_recorded) {
  prepare();
  client_.delete_records(topic_, 0, 1);  // so that what was settled last cannot be compared
  record(1, 0);
  client_.commit(group_, topic_, 0, 3);
  EXPECT_EQ(examine().status, healthy) << "set by hand";
  record(1, 4711);
  EXPECT_THAT(examine().text, HasSubstr("the group has committed 3, but the store knows only of what is "
                                        "before 1: the events between are skipped"));
}

TEST_F(DoctorOfMongoDb, tells_of_an_open_breaker) {
  prepare();
  ASSERT_TRUE(journal().open_breaker(
      "activity",
      {.opened = SystemClock().wall(), .reason = "80 of 100 events were refused", .fingerprint = "f"}));
  expect_problem(examine(), "80 of 100 events were refused",
                 "Look at the dead letters, mend the cause, then: sluice resume -c FILE --pipeline activity");
}

TEST_F(DoctorOfMongoDb, counts_the_dead_letters_that_stand) {
  prepare();
  std::vector<LetterRecord> letters;
  for (const std::int64_t position : {1, 1, 2}) {
    LetterRecord& letter = letters.emplace_back();
    letter.partition = {topic_, 0};
    letter.position = {position};
    letter.change.handler = "h" + std::to_string(letters.size());
  }
  ASSERT_TRUE(journal().save_letters("activity", letters));
  expect_warning(examine(), "2 events could not be applied and wait for a decision",
                 "sluice dead-letters list -c FILE --pipeline activity");
}

TEST_F(DoctorOfMongoDb, notices_a_pipeline_that_was_renamed) {
  prepare();
  record(1, 0);
  expect_warning(examine({{"id", "renamed"}}),
                 "The store has never seen a pipeline with the id \"renamed\", but knows activity",
                 "If the pipeline was renamed, set `id` to the old name");
}

}  // namespace
}  // namespace sluice::engine
