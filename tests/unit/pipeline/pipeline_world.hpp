// Real pipelines over a log, a store and dead letters in memory, which outlive them: a test stops one and
// starts the next.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "memory/dead_letters.hpp"
#include "memory/source.hpp"
#include "memory/store.hpp"
#include "pipeline/pipeline.hpp"
#include "support/fake_parts.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {

class PipelineWorld : public testing::Test {
 protected:
  const TopicPartition outbox{"outbox", 0};

  std::shared_ptr<memory::Log> log = std::make_shared<memory::Log>();
  memory::MemoryStore store;
  memory::MemoryDeadLetters dead_letters;
  std::shared_ptr<std::atomic<int>> handler_calls = std::make_shared<std::atomic<int>>(0);

  // What the next pipeline is made of; every type goes to the handler.
  PipelineSettings settings = quick_settings();
  Otherwise otherwise = Otherwise::dead_letter;
  std::vector<Route> routes{{{"Count", "Follow", "Put", "Reject", "Two"}, {0}, {}}};
  std::vector<SinkBinding> sinks;
  bool with_dead_letters = true;
  std::size_t chunk_records = 500;
  milliseconds wait_for{60'000};

  [[nodiscard]] std::unique_ptr<Pipeline> start(memory::Log::Member member = 0);

  // Appends one record; gives its position.
  std::int64_t append(std::string line) { return append(std::move(line), outbox); }
  std::int64_t append(std::string line, const TopicPartition& partition);

  // The document as JSON, or nothing.
  [[nodiscard]] std::string thing(std::string_view id) const;
  [[nodiscard]] std::int64_t committed() const;
  void wait_committed(std::int64_t position) const;

 private:
  [[nodiscard]] static PipelineSettings quick_settings();

  SystemClock clock_;
};

}  // namespace sluice::engine
