#include "replay/replayer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "core/watermark_key.hpp"
#include "documents/change_list.hpp"
#include "documents/document_id.hpp"
#include "memory/store.hpp"
#include "support/document.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;

// The value is the event's type; an empty one is refused, "-" is no event.
class TypeDecoder final : public Decoder {
 public:
  Result<Decoded> decode(const Record& record, Event& event) override {
    if (!record.value || record.value->empty()) return Error{Code::decode_empty, "nothing there"};
    if (*record.value == "-") return Decoded::passed_over;
    event.type = *record.value;
    event.id = record.key.value_or("");
    return Decoded::event;
  }
  Result<bson::View> payload() override { return bson::View(); }
};

class LambdaHandler final : public Handler {
 public:
  using Function = std::function<Result<void>(const Event&, ChangeList&)>;
  explicit LambdaHandler(Function function) : function_(std::move(function)) {}
  Result<void> handle(const Event& event, PayloadSource&, ChangeList& changes) override {
    return function_(event, changes);
  }

 private:
  Function function_;
};

class RecordingSink final : public Sink {
 public:
  Result<void> deliver(std::span<const Event* const> events, std::span<WriteResult> results) override {
    for (std::size_t i = 0; i < events.size(); ++i) {
      delivered.emplace_back(events[i]->id);
      results[i] = answer;
    }
    return {};
  }
  std::vector<std::string> delivered;
  WriteResult answer{Outcome::applied, Code::internal, {}};
};

const Document ids{R"({"a": "a", "b": "b"})"};
const Document one{R"({"one": 1})"};

// n of the document goes up by one.
Change increment(std::string_view collection, std::string_view id, std::span<const Operation> operations) {
  Change change;
  change.document = {collection, ids.at(id), 0};
  change.kind = ChangeKind::patch;
  change.operations = operations;
  return change;
}

class ReplayerTest : public testing::Test {
 protected:
  ReplayerTest() {
    EXPECT_TRUE(store.prepare({}));
    session = store.open_session();
    pass(100);
  }

  void pass(std::int64_t next) {
    PositionRecord record;
    record.partition = {"t", 0};
    record.next = {next};
    EXPECT_TRUE(store.journal().save_positions("p", {&record, 1}));
  }

  // A handler that increments these documents.
  void add_handler(std::string name, std::vector<std::string> documents) {
    handlers.push_back(
        {std::move(name), std::make_unique<LambdaHandler>([this, documents](const Event&, ChangeList& list) {
           for (const std::string& id : documents)
             if (auto added = list.add(increment("logical", id, operations)); !added) return added;
           return Result<void>();
         })});
  }

  static DeadLetter letter(std::int64_t position, std::vector<Unapplied> unapplied = {}) {
    DeadLetter made;
    made.pipeline = "p";
    made.topic = "t";
    made.position = {position};
    made.key = "event-1";
    made.value = "Joined";
    made.code = Code::wait_expired;
    made.unapplied = std::move(unapplied);
    return made;
  }

  Replayer replayer(ReplayOptions options = {}) {
    return Replayer({.pipeline = "p",
                     .generation = 0,
                     .share = {},
                     .decoder = &decoder,
                     .route =
                         [this](std::string_view type) {
                           ReplayTargets targets;
                           if (type == "Unrouted") return targets;
                           for (const auto& [name, handler] : handlers)
                             targets.handlers.push_back({name, handler.get()});
                           if (sink) targets.sinks.push_back({"mail", &*sink});
                           return targets;
                         },
                     .store_collection = [](std::string_view) { return std::string("documents"); },
                     .store = session.get(),
                     .journal = &store.journal()},
                    options);
  }

  [[nodiscard]] int count(std::string_view id) const {
    Arena arena;
    const auto found = store.find("documents", *normalise_id(ids.at(id), arena));
    if (!found || !found->content) return 0;
    return static_cast<int>(bson::View(found->content->data()).at("n").as_int64().value_or(-1));
  }
  [[nodiscard]] std::vector<LetterRecord> recorded() { return *store.journal().letters("p"); }

  const std::vector<Operation> operations{{Operator::inc, "n", one.at("one")}};
  memory::MemoryStore store;
  std::unique_ptr<StoreSession> session;
  TypeDecoder decoder;
  std::vector<std::pair<std::string, std::unique_ptr<Handler>>> handlers;
  std::optional<RecordingSink> sink;
};

TEST_F(ReplayerTest, applies_all_of_an_event_that_failed_before_any_change) {
  add_handler("joined", {"a", "b"});
  const ReplayReport report = replayer().replay(letter(7));
  EXPECT_EQ(report.outcome, ReplayOutcome::replayed) << report.reason;
  EXPECT_EQ(count("a"), 1);
  EXPECT_EQ(count("b"), 1);
  EXPECT_EQ(report.changes.size(), 2U);
}

TEST_F(ReplayerTest, applies_only_what_the_letter_lists) {
  add_handler("joined", {"a", "b"});
  add_handler("stats", {"a"});
  const ReplayReport report = replayer().replay(letter(7, {{"joined", "documents", "\"b\""}}));
  EXPECT_EQ(report.outcome, ReplayOutcome::replayed) << report.reason;
  EXPECT_EQ(count("a"), 0);
  EXPECT_EQ(count("b"), 1);
}

TEST_F(ReplayerTest, applies_all_of_a_handler_that_is_listed_without_a_document) {
  add_handler("joined", {"a", "b"});
  add_handler("stats", {"a"});
  EXPECT_EQ(replayer().replay(letter(7, {{"joined", "", ""}})).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(count("a"), 1);
  EXPECT_EQ(count("b"), 1);
}

TEST_F(ReplayerTest, applies_two_handlers_changes_of_one_document_each_once) {
  add_handler("joined", {"a"});
  add_handler("stats", {"a"});
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(count("a"), 2);
}

TEST_F(ReplayerTest, changes_nothing_when_it_is_repeated) {
  add_handler("joined", {"a"});
  for (int time = 0; time < 3; ++time)
    EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(count("a"), 1);
}

TEST_F(ReplayerTest, goes_on_where_it_was_interrupted) {
  add_handler("joined", {"a", "b"});
  int writes = 0;
  store.inject(
      [&](const Write&) { return ++writes == 2 ? memory::Fault::unavailable : memory::Fault::none; });
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::unavailable);
  EXPECT_TRUE(recorded().empty());
  store.inject(nullptr);
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(count("a"), 1);
  EXPECT_EQ(count("b"), 1);
}

TEST_F(ReplayerTest, finds_done_what_was_done_though_the_answer_was_lost) {
  add_handler("joined", {"a"});
  store.inject([](const Write&) { return memory::Fault::lost_acknowledgement; });
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::unavailable);
  store.inject(nullptr);
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(count("a"), 1);
}

TEST_F(ReplayerTest, records_the_letter_as_replayed_with_the_time_of_its_failure) {
  add_handler("joined", {"a"});
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::replayed);
  const auto records = recorded();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].change, whole_event);
  EXPECT_EQ(records[1].change.handler, "joined");
  for (const LetterRecord& record : records) {
    EXPECT_EQ(record.position, letter(7).position);
    EXPECT_EQ(record.disposition, Disposition::replayed);
    EXPECT_EQ(record.when, letter(7).failed_at);
  }
}

TEST_F(ReplayerTest, leaves_the_letter_when_the_store_refuses_a_change) {
  add_handler("joined", {"a"});
  store.inject([](const Write&) { return memory::Fault::refused; });
  const ReplayReport report = replayer().replay(letter(7));
  EXPECT_EQ(report.outcome, ReplayOutcome::failed);
  EXPECT_EQ(report.code, Code::store_refused);
  EXPECT_THAT(report.reason, HasSubstr("joined on documents \"a\""));
  EXPECT_TRUE(recorded().empty());
}

TEST_F(ReplayerTest, leaves_the_letter_when_a_handler_still_rejects_the_event) {
  handlers.push_back(
      {"strict", std::make_unique<LambdaHandler>([](const Event&, ChangeList&) -> Result<void> {
         return Error{Code::handler_rejected, "no email"};
       })});
  const ReplayReport report = replayer().replay(letter(7));
  EXPECT_EQ(report.outcome, ReplayOutcome::failed);
  EXPECT_EQ(report.code, Code::handler_rejected);
  EXPECT_EQ(report.reason, "strict: no email");
}

TEST_F(ReplayerTest, leaves_the_letter_of_a_record_that_still_cannot_be_decoded) {
  DeadLetter undecodable = letter(7);
  undecodable.value.reset();
  EXPECT_EQ(replayer().replay(undecodable).code, Code::decode_empty);
}

TEST_F(ReplayerTest, leaves_the_letter_while_no_route_takes_its_type) {
  DeadLetter unrouted = letter(7);
  unrouted.value = "Unrouted";
  EXPECT_EQ(replayer().replay(unrouted).code, Code::route_no_match);
}

TEST_F(ReplayerTest, takes_for_replayed_what_the_decoder_now_passes_over) {
  DeadLetter none = letter(7);
  none.value = "-";
  EXPECT_EQ(replayer().replay(none).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(recorded().size(), 1U);
}

TEST_F(ReplayerTest, leaves_what_still_waits_for_its_document) {
  handlers.push_back({"joined", std::make_unique<LambdaHandler>([this](const Event&, ChangeList& list) {
                        Change change = increment("logical", "a", operations);
                        change.wait_until_exists = true;
                        return list.add(change);
                      })});
  const ReplayReport report = replayer().replay(letter(7));
  EXPECT_EQ(report.outcome, ReplayOutcome::failed);
  EXPECT_EQ(report.code, Code::wait_expired);
}

TEST_F(ReplayerTest, overwrites_what_newer_events_changed_only_when_forced) {
  const Document content(R"({"from": "the letter"})");
  handlers.push_back({"owner", std::make_unique<LambdaHandler>([&](const Event&, ChangeList& list) {
                        Change change;
                        change.document = {"logical", ids.at("a"), 0};
                        change.kind = ChangeKind::replace;
                        change.content = content.view();
                        return list.add(change);
                      })});
  Arena arena;
  const std::string key = watermark_key("p", "owner", {"t", 0});
  const Sequence newer = Sequence::of(0, {9});
  const Document newest(R"({"from": "a newer event"})");
  Change change;
  change.document = {"documents", *normalise_id(ids.at("a"), arena), 0};
  change.kind = ChangeKind::replace;
  change.content = newest.view();
  const Write write{change, key, newer, newer, {}, false};
  WriteResult result;
  ASSERT_TRUE(session->write({&write, 1}, {&result, 1}));

  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::failed);
  EXPECT_EQ(replayer({.force = true, .dry_run = false}).replay(letter(7)).outcome, ReplayOutcome::replayed);
  const auto found = store.find("documents", change.document.id);
  EXPECT_EQ(bson::View(found->content->data()).at("from").as_text(), "the letter");
}

TEST_F(ReplayerTest, writes_nothing_in_a_dry_run_and_says_what_it_would) {
  add_handler("joined", {"a"});
  const ReplayReport report = replayer({.force = false, .dry_run = true}).replay(letter(7));
  EXPECT_EQ(report.outcome, ReplayOutcome::replayed);
  EXPECT_EQ(report.changes, (std::vector<Unapplied>{{"joined", "documents", "\"a\""}}));
  EXPECT_EQ(count("a"), 0);
  EXPECT_TRUE(recorded().empty());
}

TEST_F(ReplayerTest, refuses_a_letter_that_the_pipeline_may_handle_once_more) {
  add_handler("joined", {"a"});
  pass(7);
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::failed);
  EXPECT_EQ(count("a"), 0);
  pass(8);
  EXPECT_EQ(replayer().replay(letter(7)).outcome, ReplayOutcome::replayed);
}

TEST_F(ReplayerTest, delivers_to_a_sink_that_the_letter_lists) {
  add_handler("joined", {"a"});
  sink.emplace();
  EXPECT_EQ(replayer().replay(letter(7, {{"mail", "", ""}})).outcome, ReplayOutcome::replayed);
  EXPECT_EQ(sink->delivered, (std::vector<std::string>{"event-1"}));
  EXPECT_EQ(count("a"), 0);
}

TEST_F(ReplayerTest, leaves_the_letter_when_a_sink_refuses_it) {
  sink.emplace();
  sink->answer = {Outcome::rejected, Code::sink_refused, "410 Gone"};
  const ReplayReport report = replayer().replay(letter(7));
  EXPECT_EQ(report.outcome, ReplayOutcome::failed);
  EXPECT_EQ(report.reason, "mail: 410 Gone");
}

}  // namespace
}  // namespace sluice::engine
