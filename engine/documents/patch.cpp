#include "documents/patch.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "documents/apply.hpp"
#include "documents/validate.hpp"

namespace sluice::engine {
namespace {

bool creates(Operator op) noexcept { return op != Operator::unset && op != Operator::pull; }

bool repeatable(Operator op) noexcept {
  return op == Operator::push || op == Operator::add_to_set || op == Operator::pull;
}

bool equal(const bson::Value& a, const bson::Value& b) noexcept {
  if (a.type == bson::Type::text && b.type == bson::Type::text) return a.same_bytes(b);
  return compare(a, b) == 0;
}

// "0", "17", but not "01": the only form in which an index names an item.
std::optional<std::size_t> as_index(std::string_view name) noexcept {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  if (name.size() > 1 && name.front() == '0') return std::nullopt;
  return index;
}

std::size_t levels(const bson::Value& value) noexcept {
  const auto inside = value.as_document();
  if (!inside) return 0;
  std::size_t deepest = 0;
  for (const bson::Element& element : *inside) deepest = std::max(deepest, levels(element.value));
  return deepest + 1;
}

}  // namespace

Patch::Patch(std::span<const Operation> operations, bool inserting) {
  for (const Operation& operation : operations)
    if (inserting || operation.op != Operator::set_on_insert) add(operation);
}

void Patch::add(const Operation& operation) {
  Node* here = &root_;
  for (std::string_view rest = operation.path;;) {
    const std::size_t dot = rest.find('.');
    here = &child(*here, rest.substr(0, dot), operation.path);
    if (creates(operation.op)) here->creates = true;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  Step* step = allocate_.new_object<Step>(&operation);
  (here->first_step == nullptr ? here->first_step : here->last_step->next) = step;
  here->last_step = step;
}

Patch::Node& Patch::child(Node& parent, std::string_view name, std::string_view path) {
  for (Node* node = parent.first_child; node != nullptr; node = node->sibling)
    if (node->name == name) return *node;
  Node* made = allocate_.new_object<Node>();
  made->name = name;
  made->path = path;
  (parent.first_child == nullptr ? parent.first_child : parent.last_child->sibling) = made;
  parent.last_child = made;
  return *made;
}

Patch::Node* Patch::pending(const Node& parent, std::string_view name) noexcept {
  for (Node* node = parent.first_child; node != nullptr; node = node->sibling)
    if (!node->done && node->name == name) return node;
  return nullptr;
}

bool Patch::run(bson::View document, bson::Writer& result) {
  out_ = &result;
  return fields(document, root_);
}

bool Patch::fields(bson::View document, Node& node) {
  for (const bson::Element& element : document) {
    Node* touched = pending(node, element.name);
    if (touched == nullptr) {
      out_->value(element.name, element.value);
      continue;
    }
    touched->done = true;
    if (!field(element.name, element.value, *touched, false)) return false;
  }
  for (Node* missing = node.first_child; missing != nullptr; missing = missing->sibling)
    if (!missing->done && missing->creates && !field(missing->name, {}, *missing, false)) return false;
  return true;
}

bool Patch::items(bson::View array, Node& node) {
  std::size_t count = 0;
  for (const bson::Element& element : array) {
    ++count;
    Node* touched = pending(node, element.name);
    if (touched == nullptr) {
      out_->value(element.value);
      continue;
    }
    touched->done = true;
    if (!field(element.name, element.value, *touched, true)) return false;
  }
  // Items may be appended one after the other, in whatever order the operations name them.
  for (Node* next = node.first_child; next != nullptr;) {
    if (next->done || !next->creates || as_index(next->name) != count) {
      next = next->sibling;
      continue;
    }
    next->done = true;
    if (!field(next->name, {}, *next, true)) return false;
    ++count;
    next = node.first_child;
  }
  for (const Node* left = node.first_child; left != nullptr; left = left->sibling)
    if (!left->done && left->creates)
      return refuse(left->path, as_index(left->name) ? "the index is beyond the end of the array"
                                                     : "an array has no field, only items by number");
  return true;
}

bool Patch::field(std::string_view name, const bson::Value& current, Node& node, bool in_array) {
  if (node.first_step != nullptr && node.first_child != nullptr)
    return refuse(node.path, "the paths of two operations overlap");
  if (node.first_step != nullptr) return leaf(name, current, node, in_array);

  bool fine = true;
  switch (current.type) {
    case bson::Type::none:
    case bson::Type::document:
      out_->begin_document(name);
      fine = fields(current ? bson::View(current.data) : bson::View(), node);
      break;
    case bson::Type::array:
      out_->begin_array(name);
      fine = items(bson::View(current.data), node);
      break;
    default:
      if (node.creates) return refuse(node.path, "it leads through a value that is no document");
      out_->value(name, current);
      return true;
  }
  if (out_->depth() > DocumentLimits::depth)
    return refuse(node.path, "the document would be nested too deep");
  out_->end();
  return fine;
}

bool Patch::leaf(std::string_view name, const bson::Value& current, const Node& node, bool in_array) {
  const Operation& operation = *node.first_step->operation;
  if (repeatable(operation.op)) return array_steps(name, current, node);
  if (node.first_step != node.last_step) return refuse(node.path, "two operations name the same path");

  switch (operation.op) {
    case Operator::set:
    case Operator::set_on_insert:
      return set(name, operation);
    case Operator::unset:
      if (in_array) out_->null(name);  // the items behind it keep their numbers
      return true;
    case Operator::inc:
      return increase(name, current, operation);
    case Operator::min:
      if (!current || compare(operation.value, current) < 0) return set(name, operation);
      out_->value(name, current);
      return true;
    case Operator::max:
      if (!current || compare(operation.value, current) > 0) return set(name, operation);
      out_->value(name, current);
      return true;
    case Operator::push:
    case Operator::add_to_set:
    case Operator::pull:
      break;
  }
  return array_steps(name, current, node);
}

bool Patch::set(std::string_view name, const Operation& operation) {
  if (!fits(operation)) return false;
  out_->value(name, operation.value);
  return true;
}

bool Patch::increase(std::string_view name, const bson::Value& current, const Operation& operation) {
  const bson::Value& by = operation.value;
  if (!by.is_number()) return refuse(operation.path, "inc needs a number");
  if (!current) return set(name, operation);
  if (!current.is_number()) return refuse(operation.path, "inc needs a number there, and it is none");
  if (current.type == bson::Type::decimal128 || by.type == bson::Type::decimal128)
    return refuse(operation.path, "inc does not add decimal128 numbers");

  const auto whole = current.as_int64();
  const auto whole_by = by.as_int64();
  if (!whole || !whole_by) {
    out_->number(name, *current.as_double() + *by.as_double());
    return true;
  }
  std::int64_t sum = 0;
  if (__builtin_add_overflow(*whole, *whole_by, &sum))
    return refuse(operation.path, "inc would exceed the 64 bits of an integer");
  if (current.type == bson::Type::int32 && by.type == bson::Type::int32)
    out_->integer(name, sum);
  else
    out_->int64(name, sum);
  return true;
}

bool Patch::array_steps(std::string_view name, const bson::Value& current, const Node& node) {
  if (current && current.type != bson::Type::array)
    return refuse(node.path, "push, add_to_set and pull need an array there, and it is none");

  std::pmr::vector<bson::Value> values(&memory_);
  if (current)
    for (const bson::Element& element : bson::View(current.data)) values.push_back(element.value);

  for (const Step* step = node.first_step; step != nullptr; step = step->next) {
    const Operation& operation = *step->operation;
    const auto same = [&](const bson::Value& value) { return equal(value, operation.value); };
    if (!repeatable(operation.op)) return refuse(node.path, "two operations name the same path");
    if (operation.op == Operator::pull) {
      std::erase_if(values, same);
      continue;
    }
    if (operation.op == Operator::add_to_set && std::any_of(values.begin(), values.end(), same)) continue;
    if (!fits(operation)) return false;
    values.push_back(operation.value);
  }
  out_->begin_array(name);
  for (const bson::Value& value : values) out_->value(value);
  out_->end();
  return true;
}

bool Patch::fits(const Operation& operation) {
  const std::size_t inside = levels(operation.value);
  if (inside == 0 || out_->depth() + inside <= DocumentLimits::depth) return true;
  return refuse(operation.path, "the document would be nested too deep");
}

bool Patch::refuse(std::string_view path, std::string_view why) {
  reason_ = "the path '";
  reason_ += path;
  reason_ += "' cannot be changed: ";
  reason_ += why;
  return false;
}

}  // namespace sluice::engine
