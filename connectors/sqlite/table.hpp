// One collection as a table that anyone may read:
//
//   _id       the document's id: text or integer as they are, all else as Extended JSON in a blob
//   document  its content as relaxed Extended JSON; NULL when it was removed and a tombstone stands for it
//   _sluice   what was applied to it (documents/marks.hpp)
#pragma once

#include <string>
#include <string_view>

#include "core/store.hpp"
#include "documents/marks.hpp"
#include "json/reader.hpp"
#include "sluice/bson_writer.hpp"
#include "sqlite/database.hpp"

namespace sluice::engine::sqlite {

// What writing needs and all tables share; its memory is kept from write to write.
struct Scratch {
  Marks marks;
  JsonReader reader{
      JsonLimits{std::size_t{256} << 20U, 200, 50'000'000}};  // of what was stored: anything goes
  bson::Writer writer;
  std::string json;
  std::string marks_text;
  std::string id;
};

// Within one thread and, for write(), one open transaction.
class Table {
 public:
  // Makes the table and its indexes if they are not there. store.refused: it is another collection's.
  [[nodiscard]] static Result<Table> open(Database& database, const CollectionSpec& spec);

  // Executes one write. SQLITE_OK: `result` is set, and the transaction is as if only what it says had been
  // tried. Any other code: the transaction is spoilt and must be rolled back.
  // `content` is the JSON of an insert's or replace's content.
  [[nodiscard]] int write(const Write& write, std::string_view content, Scratch& scratch,
                          WriteResult& result);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  struct Row {
    std::int64_t rowid = 0;
    bool exists = false;    // a row, if only a tombstone
    bool document = false;  // a document
  };
  [[nodiscard]] Result<void> make_index(Database& database, const IndexSpec& index);
  [[nodiscard]] int insert(const Write& write, std::string_view content, Scratch& scratch,
                           WriteResult& result);
  [[nodiscard]] int on_row(const Write& write, std::string_view content, Scratch& scratch,
                           WriteResult& result);
  [[nodiscard]] int change(const Write& write, std::string_view content, const Row& row, Scratch& scratch,
                           WriteResult& result);
  [[nodiscard]] int store(const Write& write, const std::optional<std::string_view>& json, const Row& row,
                          Scratch& scratch, WriteResult& result);
  [[nodiscard]] int move_marks(const Write& write, const Row& row, Scratch& scratch);

  std::string name_;
  bool tombstones_ = false;
  Statement insert_;
  Statement select_;
  Statement update_;
  Statement update_marks_;
  Statement remove_;
};

}  // namespace sluice::engine::sqlite
