// The bookkeeper: the thread that makes progress durable. It writes dead letters, and positions into the
// journal; both block, and neither may hold up the conductor.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/thread_name.hpp"
#include "letters/letter_book.hpp"
#include "pipeline/mailbox.hpp"

namespace sluice::engine {

class Bookkeeper {
 public:
  struct Entry {  // one of the two
    std::vector<DeadLetter> letters;
    std::vector<PositionRecord> positions;
  };
  struct Written {
    Entry entry;
    Result<void> result;
  };
  // Called on the bookkeeper's thread.
  using Done = std::function<void(Written written)>;

  // Either of letters and journal may be null: then nothing of its kind is handed in (letters), or it counts
  // as written (positions).
  Bookkeeper(DeadLetters* letters, Journal* journal, std::string pipeline, Done done)
      : letters_(letters),
        journal_(journal),
        pipeline_(std::move(pipeline)),
        done_(std::move(done)),
        thread_([this] { run(); }) {}
  ~Bookkeeper() {
    entries_.close();
    thread_.join();
  }
  Bookkeeper(const Bookkeeper&) = delete;
  Bookkeeper& operator=(const Bookkeeper&) = delete;

  void write(Entry entry) { entries_.push(std::move(entry)); }

 private:
  void run() {
    name_this_thread("bookkeeper");
    while (auto entry = entries_.take()) {
      Result<void> result = write_now(*entry);
      done_({std::move(*entry), std::move(result)});
    }
  }
  [[nodiscard]] Result<void> write_now(const Entry& entry) {
    if (!entry.letters.empty()) {
      if (auto intended = record_intents(entry.letters); !intended) return intended;
      return letters_->write(entry.letters);
    }
    if (journal_ != nullptr) return journal_->save_positions(pipeline_, entry.positions);
    return {};
  }

  // letters/letter_book.hpp says why.
  [[nodiscard]] Result<void> record_intents(const std::vector<DeadLetter>& letters) {
    if (journal_ == nullptr) return {};
    std::vector<LetterRecord> records;
    for (const DeadLetter& letter : letters)
      for (LetterRecord& record : to_records(letter, Disposition::intended))
        records.push_back(std::move(record));
    auto saved = journal_->save_letters(pipeline_, records);
    if (!saved && saved.error().code == Code::store_unavailable)
      saved.error().code = Code::dead_letters_unavailable;  // tried again as letters are
    return saved;
  }

  DeadLetters* letters_;
  Journal* journal_;
  std::string pipeline_;
  Done done_;
  WorkList<Entry> entries_;
  std::thread thread_;
};

}  // namespace sluice::engine
