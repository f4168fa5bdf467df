// Debezium's block `source`: which database a row comes from, and where it stands in its log. Understood of
// PostgreSQL's connector; another's gives no origin.
#pragma once

#include <optional>
#include <string_view>

#include "core/origin.hpp"
#include "decode/field.hpp"
#include "json/tokens.hpp"

namespace sluice::engine {

// Read while the envelope is; judged once the row is known. Borrows from the tokens.
class RowSource {
 public:
  // Takes the value at hand: the block, or anything else in its place, which is passed over.
  [[nodiscard]] bool take(JsonTokens& tokens);

  // The origin of the row with that event id; nothing where it has none that is certain:
  // - rows of a snapshot, which all stand where the snapshot was made;
  // - rows without an id: those that COPY inserted could not be told apart;
  // - blocks of another shape.
  [[nodiscard]] std::optional<Origin> origin(std::string_view event_id) const noexcept;

  // The fields are as written, with quotes and escapes: this is on the way of every event, and nobody reads
  // them.
  template <class Visit>
  void each_field(Visit visit) {
    for (Field* field : {&connector_, &database_, &schema_, &table_, &snapshot_, &sequence_, &committed_})
      visit(*field);
  }

 private:
  [[nodiscard]] Field* find(std::string_view name) noexcept;

  Field connector_;  // "name", its topic.prefix
  Field database_;
  Field schema_;
  Field table_;
  Field snapshot_;
  Field sequence_;
  Field committed_;  // "ts_ms": all versions have it, and it says the same of a row each time
};

}  // namespace sluice::engine
