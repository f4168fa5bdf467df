// A conductor and everything around it, played by a test: events are told in a line, batches are read as
// text, time passes when the test says so.
//
//   read({event(1).inc("a"), event(2).inc("a"), event(3).inc("b")});
//   auto batch = send();
//   EXPECT_EQ(batch.text, "a:1-2 b:3");      // document ":" first sequence "-" last
//   answer(batch, Outcome::applied);
//   EXPECT_EQ(safe(), 4);
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/conductor.hpp"

namespace sluice::engine {

using std::chrono::seconds;

// One event as a test tells it.
class Told {
 public:
  explicit Told(std::int64_t position) : position_(position) {}

  // What the handler named last by by() does; the first one if none was.
  Told inc(std::string document, std::int64_t amount = 1) const;
  Told set(std::string document, std::string path) const;
  Told push(std::string document) const;
  Told replace(std::string document) const;
  Told wait_for(std::string document) const;
  Told by(std::uint16_t handler) const;
  Told deliver(std::uint16_t target, std::string key) const;
  Told of_bytes(std::uint32_t bytes) const;  // of each change named so far

  Told handled_as(Handling handling, Code code = Code::decode_not_json) const;
  Told with_value(std::string value) const;
  Told from(const Origin& origin) const;

 private:
  friend class ConductorWorld;
  enum class Deed : std::uint8_t { inc, set, push, replace, wait, deliver };
  struct Doing {
    Deed deed;
    std::string document;
    std::string path{};
    std::int64_t amount = 0;
    std::uint16_t handler = 0;
    std::uint16_t target = 0;
    std::uint32_t bytes = 10;
  };
  [[nodiscard]] Told with(Doing doing) const;

  std::int64_t position_;
  std::uint16_t handler_ = 0;
  std::vector<Doing> doings_;
  Handling handling_ = Handling::handled;
  Code code_ = Code::internal;
  std::string value_ = "{}";
  std::optional<Origin> origin_;
};

[[nodiscard]] inline Told event(std::int64_t position) { return Told(position); }

inline constexpr PartitionId first_partition{0};
inline constexpr PartitionId second_partition{1};

class ConductorWorld : public testing::Test {
 protected:
  // A batch that is out.
  struct Sent {
    std::unique_ptr<Batch> batch;
    std::string text;
  };

  ConductorWorld();

  // To be changed before the conductor is first used.
  ConductorSettings settings;
  Instant now{seconds(1)};
  Timestamp wall{seconds(1'700'000'000)};

  // What the journal has of dead letters when a partition is assigned.
  std::vector<LetterRecord> journal_letters;
  // What is known of origins then.
  Origins journal_origins;

  // Made at its first use, with the first partition assigned from position 0.
  [[nodiscard]] Conductor& conductor();
  void assign(PartitionId id, std::int64_t start = 0);
  // A chunk of one partition. The records and all that was made of them live in the chunk alone.
  void read(const std::vector<Told>& events, PartitionId partition = first_partition);
  [[nodiscard]] std::unique_ptr<HandledChunk> chunk(const std::vector<Told>& events,
                                                    PartitionId partition = first_partition);
  void pass(microseconds time);

  // Chunks read whose memory is still held.
  [[nodiscard]] long chunks_held() const { return alive_.use_count() - 1; }

  // What an idle writer is given; without text if nothing.
  [[nodiscard]] Sent send(std::uint16_t target = 0);
  // One outcome for all, or one for each write.
  void answer(Sent& sent, std::initializer_list<Outcome> outcomes);
  void answer(Sent& sent, Outcome outcome) { answer(sent, {outcome}); }
  void answer_unreachable(Sent& sent);
  // Sends, expects this text and answers: one step of a story.
  void expect_write(std::string_view text, Outcome outcome);
  void expect_nothing_to_write(std::uint16_t target = 0);

  [[nodiscard]] std::vector<DeadLetter> letters();
  void letters_written(std::vector<DeadLetter> letters);
  void letters_lost(std::vector<DeadLetter> letters, Code code = Code::dead_letters_unavailable);

  [[nodiscard]] std::int64_t safe(PartitionId partition = first_partition);
  // Settled since last asked: "1:applied 2:dead_letter".
  [[nodiscard]] std::string settled();

 private:
  [[nodiscard]] std::string text_of(const Batch& batch) const;
  [[nodiscard]] Work make(const Told::Doing& doing, Arena& arena) const;

  std::shared_ptr<int> alive_ = std::make_shared<int>();  // shared by the memory of each chunk
  std::unique_ptr<Conductor> conductor_;
  std::uint64_t chunks_ = 0;
  std::map<std::string, std::string, std::less<>> key_names_;  // watermark key to what is shown of it
};

}  // namespace sluice::engine
