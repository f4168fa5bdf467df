#include "top/keys.hpp"

#include <algorithm>
#include <optional>

namespace sluice::engine::top {
namespace {

std::optional<KeyPress> plain_key(char key) {
  switch (key) {
    case '\t':
      return KeyPress{Command::next};
    case 'q':
    case 'Q':
    case '\x03':  // Ctrl-C, of a terminal that does not make a signal of it
      return KeyPress{Command::quit};
    case 'p':
    case 'P':
    case ' ':
      return KeyPress{Command::freeze};
    case '?':
    case 'h':
      return KeyPress{Command::help};
    case '\x0c':  // Ctrl-L
      return KeyPress{Command::redraw};
    case '0':
      return KeyPress{Command::choose, 9};
    default:
      if (key >= '1' && key <= '9') return KeyPress{Command::choose, static_cast<std::size_t>(key - '1')};
      return std::nullopt;
  }
}

// Of "\033[…X" and "\033OX", by their last letter.
std::optional<KeyPress> sequence_key(char last) {
  switch (last) {
    case 'C':  // right
      return KeyPress{Command::next};
    case 'D':  // left
    case 'Z':  // Shift-Tab
      return KeyPress{Command::previous};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<KeyPress> key_presses(std::string_view bytes) {
  std::vector<KeyPress> keys;
  const auto add = [&](std::optional<KeyPress> key) {
    if (key) keys.push_back(*key);
  };
  while (!bytes.empty()) {
    if (bytes.front() != '\x1b' || bytes.size() < 2) {
      add(plain_key(bytes.front()));
      bytes.remove_prefix(1);
      continue;
    }
    std::size_t last = 2;  // parameters and intermediates of a sequence lie below '@'
    if (bytes[1] == '[')
      while (last < bytes.size() && bytes[last] < '@') ++last;
    const bool known = (bytes[1] == '[' || bytes[1] == 'O') && last < bytes.size();
    if (known) add(sequence_key(bytes[last]));
    bytes.remove_prefix(known ? last + 1 : std::min<std::size_t>(2, bytes.size()));
  }
  return keys;
}

}  // namespace sluice::engine::top
