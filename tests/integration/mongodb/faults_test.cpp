// What a server says when it is in trouble.
#include <gmock/gmock.h>

#include "scene.hpp"

namespace sluice::engine::mongodb {
namespace {

using testing::HasSubstr;

using Faults = Scene;

TEST_F(Faults, of_a_kind_that_passes_are_tried_again_and_nothing_is_doubled) {
  for (const int code : {50, 91, 112, 189, 262, 10107, 11600, 11602, 13435, 16500, 987654}) {
    const std::string id = std::to_string(code);
    {
      const FailPoint failing(database(), "'alwaysOn'",
                              "{'failCommands':['insert','update'],'errorCode':" + id + "}");
      const Written written = write({count(id), insert("i" + id)});
      EXPECT_EQ(written.outcome(), "retry") << code;
      ASSERT_TRUE(written.error) << code;
      EXPECT_EQ(written.error->code, Code::store_unavailable) << code;
      EXPECT_THAT(written.error->message, HasSubstr(id));
    }
    EXPECT_EQ(write({count(id), insert("i" + id)}).outcome(), "applied") << code;
    EXPECT_EQ(n_of(id), 1) << code;
  }
}

TEST_F(Faults, of_the_write_concern_leave_open_what_the_marks_then_tell) {
  for (const int code : {64, 91, 100, 189}) {
    const std::string id = std::to_string(code);
    const FailPoint failing(
        database(), "{'times':1}",
        "{'failCommands':['update'],'writeConcernError':{'code':" + id + ",'errmsg':'x'}}");
    EXPECT_EQ(write({count(id)}).outcome(), "applied")
        << code << ": a majority has it, as the look back says";
    EXPECT_EQ(write({count(id)}).outcome(), "already_applied") << code;
    EXPECT_EQ(n_of(id), 1) << code;
  }
}

TEST_F(Faults, of_the_look_back_leave_all_to_another_try) {
  {
    const FailPoint failing(database(), "{'times':1}",
                            "{'failCommands':['update'],'writeConcernError':{'code':64,'errmsg':'x'}}");
    ASSERT_EQ(write({count("a")}).outcome(), "applied");
  }
  {
    const FailPoint failing(database(), "'alwaysOn'", "{'failCommands':['find'],'errorCode':91}");
    const Written written = write({count("a")});
    EXPECT_EQ(written.outcome(), "retry") << "a duplicate key, and nothing to explain it";
    EXPECT_TRUE(written.error);
  }
  EXPECT_EQ(write({count("a")}).outcome(), "already_applied");
  EXPECT_EQ(n_of("a"), 1);
}

TEST_F(Faults, of_rights_and_credentials_stop_the_pipeline) {
  for (const int code : {13, 8000}) {
    const FailPoint failing(database(), "'alwaysOn'",
                            "{'failCommands':['update'],'errorCode':" + std::to_string(code) + "}");
    const Written written = write({count("a")});
    EXPECT_EQ(written.outcome(), "fatal") << code;
    ASSERT_TRUE(written.error);
    EXPECT_EQ(written.error->code, Code::store_fatal);
  }
}

TEST_F(Faults, of_credentials_that_were_accepted_may_pass) {
  const FailPoint failing(database(), "'alwaysOn'", "{'failCommands':['update'],'errorCode':18}");
  EXPECT_EQ(write({count("a")}).outcome(), "retry");
}

TEST_F(Faults, of_one_document_that_fail_a_whole_command_do_not_take_the_others_along) {
  const FailPoint failing(database(), "{'times':1}", "{'failCommands':['update'],'errorCode':2}");
  EXPECT_EQ(write({count("a"), count("b"), count("c")}).outcome(), "applied");
}

TEST_F(Faults, of_a_connection_are_healed_by_one_repetition) {
  const FailPoint failing(database(), "{'times':1}", "{'failCommands':['update'],'closeConnection':true}");
  EXPECT_EQ(write({count("a")}).outcome(), "applied");
  EXPECT_EQ(n_of("a"), 1);
}

TEST_F(Faults, of_a_connection_that_stay_are_an_outage) {
  {
    const FailPoint failing(database(), "'alwaysOn'", "{'failCommands':['update'],'closeConnection':true}");
    const Written written = write({count("a"), count("b")});
    EXPECT_EQ(written.outcome(), "retry");
    EXPECT_TRUE(written.error);
  }
  EXPECT_EQ(write({count("a"), count("b")}).outcome(), "applied");
  EXPECT_EQ(n_of("a"), 1);
}

TEST_F(Faults, of_a_connection_on_a_large_batch_make_it_smaller) {
  const std::string filler(400'000, 'x');
  std::vector<Writing> batch;
  for (int i = 0; i < 8; ++i) batch.push_back(insert(std::to_string(i), "{'big':'" + filler + "'}"));
  const FailPoint failing(database(), "{'times':2}", "{'failCommands':['insert'],'closeConnection':true}");
  EXPECT_EQ(write(batch).outcome(), "applied") << "the first try and its repetition were cut off";
}

TEST_F(Faults, of_the_journal_are_errors_that_pass) {
  const std::vector<PositionRecord> records{{{"t", 0}, {}, Position{7}, Position{6}}};
  {
    const FailPoint failing(database(), "'alwaysOn'", "{'failCommands':['update','find'],'errorCode':91}");
    const auto saved = store().journal().save_positions("p", records);
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, Code::store_unavailable);
    EXPECT_FALSE(store().journal().positions("p"));
  }
  {
    const FailPoint failing(database(), "{'times':1}",
                            "{'failCommands':['update'],'writeConcernError':{'code':64,'errmsg':'x'}}");
    EXPECT_FALSE(store().journal().save_positions("p", records)) << "not known to be durable";
  }
  EXPECT_TRUE(store().journal().save_positions("p", records));
  EXPECT_EQ(store().journal().positions("p").value().size(), 1U);
}

}  // namespace
}  // namespace sluice::engine::mongodb
