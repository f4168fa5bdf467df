// The journal as documents of the collection _sluice: {_id: {kind, pipeline, …}, kind, pipeline, …}, of the
// kinds "position", "breaker" and "letter".
#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>

#include "core/journal.hpp"
#include "mongodb/client.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::mongodb {

// How many entries go in one command. So many that an answer takes longer than it is waited for would be sent
// again and again: after a failure there are fewer, and more again after what went well.
class EntriesAtOnce {
 public:
  static constexpr std::size_t most = 500;

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  void failed(std::size_t sent) noexcept { count_ = std::max<std::size_t>(1, sent / 2); }
  void worked() noexcept { count_ = std::min(most, count_ * 2); }

 private:
  std::size_t count_ = most;
};

// Any thread, after use().
class MongoJournal final : public Journal {
 public:
  static constexpr const char* collection = "_sluice";

  void use(ClientPool pool);

  Result<std::vector<PositionRecord>> positions(std::string_view pipeline) override;
  Result<void> save_positions(std::string_view pipeline, std::span<const PositionRecord> records) override;
  Result<void> forget_positions(std::string_view pipeline,
                                const std::optional<TopicPartition>& partition) override;
  Result<std::optional<BreakerRecord>> breaker(std::string_view pipeline) override;
  Result<void> open_breaker(std::string_view pipeline, const BreakerRecord& record) override;
  Result<void> close_breaker(std::string_view pipeline) override;
  Result<std::vector<LetterRecord>> letters(std::string_view pipeline) override;
  Result<std::vector<LetterRecord>> letters_from(std::string_view pipeline, const TopicPartition& partition,
                                                 Position from) override;
  Result<void> save_letters(std::string_view pipeline, std::span<const LetterRecord> records) override;
  Result<std::vector<std::string>> pipelines() override;

 private:
  using Statement = std::function<void(std::size_t, bson::Writer&)>;
  [[nodiscard]] Result<void> read(std::string_view kind, std::string_view pipeline, const Client::Each& each);
  [[nodiscard]] Result<void> find(bson::View filter, const Client::Each& each);
  // Upserts, written by `statement` one by one as far as into the open {q, u, …}.
  [[nodiscard]] Result<void> upsert(std::size_t count, const Statement& statement);
  [[nodiscard]] Result<void> remove(bson::View filter);
  [[nodiscard]] Result<bool> upsert_some(std::size_t first, std::size_t last, const Statement& statement);

  std::mutex mutex_;
  std::optional<ClientPool> pool_;
  EntriesAtOnce at_once_;
};

}  // namespace sluice::engine::mongodb
