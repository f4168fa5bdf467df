// Which statement of MongoDB carries a write, and how it reads.
//
// A statement checks the guard, applies the change and moves the watermark in one atomic operation on one
// document. Two marks of sluice stand in a document beside its content:
//
//   _sluice: { k3vq2xha_12: NumberLong(…),   a watermark for each key
//              replayed: ["…"],              dead letters replayed on it
//              removed: true }               of a tombstone: there is no content
#pragma once

#include <cstdint>
#include <string>

#include "core/write.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::mongodb {

enum class Form : std::uint8_t {
  insert,  // a new document; one that is there makes it fail. Much cheaper for servers than an upsert
  upsert,  // a guarded update that makes the document if there is none. Where the guard or a condition does
           // not let it through, it fails, as it tries to insert a document that is there
  update,  // the same, but it makes no document
  revive,  // a guarded update that makes a document of a tombstone
  skip,    // a condition holds: the watermark moves, the document stays
  remove,  // a guarded delete
  swap,    // puts what documents/apply.hpp computed in the place of the document it was computed from, if
           // that is still the same: for what no single update of MongoDB can say
};

enum class Command : std::uint8_t { insert, update, remove };
[[nodiscard]] constexpr Command command_of(Form form) noexcept {
  if (form == Form::insert) return Command::insert;
  return form == Form::remove ? Command::remove : Command::update;
}

// The form to try first. `tombstones`: of the collection.
[[nodiscard]] Form first_form(const Write& write, bool tombstones) noexcept;

// Writes statements; keeps scratch memory. Not thread-safe.
class Planner {
 public:
  // Appends the statement to the array that is open in `out`: for insert, update and delete commands
  // respectively a document, {q, u, upsert} and {q, limit}. An error: the change can never be applied.
  // Precondition: the form is not swap.
  [[nodiscard]] Result<void> append(const Write& write, Form form, bson::Writer& out);

  // The same for Form::swap: `before` is the whole document as it was read (with _id and _sluice), `content`
  // is what shall be there.
  void append_swap(const Write& write, bson::View before, bson::View content, bson::Writer& out);

 private:
  [[nodiscard]] Result<void> insert(const Write& write, bson::Writer& out);
  void guard(const Write& write, bson::Writer& out);
  void filter(const Write& write, Form form, bson::Writer& out);
  void patch(const Write& write, Form form, bson::Writer& out);
  [[nodiscard]] std::string_view watermark_path(const Write& write);

  std::string path_;
  bson::Writer made_;
};

}  // namespace sluice::engine::mongodb
