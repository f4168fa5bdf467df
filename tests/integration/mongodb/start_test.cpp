// What is found out before the first write.
#include <gmock/gmock.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "scene.hpp"
#include "support/message_proxy.hpp"

namespace sluice::engine::mongodb {
namespace {

using testing::HasSubstr;

class Start : public testing::Test {
 protected:
  [[nodiscard]] Result<void> prepare(const std::vector<CollectionSpec>& collections) {
    return MongoStore(database_.settings()).prepare(collections);
  }
  void expect_refused(const std::vector<CollectionSpec>& collections, const std::string& why) {
    const auto prepared = prepare(collections);
    ASSERT_FALSE(prepared);
    EXPECT_EQ(prepared.error().code, Code::store_fatal);
    EXPECT_THAT(prepared.error().message, HasSubstr(why));
  }
  [[nodiscard]] const MongoDatabase& database() const noexcept { return database_; }

  const std::vector<CollectionSpec> users_{{"users", {}, false}};

 private:
  MongoDatabase database_;
};

TEST_F(Start, makes_collections_and_indexes_once) {
  const std::vector<CollectionSpec> specs{
      {"users", {{.keys = {{"contact.email"}}, .unique = true}, {.keys = {{"n", true}}}}, true}};
  ASSERT_TRUE(prepare(specs));
  ASSERT_TRUE(prepare(specs));
  const Document listed = database().run("{'listIndexes':'users'}");
  const std::string text = json(listed.view());
  EXPECT_THAT(text, HasSubstr("contact.email_1"));
  EXPECT_THAT(text, HasSubstr("n_-1"));
  EXPECT_TRUE(database().find("users").empty()) << "trying leaves nothing";
}

TEST_F(Start, refuses_a_view) {
  database().run("{'create':'people'}");
  database().run("{'create':'users','viewOn':'people','pipeline':[]}");
  expect_refused(users_, "is a view");
}

TEST_F(Start, refuses_a_capped_collection) {
  database().run("{'create':'users','capped':true,'size':100000}");
  expect_refused(users_, "is capped");
}

TEST_F(Start, refuses_a_time_series) {
  database().run("{'create':'users','timeseries':{'timeField':'t'}}");
  expect_refused(users_, "is a time series");
}

TEST_F(Start, refuses_a_collation_under_which_ids_are_the_same) {
  database().run("{'create':'users','collation':{'locale':'en','strength':2}}");
  expect_refused(users_, "collation");
}

TEST_F(Start, refuses_a_validator_that_refuses_the_marks) {
  database().run(
      "{'create':'users','validator':{'$jsonSchema':{'additionalProperties':false,'properties':{'_id':{}}}}"
      "}");
  expect_refused(users_, "add _sluice to the properties");
}

TEST_F(Start, takes_a_validator_that_asks_for_other_things) {
  database().run("{'create':'users','validator':{'$jsonSchema':{'required':['name']}}}");
  const auto prepared = prepare(users_);
  EXPECT_TRUE(prepared) << prepared.error().message;
}

TEST_F(Start, refuses_an_index_that_is_there_with_other_options) {
  database().run("{'createIndexes':'users','indexes':[{'key':{'email':1},'name':'email_1'}]}");
  expect_refused({{"users", {{.keys = {{"email"}}, .unique = true}}, false}},
                 "index email_1 is not unique, but the configuration says otherwise");
}

TEST_F(Start, refuses_an_index_that_takes_other_documents) {
  database().run(
      "{'createIndexes':'users','indexes':[{'key':{'email':1},'name':'email_1','unique':true,"
      "'partialFilterExpression':{'name':{'$exists':true}}}]}");
  expect_refused({{"users", {{.keys = {{"email"}}, .unique = true}}, false}},
                 "index email_1 takes other documents (partialFilterExpression)");
}

TEST_F(Start, takes_an_index_that_somebody_has_made_under_another_name) {
  database().run(
      "{'createIndexes':'users','indexes':[{'key':{'email':1},'name':'mine','unique':true,"
      "'partialFilterExpression':{'email':{'$exists':true}}}]}");
  const auto prepared = prepare({{"users", {{.keys = {{"email"}}, .unique = true}}, false}});
  EXPECT_TRUE(prepared) << prepared.error().message;
}

TEST_F(Start, refuses_a_unique_index_over_values_that_are_not) {
  database().run("{'insert':'users','documents':[{'_id':1,'email':'x'},{'_id':2,'email':'x'}]}");
  expect_refused({{"users", {{.keys = {{"email"}}, .unique = true}}, false}}, "the same value twice");
}

// What routers of a sharded cluster know of a collection, where they keep it. Tests have no such cluster.
class Sharded {
 public:
  Sharded(const MongoDatabase& database, std::string_view collection, std::string_view key)
      : database_(database), id_(database.name() + "." + std::string(collection)) {
    database_.run_on("config", "{'insert':'collections','documents':[{'_id':'" + id_ +
                                   "','key':" + std::string(key) + "}]}");
  }
  ~Sharded() {
    database_.run_on("config", "{'delete':'collections','deletes':[{'q':{'_id':'" + id_ + "'},'limit':1}]}");
  }
  Sharded(const Sharded&) = delete;
  Sharded& operator=(const Sharded&) = delete;

 private:
  const MongoDatabase& database_;
  std::string id_;
};

TEST_F(Start, refuses_a_collection_that_is_sharded_by_anything_but_the_id) {
  for (const char* key : {"{'region':1}", "{'_id':1,'region':1}", "{'region':'hashed'}"}) {
    const Sharded sharded(database(), "users", key);
    expect_refused(users_, ".users' is sharded by region: sluice writes documents by their _id");
  }
}

TEST_F(Start, takes_a_collection_that_is_sharded_by_the_id) {
  for (const char* key : {"{'_id':1}", "{'_id':'hashed'}"}) {
    const Sharded sharded(database(), "users", key);
    const auto prepared = prepare(users_);
    EXPECT_TRUE(prepared) << prepared.error().message;
  }
}

TEST_F(Start, refuses_what_a_router_finds_no_shard_for) {
  const FailPoint failing(database(), "'alwaysOn'", "{'failCommands':['update'],'errorCode':61}");
  expect_refused(users_, "only _id (hashed or not) can be the shard key");
}

TEST_F(Start, waits_where_a_shard_key_cannot_be_asked_for_just_now) {
  const FailPoint failing(database(), "{'times':1}", "{'failCommands':['find'],'errorCode':91}");
  const auto prepared = prepare(users_);
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().code, Code::store_unavailable);
}

// A user who may write, but not look into the database of the router.
class StartWithoutRights : public Start {
 protected:
  StartWithoutRights() {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)));
  }
  ~StartWithoutRights() override { spdlog::set_default_logger(before_); }

  [[nodiscard]] std::string log_of_preparing(const std::string& uri) {
    const FailPoint failing(database(), "{'times':1}", "{'failCommands':['find'],'errorCode':13}");
    StoreSettings settings = database().settings();
    settings.uri = uri;
    const auto prepared = MongoStore(settings).prepare(users_);
    EXPECT_TRUE(prepared) << prepared.error().message;
    return log_.str();
  }

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream log_;
};

TEST_F(StartWithoutRights, to_see_shard_keys_says_that_nobody_has_looked) {
  if (database().run_on_admin("{'hello':1}").at("setName").as_text() != "secantus")
    GTEST_SKIP() << "of another server the answer would be another";
  MessageProxy proxy(server_port());
  using namespace std::string_view_literals;
  proxy.rewrite("\x02setName\0\x09\0\0\0secantus\0"sv, "\x02msg\0\x09\0\0\0isdbgrid\0\x0axx\0"sv);
  EXPECT_THAT(
      log_of_preparing("mongodb://127.0.0.1:" + std::to_string(proxy.port()) + "/?directConnection=true"),
      HasSubstr("the user may not see by what _sluice is sharded"));
}

TEST_F(StartWithoutRights, says_nothing_where_there_is_no_router) {
  EXPECT_EQ(log_of_preparing(database().settings().uri), "");
}

TEST_F(Start, waits_for_a_server_that_is_not_there) {
  StoreSettings settings = database().settings();
  settings.uri = "mongodb://anna:5ecret@127.0.0.1:1/?directConnection=true&serverSelectionTimeoutMS=100";
  const auto prepared = MongoStore(settings).prepare({});
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().code, Code::store_unavailable);
  EXPECT_EQ(prepared.error().message.find("5ecret"), std::string::npos);
}

}  // namespace
}  // namespace sluice::engine::mongodb
