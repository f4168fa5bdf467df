#include "documents/apply.hpp"

#include <algorithm>

#include "documents/patch.hpp"
#include "documents/validate.hpp"

namespace sluice::engine {
namespace {

Applied done() { return {Outcome::applied, Code::store_refused, {}, false}; }
Applied rejected(Code code, std::string reason) {
  return {Outcome::rejected, code, std::move(reason), false};
}

bool holds(const Condition& condition, bson::View document) {
  if (condition.kind == ConditionKind::skip_if_exists)
    return condition.path.empty() || static_cast<bool>(document.at(condition.path));
  const bson::Value array = document.at(condition.path);
  if (array.type != bson::Type::array) return false;
  const bson::View values(array.data);
  return std::any_of(values.begin(), values.end(), [&](const bson::Element& element) {
    return compare(element.value, condition.value) == 0;
  });
}

Applied within_limits(const bson::Writer& result) {
  if (result.size() <= DocumentLimits::bytes) return done();
  return rejected(Code::store_refused, "the document would have " + std::to_string(result.size()) +
                                           " bytes; the limit is " + std::to_string(DocumentLimits::bytes));
}

Applied put(bson::View content, bson::Writer& result) {
  result.clear().elements(content);
  return within_limits(result);
}

Applied patch(const Change& change, const std::optional<bson::View>& document, bson::Writer& result) {
  if (document) {
    for (const Condition& condition : change.conditions)
      if (holds(condition, *document)) return {Outcome::skipped, Code::store_refused, {}, false};
  } else if (change.wait_until_exists) {
    return {Outcome::waiting, Code::wait_expired, "the document does not exist yet", false};
  }
  Patch operations(change.operations, !document);
  if (!operations.run(document.value_or(bson::View()), result.clear()))
    return rejected(Code::store_refused, operations.reason());
  return within_limits(result);
}

}  // namespace

Applied apply(const Change& change, const std::optional<bson::View>& document, bson::Writer& result) {
  switch (change.kind) {
    case ChangeKind::insert:
      if (document) return rejected(Code::store_conflict, "a document with this id exists, made by another");
      return put(change.content, result);
    case ChangeKind::replace:
      return put(change.content, result);
    case ChangeKind::patch:
      return patch(change, document, result);
    case ChangeKind::remove:
      return {Outcome::applied, Code::store_refused, {}, true};
  }
  return rejected(Code::internal, "a change of a kind that there is not");
}

}  // namespace sluice::engine
