// Connections that end between a request and its answer.
#include "scene.hpp"
#include "support/message_proxy.hpp"

namespace sluice::engine::mongodb {
namespace {

// A store that reaches the server through a proxy.
class Cuts : public testing::Test {
 protected:
  using Cut = MessageProxy::Cut;

  void open(bool retry_writes, const std::string& credentials = {}) {
    StoreSettings settings = database_.settings();
    settings.uri = "mongodb://" + credentials + "127.0.0.1:" + std::to_string(proxy_.port()) +
                   "/?directConnection=true&retryWrites=" + (retry_writes ? "true" : "false");
    store_.emplace(settings);
    const auto prepared = store_->prepare({});
    ASSERT_TRUE(prepared) << prepared.error().message;
    session_ = store_->open_session();
  }
  // As a user, with a session whose connection is still to be made.
  [[nodiscard]] std::unique_ptr<StoreSession> open_as_user() {
    database_.run_on_admin("{'dropAllUsersFromDatabase':1}");
    database_.run_on_admin("{'createUser':'anna','pwd':'plain','roles':['root']}");
    open(true, "anna:plain@");
    return store_->open_session();  // the first has the connection that prepared the store
  }
  [[nodiscard]] MessageProxy& proxy() noexcept { return proxy_; }
  [[nodiscard]] Written write(const std::vector<Writing>& writings) {
    return mongodb::write(*session_, writings);
  }
  [[nodiscard]] std::vector<Document> documents() const { return database_.find("users"); }

  static std::vector<Writing> counts(std::int64_t sequence) {
    std::vector<Writing> batch;
    for (int i = 0; i < 20; ++i)
      batch.push_back(Writing(ChangeKind::patch, "users", std::to_string(i)).inc("n", "1").at(sequence));
    return batch;
  }
  static std::vector<Writing> inserts() {
    std::vector<Writing> batch;
    for (int i = 0; i < 20; ++i)
      batch.push_back(Writing(ChangeKind::insert, "users", std::to_string(i)).content("{'n':1}").at(1));
    return batch;
  }
  void expect_all(std::int64_t n) const {
    const auto found = documents();
    EXPECT_EQ(found.size(), 20U);
    for (const Document& document : found) EXPECT_EQ(document.at("n").as_int64(), n);
  }

 private:
  MongoDatabase database_;
  MessageProxy proxy_{server_port()};
  std::optional<MongoStore> store_;
  std::unique_ptr<StoreSession> session_;
};

TEST_F(Cuts, before_the_answer_to_updates_leave_them_applied_once) {
  open(false);
  proxy().cut(Cut::before_the_answer, "update", 1);
  EXPECT_EQ(write(counts(1)).outcome(), "applied") << "the marks say so";
  EXPECT_EQ(proxy().cuts_left(), 0);
  EXPECT_EQ(write(counts(1)).outcome(), "already_applied");
  EXPECT_EQ(write(counts(2)).outcome(), "applied");
  expect_all(2);
}

TEST_F(Cuts, before_the_answer_to_inserts_leave_them_applied_once) {
  open(false);
  proxy().cut(Cut::before_the_answer, "insert", 1);
  EXPECT_EQ(write(inserts()).outcome(), "applied");
  EXPECT_EQ(write(inserts()).outcome(), "already_applied");
  expect_all(1);
}

TEST_F(Cuts, before_the_request_leave_nothing) {
  open(false);
  proxy().cut(Cut::before_the_request, "update", 1);
  EXPECT_EQ(write(counts(1)).outcome(), "retry");
  EXPECT_TRUE(documents().empty());
  EXPECT_EQ(write(counts(1)).outcome(), "applied");
  expect_all(1);
}

TEST_F(Cuts, while_signing_in_are_no_wrong_password) {
  const auto session = open_as_user();
  proxy().cut(Cut::before_the_answer, "saslContinue", 1);
  const Written written = mongodb::write(*session, inserts());
  EXPECT_FALSE(written.error) << written.error->message;
  EXPECT_EQ(proxy().cuts_left(), 0);
  EXPECT_EQ(write(inserts()).outcome(), "already_applied");
  expect_all(1);
}

TEST_F(Cuts, are_healed_by_one_repetition_and_counted_once) {
  open(true);
  proxy().cut(Cut::before_the_answer, "update", 1);
  EXPECT_EQ(write(counts(1)).outcome(), "applied");
  proxy().cut(Cut::before_the_answer, "update", 2);
  EXPECT_EQ(write(counts(2)).outcome(), "applied") << "twice is too much for that, not for the marks";
  expect_all(2);
}

TEST_F(Cuts, of_deletes_leave_nothing_behind) {
  open(false);
  ASSERT_EQ(write(inserts()).outcome(), "applied");
  std::vector<Writing> batch;
  for (int i = 0; i < 20; ++i) batch.push_back(Writing(ChangeKind::remove, "users", std::to_string(i)).at(2));
  proxy().cut(Cut::before_the_answer, "delete", 1);
  EXPECT_EQ(write(batch).outcome(), "applied");
  EXPECT_TRUE(documents().empty());
}

TEST_F(Cuts, of_the_look_back_are_an_outage_that_ends_well) {
  open(false);
  ASSERT_EQ(write(counts(1)).outcome(), "applied");
  proxy().cut(Cut::before_the_answer, "find", 9);
  const Written written = write(counts(1));
  EXPECT_EQ(written.outcome(), "retry");
  EXPECT_TRUE(written.error);
  proxy().cut(Cut::before_the_answer, "find", 0);
  EXPECT_EQ(write(counts(1)).outcome(), "already_applied");
  expect_all(1);
}

}  // namespace
}  // namespace sluice::engine::mongodb
