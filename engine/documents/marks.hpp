// What a document keeps about the changes applied to it, for stores that check guards themselves: watermarks
// and the ids of dead letters replayed on it. Its text is JSON that people can read, in a column beside the
// document:  {"k3vq2xha_0":123,"replayed":["activity/outbox/0/17"]}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/write.hpp"

namespace sluice::engine {

enum class Verdict : std::uint8_t {
  go,
  already_applied,
  overtaken,  // a replay that would overwrite what newer events made
};

// One instance serves many documents and keeps its memory. Not thread-safe.
class Marks {
 public:
  // Reads the text, which must outlive what is asked of these marks; empty text: no marks. False if it is
  // not as to_text() writes it.
  [[nodiscard]] bool read(std::string_view text);
  void clear() noexcept;

  // Whether the guard of a write lets it pass.
  [[nodiscard]] Verdict check(const Write& write) const;
  // Notes a write that was applied or skipped; its views are borrowed until to_text().
  void note(const Write& write);
  // Replaces `out` by the text.
  void to_text(std::string& out) const;

  // The marks of a document that nothing but this write has touched: what note() on empty marks gives.
  static void first_text(const Write& write, std::string& out);

 private:
  struct Mark {
    std::string_view key;
    std::int64_t sequence;
  };
  [[nodiscard]] bool read_replayed(std::string_view& rest);

  std::vector<Mark> marks_;
  std::vector<std::string_view> replayed_;  // JSON strings, with their quotes
  std::string noted_;                       // the JSON string of the letter noted
};

// Whether repeating the change late could undo what newer ones did: insert, replace, remove, and a patch that
// sets or unsets.
[[nodiscard]] bool overwrites(const Change& change) noexcept;

}  // namespace sluice::engine
