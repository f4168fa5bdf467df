#include "documents/marks.hpp"

#include <algorithm>
#include <charconv>

#include "json/writer.hpp"

namespace sluice::engine {
namespace {

constexpr std::string_view replayed_name = "\"replayed\"";

bool take(std::string_view& text, char expected) noexcept {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// A JSON string with its quotes, as it stands; empty if there is none.
std::string_view take_string(std::string_view& text) noexcept {
  if (text.empty() || text.front() != '"') return {};
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      const std::string_view string = text.substr(0, at + 1);
      text.remove_prefix(at + 1);
      return string;
    }
  }
  return {};
}

bool take_integer(std::string_view& text, std::int64_t& value) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

void append_mark(std::string_view key, std::int64_t sequence, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, sequence).ptr;
  out += '"';
  out += key;
  out += "\":";
  out.append(digits, end);
}

}  // namespace

bool overwrites(const Change& change) noexcept {
  if (change.kind != ChangeKind::patch) return true;
  return std::any_of(change.operations.begin(), change.operations.end(), [](const Operation& operation) {
    return operation.op == Operator::set || operation.op == Operator::unset;
  });
}

void Marks::clear() noexcept {
  marks_.clear();
  replayed_.clear();
}

bool Marks::read(std::string_view text) {
  clear();
  if (text.empty()) return true;
  if (!take(text, '{')) return false;
  while (!take(text, '}')) {
    const bool first = marks_.empty() && replayed_.empty();
    if (!first && !take(text, ',')) return false;
    const std::string_view name = take_string(text);
    if (name.size() < 3 || !take(text, ':')) return false;
    if (name == replayed_name) {
      if (!read_replayed(text)) return false;
      continue;
    }
    Mark mark{name.substr(1, name.size() - 2), 0};
    if (!take_integer(text, mark.sequence)) return false;
    marks_.push_back(mark);
  }
  return text.empty();
}

bool Marks::read_replayed(std::string_view& rest) {
  if (!take(rest, '[')) return false;
  do {
    const std::string_view id = take_string(rest);
    if (id.empty()) return false;
    replayed_.push_back(id);
  } while (take(rest, ','));
  return take(rest, ']');
}

Verdict Marks::check(const Write& write) const {
  const auto mark = std::find_if(marks_.begin(), marks_.end(),
                                 [&](const Mark& one) { return one.key == write.watermark_key; });
  const Sequence reached = mark == marks_.end() ? Sequence() : Sequence(mark->sequence);
  if (write.replay_id.empty()) return reached >= write.first ? Verdict::already_applied : Verdict::go;

  if (!replayed_.empty()) {
    std::string id;
    write_json_string(write.replay_id, id);
    if (std::find(replayed_.begin(), replayed_.end(), id) != replayed_.end()) return Verdict::already_applied;
  }
  if (write.refuse_if_newer && reached > write.last && overwrites(write.change)) return Verdict::overtaken;
  return Verdict::go;
}

void Marks::note(const Write& write) {
  if (!write.replay_id.empty()) {
    noted_.clear();
    write_json_string(write.replay_id, noted_);
    replayed_.push_back(noted_);
    return;
  }
  for (Mark& mark : marks_) {
    if (mark.key != write.watermark_key) continue;
    mark.sequence = write.last.value();
    return;
  }
  marks_.push_back({write.watermark_key, write.last.value()});
}

void Marks::to_text(std::string& out) const {
  out = '{';
  for (const Mark& mark : marks_) {
    if (out.size() > 1) out += ',';
    append_mark(mark.key, mark.sequence, out);
  }
  if (!replayed_.empty()) {
    if (out.size() > 1) out += ',';
    out += replayed_name;
    out += ":[";
    for (const std::string_view id : replayed_) {
      if (out.back() != '[') out += ',';
      out += id;
    }
    out += ']';
  }
  out += '}';
}

void Marks::first_text(const Write& write, std::string& out) {
  out = '{';
  if (write.replay_id.empty()) {
    append_mark(write.watermark_key, write.last.value(), out);
  } else {
    out += replayed_name;
    out += ":[";
    write_json_string(write.replay_id, out);
    out += ']';
  }
  out += '}';
}

}  // namespace sluice::engine
