#include "support/writing.hpp"

#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

Document wrapped(std::string_view json) { return Document("{'v':" + std::string(json) + "}"); }

// As normalise_id leaves it: every whole number is an int64.
Document normalised(std::string_view json) {
  Document given = wrapped(json);
  const auto whole = given.at("v").as_int64();
  if (!whole) return given;
  bson::Writer writer;
  return Document(writer.int64("v", *whole).finish());
}

}  // namespace

Writing::Writing(ChangeKind kind, std::string_view collection, std::string_view id)
    : kind_(kind), collection_(collection), id_(normalised(id)) {}

Writing& Writing::content(std::string_view json) {
  content_.emplace(json);
  return *this;
}

Writing& Writing::op(Operator op, std::string_view path, std::string_view value) {
  steps_.push_back({op, std::string(path), values_.size()});
  values_.push_back(wrapped(value));
  return *this;
}

Writing& Writing::skip_if_contains(std::string_view path, std::string_view value) {
  checks_.push_back({ConditionKind::skip_if_contains, std::string(path), values_.size()});
  values_.push_back(wrapped(value));
  return *this;
}

Writing& Writing::skip_if_exists(std::string_view path) {
  checks_.push_back({ConditionKind::skip_if_exists, std::string(path), std::nullopt});
  return *this;
}

Writing& Writing::wait_until_exists() {
  waits_ = true;
  return *this;
}

Writing& Writing::group(std::int64_t first, std::int64_t last) {
  first_ = first;
  last_ = last;
  return *this;
}

Writing& Writing::key(std::string_view watermark_key) {
  key_ = watermark_key;
  return *this;
}

Writing& Writing::replay(std::string_view letter_id, bool refuse_if_newer) {
  replay_id_ = letter_id;
  refuse_if_newer_ = refuse_if_newer;
  return *this;
}

Write Writing::write() const {
  operations_.clear();
  for (const Step& step : steps_)
    operations_.push_back(
        {step.op, step.path, step.op == Operator::unset ? bson::Value{} : values_[step.value].at("v")});
  conditions_.clear();
  for (const Check& check : checks_)
    conditions_.push_back(
        {check.kind, check.path, check.value ? values_[*check.value].at("v") : bson::Value{}});

  Write write;
  write.change.document = {collection_, id(), 0};
  write.change.document.hash = document_hash(collection_, id());
  write.change.kind = kind_;
  write.change.wait_until_exists = waits_;
  if (content_) write.change.content = content_->view();
  write.change.operations = operations_;
  write.change.conditions = conditions_;
  write.watermark_key = key_;
  write.first = Sequence(first_);
  write.last = Sequence(last_);
  write.replay_id = replay_id_;
  write.refuse_if_newer = refuse_if_newer_;
  return write;
}

}  // namespace sluice::engine
