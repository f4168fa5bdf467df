// Sessions that want the same documents at the same time.
#include <thread>

#include "scene.hpp"

namespace sluice::engine::mongodb {
namespace {

using Races = Scene;

constexpr int documents = 100;

std::vector<Writing> batch_of(const std::string& key, std::int64_t sequence) {
  std::vector<Writing> batch;
  for (int i = 0; i < documents; ++i)
    batch.push_back(
        Writing(ChangeKind::patch, "users", std::to_string(i)).inc("n", "1").key(key).at(sequence));
  return batch;
}

// Writes until nothing is to be tried again.
void insist(StoreSession& session, std::vector<Writing> batch) {
  while (!batch.empty()) {
    const Written written = write(session, batch);
    std::vector<Writing> left;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Outcome outcome = written.results[i].outcome;
      if (outcome == Outcome::retry) left.push_back(batch[i]);
      EXPECT_TRUE(outcome == Outcome::retry || outcome == Outcome::applied ||
                  outcome == Outcome::already_applied)
          << to_text(outcome) << ": " << written.results[i].reason;
    }
    batch = std::move(left);
  }
}

TEST_F(Races, for_new_documents_lose_no_change) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this, t] {
      const auto session = store().open_session();
      for (int round = 1; round <= 5; ++round)
        insist(*session, batch_of("abcdefgh_" + std::to_string(t), round));
    });
  for (std::thread& thread : threads) thread.join();
  const auto found = database().find("users");
  EXPECT_EQ(found.size(), static_cast<std::size_t>(documents));
  for (const Document& document : found) EXPECT_EQ(document.at("n").as_int64(), 20) << json(document.view());
}

TEST_F(Races, with_one_that_was_replaced_do_nothing_twice) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([this] {
      const auto session = store().open_session();
      for (int round = 1; round <= 10; ++round) insist(*session, batch_of("abcdefgh_0", round));
    });
  for (std::thread& thread : threads) thread.join();
  for (const Document& document : database().find("users")) EXPECT_EQ(document.at("n").as_int64(), 10);
}

TEST_F(Races, of_inserts_have_one_winner) {
  std::atomic<int> applied = 0;
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const auto session = store().open_session();
      const Writing one = insert("x", "{'n':" + std::to_string(t) + "}").key("abcdefgh_" + std::to_string(t));
      const Written written = mongodb::write(*session, {one});
      applied += written.results[0].outcome == Outcome::applied;
      conflicts +=
          written.results[0].outcome == Outcome::rejected && written.results[0].code == Code::store_conflict;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied, 1);
  EXPECT_EQ(conflicts, 3);
}

}  // namespace
}  // namespace sluice::engine::mongodb
