// The operations of one patch, as a tree of paths, carried out in one pass over the document.
#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/change.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {

// Serves one document. Borrows the operations. Fields that are new follow the old ones in the order of the
// operations, so that a patch gives the same document as its operations one by one.
class Patch {
 public:
  // With `inserting` the operations set_on_insert count; without, they are left out.
  Patch(std::span<const Operation> operations, bool inserting);
  Patch(const Patch&) = delete;
  Patch& operator=(const Patch&) = delete;

  // Writes the patched document into the cleared writer. False: refused, reason() says why, and what was
  // written is worthless.
  [[nodiscard]] bool run(bson::View document, bson::Writer& result);
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  struct Step {
    const Operation* operation;
    Step* next = nullptr;
  };
  // A part of a path: either it has steps (a leaf) or children.
  struct Node {
    std::string_view name;
    std::string_view path;  // the whole path of the first operation that made it
    Node* first_child = nullptr;
    Node* last_child = nullptr;
    Node* sibling = nullptr;
    Step* first_step = nullptr;
    Step* last_step = nullptr;
    bool creates = false;  // makes what is missing on its way; unset and pull do not
    bool done = false;
  };

  void add(const Operation& operation);
  [[nodiscard]] Node& child(Node& parent, std::string_view name, std::string_view path);
  [[nodiscard]] static Node* pending(const Node& parent, std::string_view name) noexcept;

  [[nodiscard]] bool fields(bson::View document, Node& node);
  [[nodiscard]] bool items(bson::View array, Node& node);
  [[nodiscard]] bool field(std::string_view name, const bson::Value& current, Node& node, bool in_array);
  [[nodiscard]] bool leaf(std::string_view name, const bson::Value& current, const Node& node, bool in_array);
  [[nodiscard]] bool set(std::string_view name, const Operation& operation);
  [[nodiscard]] bool increase(std::string_view name, const bson::Value& current, const Operation& operation);
  [[nodiscard]] bool array_steps(std::string_view name, const bson::Value& current, const Node& node);
  [[nodiscard]] bool fits(const Operation& operation);
  bool refuse(std::string_view path, std::string_view why);

  static constexpr std::size_t on_stack = 3072;  // about forty operations; beyond, the heap
  std::array<std::byte, on_stack> stack_;
  std::pmr::monotonic_buffer_resource memory_{stack_.data(), stack_.size()};
  std::pmr::polymorphic_allocator<> allocate_{&memory_};
  Node root_;
  bson::Writer* out_ = nullptr;
  std::string reason_;
};

}  // namespace sluice::engine
