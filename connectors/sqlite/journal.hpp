// The journal as tables beside the documents: _sluice_positions, _sluice_breakers, _sluice_letters.
#pragma once

#include <functional>
#include <mutex>

#include "core/journal.hpp"
#include "sqlite/database.hpp"

namespace sluice::engine::sqlite {

// Any thread: each call takes the mutex, which it shares with whoever else uses the connection.
class SqliteJournal final : public Journal {
 public:
  SqliteJournal(Database& database, std::mutex& mutex) noexcept : database_(database), mutex_(mutex) {}
  // With the mutex held, within a transaction.
  [[nodiscard]] Result<void> make_tables();

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
  using Bind = std::function<void(Statement&)>;
  // Both take the mutex. `query` calls `row` for each row; `execute` runs the statement `times` times, all of
  // them in one transaction, its parameters set by `bind`.
  [[nodiscard]] Result<void> query(std::string_view sql, std::string_view pipeline, const Bind& row);
  [[nodiscard]] Result<void> execute(std::string_view sql, std::size_t times,
                                     const std::function<void(Statement&, std::size_t)>& bind);

  Database& database_;
  std::mutex& mutex_;
};

}  // namespace sluice::engine::sqlite
