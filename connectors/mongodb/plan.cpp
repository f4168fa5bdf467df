#include "mongodb/plan.hpp"

#include <algorithm>
#include <array>

#include "documents/apply.hpp"
#include "documents/marks.hpp"
#include "mongodb/standing.hpp"

namespace sluice::engine::mongodb {
namespace {

constexpr const char* removed_path = "_sluice.removed";
constexpr const char* replayed_path = "_sluice.replayed";

bool repeatable(Operator op) noexcept {
  return op == Operator::push || op == Operator::add_to_set || op == Operator::pull;
}

// MongoDB takes one operator for each path; sluice several that work on arrays, in their order.
bool says_in_one_update(const Change& change) noexcept {
  const auto& all = change.operations;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!repeatable(all[i].op)) continue;
    for (std::size_t j = i + 1; j < all.size(); ++j)
      if (repeatable(all[j].op) && all[j].op != all[i].op && all[j].path == all[i].path) return false;
  }
  return true;
}

bool makes_new_only(const Change& change) noexcept {
  return std::any_of(change.conditions.begin(), change.conditions.end(), [](const Condition& condition) {
    return condition.kind == ConditionKind::skip_if_exists && condition.path.empty();
  });
}

const char* name_of(Operator op) noexcept {
  switch (op) {
    case Operator::set:
      return "$set";
    case Operator::set_on_insert:
      return "$setOnInsert";
    case Operator::unset:
      return "$unset";
    case Operator::inc:
      return "$inc";
    case Operator::min:
      return "$min";
    case Operator::max:
      return "$max";
    case Operator::push:
      return "$push";
    case Operator::add_to_set:
      return "$addToSet";
    case Operator::pull:
      return "$pullAll";  // removes what is equal, where $pull takes a document for a query
  }
  return "";
}

bool is_index(std::string_view part) noexcept {
  return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A query's path goes into every item of an array that it meets; a path of sluice does not, so no array may
// be on the way (but one that an index goes into).
void no_array_on_the_way(std::string_view path, bson::Writer& out) {
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    const std::string_view next = path.substr(dot + 1);
    if (is_index(next.substr(0, next.find('.')))) continue;
    out.begin_document(path.substr(0, dot)).begin_document("$not").text("$type", "array").end().end();
  }
}

// Around an operator that belongs to no field. Beside the _id it would mean the same, but some servers then
// read the whole collection instead of one document.
void begin_clause(bson::Writer& out) { out.begin_array("$and").begin_document(); }
void end_clause(bson::Writer& out) { out.end().end(); }

// A query for the documents of which the condition holds.
void condition(const Condition& one, bson::Writer& out) {
  out.begin_document();
  if (one.kind == ConditionKind::skip_if_exists) {
    out.begin_document(one.path.empty() ? "_id" : one.path).boolean("$exists", true).end();
  } else {
    out.begin_document(one.path).begin_document("$elemMatch").value("$eq", one.value).end().end();
  }
  no_array_on_the_way(one.path, out);
  out.end();
}

// The marks of a document that nothing but this write has touched.
void first_marks(const Write& write, bson::Writer& out) {
  out.begin_document(marks_name);
  if (write.replay_id.empty())
    out.int64(write.watermark_key, write.last.value());
  else
    out.begin_array(replayed_name).text(write.replay_id).end();
  out.end();
}

// An expression of an aggregation pipeline: the marks that there are and this write's.
void merged_marks(const Write& write, bool removed, bson::Writer& out) {
  out.begin_document(marks_name).begin_array("$mergeObjects").text("$_sluice").begin_document();
  if (write.replay_id.empty()) {
    out.int64(write.watermark_key, write.last.value());
  } else {
    out.begin_document(replayed_name).begin_array("$concatArrays");
    out.begin_document().begin_array("$ifNull").text("$_sluice.replayed").begin_array().end().end().end();
    out.begin_document().begin_array("$literal").text(write.replay_id).end().end();
    out.end().end();
  }
  if (removed) out.boolean(removed_name, true);
  out.end().end().end();
}

// The content in the document's place; watermarks of others stay, and a tombstone is none any more.
void replacement(const Write& write, bson::Writer& out) {
  out.begin_array("u").begin_document().begin_document("$replaceWith").begin_array("$mergeObjects");
  out.begin_document().document("$literal", write.change.content).end();
  out.begin_document().text("_id", "$_id");
  merged_marks(write, false, out);
  out.end().end().end().end();
  out.begin_document().text("$unset", removed_path).end();
  out.end();
}

// Nothing but the marks: a tombstone.
void burial(const Write& write, bson::Writer& out) {
  out.begin_array("u").begin_document().begin_document("$replaceWith").text("_id", "$_id");
  merged_marks(write, true, out);
  out.end().end().end();
}

// Opens the operator's document when its first field comes, and closes it.
class OperatorDocument {
 public:
  OperatorDocument(const char* name, bson::Writer& out) : name_(name), out_(out) {}
  ~OperatorDocument() {
    if (open_) out_.end();
  }
  OperatorDocument(const OperatorDocument&) = delete;
  OperatorDocument& operator=(const OperatorDocument&) = delete;
  bson::Writer& fields() {
    if (!open_) out_.begin_document(name_);
    open_ = true;
    return out_;
  }

 private:
  const char* name_;
  bson::Writer& out_;
  bool open_ = false;
};

// All values that an operator on arrays has for one path, at the path's first operation.
void array_field(std::span<const Operation> all, std::size_t at, OperatorDocument& to) {
  const Operation& first = all[at];
  const auto same = [&](const Operation& other) { return other.op == first.op && other.path == first.path; };
  const auto begin = all.begin();
  const auto here = begin + static_cast<std::ptrdiff_t>(at);
  if (std::any_of(begin, here, same)) return;
  bson::Writer& out = to.fields();
  const bool list = first.op == Operator::pull;
  if (!list && std::none_of(here + 1, all.end(), same)) {
    out.value(first.path, first.value);
    return;
  }
  if (!list) out.begin_document(first.path);
  out.begin_array(list ? first.path : std::string_view("$each"));
  for (auto one = here; one != all.end(); ++one)
    if (same(*one)) out.value(one->value);
  out.end();
  if (!list) out.end();
}

}  // namespace

Form first_form(const Write& write, bool tombstones) noexcept {
  const Change& change = write.change;
  switch (change.kind) {
    case ChangeKind::insert:
      return Form::insert;
    case ChangeKind::replace:
      return Form::upsert;
    case ChangeKind::remove:
      return tombstones ? Form::upsert : Form::remove;
    case ChangeKind::patch:
      break;
  }
  if (!says_in_one_update(change)) return Form::swap;
  if (change.wait_until_exists) return Form::update;
  return makes_new_only(change) ? Form::insert : Form::upsert;
}

Result<void> Planner::append(const Write& write, Form form, bson::Writer& out) {
  if (form == Form::insert) return insert(write, out);
  out.begin_document();
  filter(write, form, out);
  if (form == Form::remove) {
    out.int32("limit", 1).end();
    return {};
  }
  const ChangeKind kind = write.change.kind;
  if (form == Form::skip || kind == ChangeKind::patch)
    patch(write, form, out);
  else if (kind == ChangeKind::remove)
    burial(write, out);
  else
    replacement(write, out);
  if (form == Form::upsert) out.boolean("upsert", true);
  out.end();
  return {};
}

Result<void> Planner::insert(const Write& write, bson::Writer& out) {
  bson::View content = write.change.content;
  if (write.change.kind == ChangeKind::patch) {
    Applied applied = apply(write.change, std::nullopt, made_);
    if (applied.outcome != Outcome::applied) return Error{applied.code, std::move(applied.reason)};
    content = made_.finish();
  }
  out.begin_document().value("_id", write.change.document.id).elements(content);
  first_marks(write, out);
  out.end();
  return {};
}

std::string_view Planner::watermark_path(const Write& write) {
  path_ = "_sluice.";
  path_ += write.watermark_key;
  return path_;
}

void Planner::guard(const Write& write, bson::Writer& out) {
  if (write.replay_id.empty()) {
    out.begin_document(watermark_path(write)).begin_document("$not");
    out.int64("$gte", write.first.value()).end().end();
    return;
  }
  out.begin_document(replayed_path).text("$ne", write.replay_id).end();
  if (!write.refuse_if_newer || !overwrites(write.change)) return;
  out.begin_document(watermark_path(write)).begin_document("$not");
  out.int64("$gt", write.last.value()).end().end();
}

void Planner::filter(const Write& write, Form form, bson::Writer& out) {
  out.begin_document("q").value("_id", write.change.document.id);
  guard(write, out);
  const bool patches = write.change.kind == ChangeKind::patch;
  if (form == Form::revive)
    out.boolean(removed_path, true);
  else if (patches)
    out.begin_document(removed_path).boolean("$exists", false).end();
  if (patches && form != Form::revive && !write.change.conditions.empty()) {
    begin_clause(out);
    out.begin_array(form == Form::skip ? "$or" : "$nor");
    for (const Condition& one : write.change.conditions) condition(one, out);
    out.end();
    end_clause(out);
  }
  out.end();
}

void Planner::patch(const Write& write, Form form, bson::Writer& out) {
  using enum Operator;
  const bool replay = !write.replay_id.empty();
  const auto all = form == Form::skip ? std::span<const Operation>() : write.change.operations;
  out.begin_document("u");
  for (const Operator op : {set, set_on_insert, unset, inc, min, max, push, add_to_set, pull}) {
    // A tombstone's revival makes a document, but for MongoDB it is an update.
    const bool on_insert_too = op == set && form == Form::revive;
    if (op == set_on_insert && form != Form::upsert) continue;

    OperatorDocument document(name_of(op), out);
    if (op == set && !replay) document.fields().int64(watermark_path(write), write.last.value());
    if (op == push && replay) document.fields().text(replayed_path, write.replay_id);
    if (op == unset && form == Form::revive) document.fields().text(removed_path, "");
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Operation& one = all[i];
      if (one.op != op && !(on_insert_too && one.op == set_on_insert)) continue;
      if (repeatable(op))
        array_field(all, i, document);
      else if (op == unset)
        document.fields().text(one.path, "");
      else
        document.fields().value(one.path, one.value);
    }
  }
  out.end();
}

void Planner::append_swap(const Write& write, bson::View before, bson::View content, bson::Writer& out) {
  out.begin_document().begin_document("q").value("_id", write.change.document.id);
  guard(write, out);
  begin_clause(out);
  out.begin_document("$expr").begin_array("$eq").text("$$ROOT");
  out.begin_document().document("$literal", before).end();
  out.end().end();
  end_clause(out);
  out.end();

  out.begin_document("u").elements(content).begin_document(marks_name);
  const bool replay = !write.replay_id.empty();
  bson::Value replayed;
  if (const auto marks = before.find(marks_name).as_document()) {
    for (const bson::Element& mark : *marks) {
      if (mark.name == replayed_name) replayed = mark.value;
      const bool rewritten = mark.name == removed_name || mark.name == replayed_name ||
                             (!replay && mark.name == write.watermark_key);
      if (!rewritten) out.value(mark.name, mark.value);
    }
  }
  if (!replay) out.int64(write.watermark_key, write.last.value());
  if (replay || replayed) {
    out.begin_array(replayed_name);
    if (const auto letters = replayed.as_document())
      for (const bson::Element& letter : *letters) out.value(letter.value);
    if (replay) out.text(write.replay_id);
    out.end();
  }
  out.end().end().end();
}

}  // namespace sluice::engine::mongodb
