// The queue table against a plain map of lists.
#include "pipeline/queues.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <tuple>

namespace sluice::engine {
namespace {

// Documents of which many share a hash, or at least its low bits: what probing and erasing have to stand.
class QueueTableTest : public testing::Test {
 protected:
  using Name = std::tuple<int, std::uint16_t, Assignment*>;  // document, target, assignment

  Task& task(int document, std::uint16_t target) {
    auto& text = texts_.emplace_back(std::to_string(document));
    Work& work = works_.emplace_back();
    work.target = target;
    work.change.document.collection = "things";
    work.change.document.id = {bson::Type::binary, reinterpret_cast<const std::uint8_t*>(text.data()),
                               static_cast<std::uint32_t>(text.size())};
    work.change.document.hash = static_cast<std::uint64_t>(document) % 97;
    Task& made = tasks_.emplace_back();
    made.work = &work;
    return made;
  }

  std::deque<std::string> texts_;
  std::deque<Work> works_;
  std::deque<Task> tasks_;
  std::deque<Assignment> assignments_;
  QueueTable table_;
};

TEST_F(QueueTableTest, says_when_a_queue_is_new) {
  Assignment& assignment = assignments_.emplace_back(PartitionId{0}, TopicPartition{"t", 0}, Progress{});
  Assignment& other = assignments_.emplace_back(PartitionId{1}, TopicPartition{"t", 1}, Progress{});
  Task& first = task(1, 0);
  EXPECT_TRUE(table_.append(first, assignment));
  EXPECT_FALSE(table_.append(task(1, 0), assignment)) << "the same document";
  EXPECT_TRUE(table_.append(task(1, 0), other)) << "of another partition";
  EXPECT_TRUE(table_.append(task(1, 1), assignment)) << "at another target";
  EXPECT_TRUE(table_.append(task(98, 0), assignment)) << "another document of the same hash";
  EXPECT_EQ(table_.queues(), 4U);
  EXPECT_FALSE(table_.pop(*first.queue));
  EXPECT_TRUE(table_.pop(*first.queue));
  EXPECT_EQ(table_.queues(), 3U);
}

TEST_F(QueueTableTest, joins_the_queues_of_one_document) {
  Assignment& assignment = assignments_.emplace_back(PartitionId{0}, TopicPartition{"t", 0}, Progress{});
  Assignment& other = assignments_.emplace_back(PartitionId{1}, TopicPartition{"t", 1}, Progress{});
  Task& first = task(1, 0);
  Task& second = task(1, 0);
  table_.append(first, assignment);
  table_.append(second, other);
  EXPECT_EQ(first.queue->document, second.queue->document);
  Document* document = second.queue->document;
  EXPECT_TRUE(table_.pop(*first.queue));
  Task& third = task(1, 0);
  EXPECT_TRUE(table_.append(third, assignment));
  EXPECT_EQ(third.queue->document, document) << "it lives as long as one of its queues";
}

TEST_F(QueueTableTest, agrees_with_a_map_of_lists_through_growth_and_erasure) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    QueueTable table;
    std::deque<Assignment> assignments;
    for (std::uint32_t i = 0; i < 3; ++i)
      assignments.emplace_back(PartitionId{i}, TopicPartition{"t", static_cast<std::int32_t>(i)}, Progress{});
    std::map<Name, std::deque<Task*>> model;
    const int documents = seed % 2 == 0 ? 50 : 3000;  // the larger ones grow the table several times
    for (int step = 0; step < 20'000; ++step) {
      const bool filling = (step / 4000) % 2 == 0;
      if (model.empty() || random() % 10 < (filling ? 7U : 3U)) {
        const auto document = static_cast<int>(random() % static_cast<unsigned>(documents));
        const auto target = static_cast<std::uint16_t>(random() % 2);
        Assignment& assignment = assignments[random() % 3];
        Task& made = task(document, target);
        auto& list = model[{document, target, &assignment}];
        ASSERT_EQ(table.append(made, assignment), list.empty());
        list.push_back(&made);
        ASSERT_EQ(made.queue, list.front()->queue);
      } else {
        auto pick =
            model.lower_bound({static_cast<int>(random() % static_cast<unsigned>(documents)), 0, nullptr});
        if (pick == model.end()) pick = model.begin();
        Queue& queue = *pick->second.front()->queue;
        ASSERT_EQ(queue.head, pick->second.front());
        ASSERT_EQ(queue.tail, pick->second.back());
        if (random() % 20 == 0) {
          table.forget(queue);
          model.erase(pick);
        } else {
          pick->second.pop_front();
          ASSERT_EQ(table.pop(queue), pick->second.empty());
          if (pick->second.empty()) model.erase(pick);
        }
      }
      ASSERT_EQ(table.queues(), model.size());
    }
    std::size_t seen = 0;
    table.for_each([&seen](const Queue&) { ++seen; });
    EXPECT_EQ(seen, model.size());
    for (auto& [name, list] : model) {
      for (std::size_t left = list.size(); left > 1; --left) ASSERT_FALSE(table.pop(*list.front()->queue));
      ASSERT_TRUE(table.pop(*list.front()->queue));
    }
    EXPECT_EQ(table.queues(), 0U);
  }
}

}  // namespace
}  // namespace sluice::engine
