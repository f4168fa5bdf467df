// Writes as tests say them: values as Extended JSON (single quotes will do), a guard, and all that a Write
// borrows kept alive.
//
//   Writing(ChangeKind::patch, "users", "'u1'").op(Operator::inc, "n", "1").at(7)
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/write.hpp"
#include "support/document.hpp"

namespace sluice::engine {

class Writing {
 public:
  Writing(ChangeKind kind, std::string_view collection, std::string_view id);

  Writing& content(std::string_view json);
  Writing& op(Operator op, std::string_view path, std::string_view value = "null");
  Writing& set(std::string_view path, std::string_view value) { return op(Operator::set, path, value); }
  Writing& inc(std::string_view path, std::string_view value) { return op(Operator::inc, path, value); }
  Writing& skip_if_contains(std::string_view path, std::string_view value);
  Writing& skip_if_exists(std::string_view path);
  Writing& wait_until_exists();
  // Sequences of generation 0; a group has another last than first.
  Writing& at(std::int64_t sequence) { return group(sequence, sequence); }
  Writing& group(std::int64_t first, std::int64_t last);
  Writing& key(std::string_view watermark_key);
  Writing& replay(std::string_view letter_id, bool refuse_if_newer = false);

  // Borrows from this object, until it is changed or moved.
  [[nodiscard]] Write write() const;
  [[nodiscard]] bson::Value id() const { return id_->at("v"); }

 private:
  [[nodiscard]] bson::Value keep(std::string_view json);

  ChangeKind kind_;
  std::string collection_;
  std::deque<Document> values_;
  std::optional<Document> id_;
  std::optional<Document> content_;
  struct Step {
    Operator op;
    std::string path;
    std::size_t value;
  };
  struct Check {
    ConditionKind kind;
    std::string path;
    std::optional<std::size_t> value;
  };
  std::vector<Step> steps_;
  std::vector<Check> checks_;
  mutable std::vector<Operation> operations_;
  mutable std::vector<Condition> conditions_;
  bool waits_ = false;
  std::string key_ = "k3vq2xha_0";
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::string replay_id_;
  bool refuse_if_newer_ = false;
};

}  // namespace sluice::engine
