// What keys mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::engine::top {

enum class Command : std::uint8_t { next, previous, choose, freeze, help, redraw, quit };

struct KeyPress {
  Command command;
  std::size_t index = 0;  // of the pipeline to choose
  bool operator==(const KeyPress&) const = default;
};

// Of what a terminal sent at once. Keys that mean nothing are passed over, whole sequences of them too.
[[nodiscard]] std::vector<KeyPress> key_presses(std::string_view bytes);

}  // namespace sluice::engine::top
