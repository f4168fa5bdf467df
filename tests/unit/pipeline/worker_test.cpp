#include "pipeline/worker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/source.hpp"
#include "support/fake_parts.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class WorkerTest : public testing::Test {
 protected:
  std::vector<Route> routes{
      {{"Count", "Two", "Reject"}, {0}, {}}, {{"Both"}, {0, 1}, {0}}, {{"Skip"}, {}, {}, true}};
  Otherwise otherwise = Otherwise::dead_letter;
  WorkerPlan plan = named_plan();

  // Handles one chunk of these lines; a line of one dot is a tombstone.
  HandledChunk& handle(const std::vector<std::string>& lines) {
    router_.emplace(routes, otherwise);
    plan.router = &*router_;
    std::vector<std::unique_ptr<Handler>> handlers;
    handlers.push_back(std::make_unique<LineHandler>());
    handlers.push_back(std::make_unique<LineHandler>());
    worker_ = std::make_unique<Worker>(plan, std::make_unique<LineDecoder>(), std::move(handlers));
    Chunk chunk;
    lines_ = lines;
    for (const std::string& line : lines_) {
      Record& record = chunk.records.emplace_back();
      record.position = {static_cast<std::int64_t>(chunk.records.size()) - 1};
      record.key = "a record's key";
      if (line != ".") record.value = line;
    }
    if (fault_) chunk.records[0].fault = &*fault_;
    handled_ = worker_->handle(7, std::move(chunk));
    return *handled_;
  }
  HandledEvent& handle_one(const std::string& line) { return handle({line}).events[0]; }

  std::optional<Error> fault_;

 private:
  static WorkerPlan named_plan() {
    WorkerPlan plan;
    plan.handler_names = {"first", "second"};
    return plan;
  }
  std::optional<Router> router_;
  std::unique_ptr<Worker> worker_;
  std::vector<std::string> lines_;
  std::unique_ptr<HandledChunk> handled_;
};

TEST_F(WorkerTest, makes_the_changes_of_an_event) {
  const HandledEvent& event = handle_one("Two a");
  EXPECT_EQ(event.handling, Handling::handled);
  ASSERT_THAT(event.work, SizeIs(2));
  EXPECT_EQ(event.work[0].target, 0);
  EXPECT_EQ(event.work[0].handler, 0);
  EXPECT_EQ(event.work[0].change.document.id.as_text(), "a");
  EXPECT_EQ(event.work[1].change.document.id.as_text(), "a'");
  EXPECT_GT(event.work[0].bytes, 0U);
  EXPECT_EQ(event.event.id, "e0");
  EXPECT_EQ(event.event.type, "Two");
}

TEST_F(WorkerTest, keeps_number_and_order_of_the_chunk) {
  const HandledChunk& chunk = handle({"Count a", ".", "? rubbish", "Skip", "Count b"});
  EXPECT_EQ(chunk.number, 7U);
  ASSERT_THAT(chunk.events, SizeIs(5));
  EXPECT_EQ(chunk.events[0].handling, Handling::handled);
  EXPECT_EQ(chunk.events[1].handling, Handling::passed_over);
  EXPECT_EQ(chunk.events[2].handling, Handling::refused);
  EXPECT_EQ(chunk.events[2].code, Code::decode_not_json);
  EXPECT_EQ(chunk.events[3].handling, Handling::ignored);
  EXPECT_EQ(chunk.events[4].record->position.value, 4);
}

TEST_F(WorkerTest, issues_nothing_of_an_event_that_one_handler_refuses) {
  routes = {{{"Reject"}, {1, 0}, {}}};
  const HandledEvent& event = handle_one("Reject");
  EXPECT_EQ(event.handling, Handling::refused);
  EXPECT_EQ(event.code, Code::handler_rejected);
  EXPECT_EQ(event.reason, "second: it says so itself") << "and says which";
  EXPECT_THAT(event.work, IsEmpty());
  EXPECT_EQ(event.event.type, "Reject") << "for the letter";
}

TEST_F(WorkerTest, gives_an_event_to_all_handlers_and_sinks_of_its_route) {
  const HandledEvent& event = handle_one("Both x");
  EXPECT_EQ(event.handling, Handling::handled);
  ASSERT_THAT(event.work, SizeIs(1)) << "the handlers change nothing for this type";
  EXPECT_EQ(event.work[0].target, 1) << "sinks follow the store";
  EXPECT_EQ(event.event.payload_json, "Both x") << "a sink gets to see the payload";
}

TEST_F(WorkerTest, orders_deliveries_by_aggregate_then_record_key) {
  routes = {{{}, {}, {0}}};
  const HandledChunk& chunk = handle({"A x", "B x", "C"});
  EXPECT_EQ(chunk.events[0].work[0].change.document, chunk.events[1].work[0].change.document);
  const bson::Value& key = chunk.events[2].work[0].change.document.id;
  EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(key.data), key.size), "a record's key");
}

TEST_F(WorkerTest, follows_the_otherwise_when_no_route_has_the_type) {
  EXPECT_EQ(handle_one("Strange").handling, Handling::refused);
  EXPECT_THAT(std::string(handle_one("Strange").reason), HasSubstr("\"Strange\""));
  otherwise = Otherwise::ignore;
  EXPECT_EQ(handle_one("Strange").handling, Handling::ignored);
  otherwise = Otherwise::stop;
  EXPECT_EQ(handle_one("Strange").handling, Handling::stops);
  EXPECT_EQ(handle_one("Strange").code, Code::route_stop);
}

TEST_F(WorkerTest, refuses_what_the_source_could_not_read_before_any_decoder_sees_it) {
  fault_ = Error{Code::decode_too_large, "a line of 1 GB"};
  const HandledEvent& event = handle_one("Count a");
  EXPECT_EQ(event.handling, Handling::refused);
  EXPECT_EQ(event.code, Code::decode_too_large);
  EXPECT_EQ(event.reason, "a line of 1 GB");
}

TEST_F(WorkerTest, stops_at_what_the_decoder_calls_fatal_whatever_the_share) {
  plan.share = {1, 2};
  const HandledEvent& event = handle_one("! an updated row");
  EXPECT_EQ(event.handling, Handling::stops);
  EXPECT_EQ(event.code, Code::source_fatal);
  EXPECT_THAT(event.reason, HasSubstr("exclamation mark"));
}

TEST_F(WorkerTest, names_collections_as_the_store_does) {
  plan.store_collection = [](std::string_view name) { return "v2_" + std::string(name); };
  const HandledEvent& event = handle_one("Count a");
  const DocumentRef& document = event.work[0].change.document;
  EXPECT_EQ(document.collection, "v2_things");
  EXPECT_EQ(document.hash, document_hash("v2_things", document.id));
}

TEST_F(WorkerTest, refuses_an_event_whose_change_has_no_collection_in_the_store) {
  plan.store_collection = [](std::string_view) -> Result<std::string> {
    return Error{Code::handler_invalid_change, "it is another's"};
  };
  const HandledEvent& event = handle_one("Count a");
  EXPECT_EQ(event.handling, Handling::refused);
  EXPECT_EQ(event.code, Code::handler_invalid_change);
  EXPECT_THAT(std::string(event.reason), HasSubstr("it is another's"));
  EXPECT_TRUE(event.work.empty());
}

TEST_F(WorkerTest, leaves_the_documents_of_other_shares_alone) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) lines.push_back("Two a" + std::to_string(i));
  std::size_t work = 0;
  for (std::uint32_t index = 0; index < 3; ++index) {
    plan.share = {index, 3};
    for (const HandledEvent& event : handle(lines).events) {
      work += event.work.size();
      for (const Work& one : event.work) EXPECT_EQ(one.change.document.hash % 3, index);
      EXPECT_TRUE(!event.work.empty() || event.handling == Handling::passed_over ||
                  event.record->position.value % 3 == index);
    }
  }
  EXPECT_EQ(work, 200U) << "each change is one instance's";
}

TEST_F(WorkerTest, gives_what_belongs_to_no_document_to_one_share) {
  for (const std::string line : {"? rubbish", "Strange", "Skip", "Reject"}) {
    int taken = 0;
    for (std::uint32_t index = 0; index < 3; ++index) {
      plan.share = {index, 3};
      taken += handle_one(line).handling == Handling::passed_over ? 0 : 1;
    }
    EXPECT_EQ(taken, 1) << line;
  }
}

}  // namespace
}  // namespace sluice::engine
