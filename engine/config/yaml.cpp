#include "config/yaml.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "config/substitute.hpp"

namespace sluice::engine::config {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
constexpr std::size_t deepest = 64;
constexpr std::size_t most_nodes = 20'000;  // with aliases expanded: an alias bomb ends here

Place place_at(const std::shared_ptr<SourceFile>& file, const YAML::Mark& mark, std::string_view text = {}) {
  if (mark.is_null()) return {file, 0, 0, 0};
  const std::string_view line = file->line(mark.line + 1);
  const std::size_t begin = std::min(static_cast<std::size_t>(mark.column), line.size());
  const std::size_t end = text.empty() ? begin : end_of_scalar(line, begin, text);
  return {file, mark.line + 1, characters(line.substr(0, begin)) + 1,
          characters(line.substr(begin, end - begin))};
}

// Ends the parse; the place and message become a problem.
struct Refused {
  Place place;
  std::string message;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::shared_ptr<SourceFile>& file, const Environment& environment,
              std::vector<Problem>& problems)
      : file_(file), environment_(environment), problems_(problems) {}

  [[nodiscard]] std::shared_ptr<const Node> root() const { return root_; }
  // Where the innermost list or mapping begins that is not complete yet.
  [[nodiscard]] Place innermost() const { return open_.empty() ? Place{} : open_.back().node->place; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(leaf(Node::Kind::null, place_at(file_, mark)), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const Place place = place_at(file_, mark, value);
    if (!file_->closes(place)) throw Refused{place, "the quote is not closed"};
    refuse_tag(tag, place);
    auto node = leaf(Node::Kind::scalar, place);
    node->written = value;
    node->text = value;
    if (!key_comes()) substitute_in(*node);
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Refused{place_at(file_, mark), "this alias stands within what it refers to"};
    add(found->second, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override {
    merge(open_.back());
    close();
  }

 private:
  struct Open {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor;
    std::shared_ptr<const Node> key;  // of a mapping: waits for its value
    std::vector<Node::Entry> merges;  // values of <<
  };

  static std::shared_ptr<Node> leaf(Node::Kind kind, Place place) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->place = std::move(place);
    return node;
  }

  [[nodiscard]] bool key_comes() const {
    return !open_.empty() && open_.back().node->kind == Node::Kind::mapping && !open_.back().key;
  }

  void refuse_tag(const std::string& tag, const Place& place) {
    if (tag.size() > 1 && tag.front() == '!')
      problems_.push_back({place, "the tag " + tag + " means nothing here; remove it"});
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const Place place = place_at(file_, mark);
    if (open_.size() >= deepest) throw Refused{place, "the file is nested too deep"};
    if (key_comes()) throw Refused{place, "a key must be a plain text"};
    refuse_tag(tag, place);
    open_.push_back({leaf(kind, place), anchor, nullptr, {}});
  }

  void close() {
    const Open done = std::move(open_.back());
    open_.pop_back();
    add(done.node, done.anchor);
  }

  void add(const std::shared_ptr<const Node>& node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_.insert_or_assign(anchor, node);
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    parent.node->size += node->size;
    if (parent.node->size > most_nodes)
      throw Refused{parent.node->place, "with all aliases expanded the file is too large"};
    if (parent.node->kind == Node::Kind::list) {
      parent.node->items.push_back(node);
    } else if (!parent.key) {
      if (node->kind == Node::Kind::null) throw Refused{node->place, "a key is missing here"};
      parent.key = node;
    } else {
      add_entry(parent, *std::exchange(parent.key, nullptr), node);
    }
  }

  void add_entry(Open& parent, const Node& key, const std::shared_ptr<const Node>& value) {
    if (key.text == "<<") {
      parent.merges.push_back({key.text, key.place, value});
      return;
    }
    if (const Node::Entry* first = parent.node->find(key.text)) {
      problems_.push_back({key.place, "the key \"" + key.text +
                                          "\" stands here twice; the first is in line " +
                                          std::to_string(first->place.line)});
      hide(*value);  // nobody will look whether it is a secret
      return;
    }
    // yaml-cpp places what is missing at the next thing that is there.
    if (value->kind == Node::Kind::null) {
      parent.node->entries.push_back({key.text, key.place, leaf(Node::Kind::null, key.place)});
      return;
    }
    parent.node->entries.push_back({key.text, key.place, value});
  }

  void hide(const Node& node) {
    if (node.kind == Node::Kind::scalar) file_->hide(node.place, node.written);
    for (const auto& item : node.items) hide(*item);
    for (const Node::Entry& entry : node.entries) hide(*entry.value);
  }

  // `<<: *base` and `<<: [*one, *two]`: keys that the mapping does not have itself; the first of several
  // counts.
  void merge(Open& mapping) {
    for (const Node::Entry& merge : mapping.merges) {
      const bool list = merge.value->kind == Node::Kind::list;
      const std::vector<std::shared_ptr<const Node>> one{merge.value};
      for (const auto& base : list ? merge.value->items : one) {
        if (base->kind != Node::Kind::mapping) {
          problems_.push_back({merge.place, "<< takes mappings, such as <<: *defaults"});
          continue;
        }
        for (const Node::Entry& entry : base->entries)
          if (mapping.node->find(entry.key) == nullptr) mapping.node->entries.push_back(entry);
      }
    }
  }

  void substitute_in(Node& node) {
    if (node.written.find('$') == std::string::npos) return;
    Substituted result = substitute(node.written, environment_, file_->folder());
    node.text = std::move(result.text);
    node.substituted = result.changed;
    node.from_file = result.from_file;
    node.faulty = !result.faults.empty();
    for (Substituted::Fault& fault : result.faults)
      problems_.push_back({place_within(node, fault.offset, fault.length), std::move(fault.message)});
  }

  // The part of a scalar, if it stands in its line as it is; else the scalar's beginning.
  static Place place_within(const Node& node, std::size_t offset, std::size_t length) {
    const std::string_view line = node.place.file->line(node.place.line);
    const std::string_view part = std::string_view(node.written).substr(offset, length);
    const std::size_t begin = line.find(node.written, byte_of_column(line, node.place.column));
    if (begin == std::string_view::npos) return node.place;
    Place place = node.place;
    place.column = characters(line.substr(0, begin + offset)) + 1;
    place.length = characters(part);
    return place;
  }

  const std::shared_ptr<SourceFile>& file_;
  const Environment& environment_;
  std::vector<Problem>& problems_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::shared_ptr<const Node>> anchors_;
  std::shared_ptr<const Node> root_;
};

// Notices that there is a second document.
class Ignore final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { throw mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
  }
  void OnMapEnd() override {}
};

// What yaml-cpp means, for the commonest mistakes.
std::string explained(const std::string& message, const SourceFile& file, const Place& place,
                      const TreeBuilder& tree) {
  const std::string_view line = file.line(place.line);
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  if (line.substr(0, indent).find('\t') != std::string_view::npos)
    return "the line is indented with a tab; YAML takes spaces only";

  const auto opened_by = [&](char brace) {
    const Place open = tree.innermost();
    return open.known() && file.line(open.line)
                               .substr(byte_of_column(file.line(open.line), open.column))
                               .starts_with(brace)
               ? " for the one opened in line " + std::to_string(open.line)
               : std::string();
  };
  if (message == YAML::ErrorMsg::END_OF_MAP_FLOW) return "a comma or \"}\" is missing" + opened_by('{');
  if (message == YAML::ErrorMsg::END_OF_SEQ_FLOW) return "a comma or \"]\" is missing" + opened_by('[');
  if (message == YAML::ErrorMsg::MAP_VALUE)
    return "a \":\" cannot stand here; quote a value that holds \": \", begin a nested mapping on a line of "
           "its own";
  if (message == YAML::ErrorMsg::END_OF_MAP || message == YAML::ErrorMsg::END_OF_SEQ)
    return "the line does not continue what stands above it; is its indentation right?";
  if (message == YAML::ErrorMsg::EOF_IN_SCALAR) return "a quote is not closed";
  if (message == YAML::ErrorMsg::UNKNOWN_ANCHOR)
    return "the alias refers to an anchor that is not defined above";
  return message;
}

// The byte offset of the first thing that is no text; nothing if all of it is.
std::optional<std::size_t> first_non_text(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80U                    ? 1
                               : lead >= 0xC2U && lead < 0xE0U ? 2
                               : lead >= 0xE0U && lead < 0xF0U ? 3
                               : lead >= 0xF0U && lead < 0xF5U ? 4
                                                               : 0;
    if (length == 0 || lead == 0 || i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return i;
    i += length;
  }
  return std::nullopt;
}

std::optional<Problem> refuse_text(const std::shared_ptr<SourceFile>& file) {
  const std::string_view text = file->text();
  if (text.size() > largest_file) return Problem{{file, 0, 0, 0}, "the file is larger than 1 MiB"};
  if (const auto offset = first_non_text(text)) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*offset), '\n');
    return Problem{
        {file, 0, 0, 0},
        "the file is no text in UTF-8 (line " + std::to_string(line + 1) + "); is it the right one?"};
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<const Node> parse_yaml(const std::shared_ptr<SourceFile>& file,
                                       const Environment& environment, std::vector<Problem>& problems) {
  if (auto problem = refuse_text(file)) {
    problems.push_back(std::move(*problem));
    return nullptr;
  }
  TreeBuilder tree(file, environment, problems);
  try {
    std::istringstream in(file->text());
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(tree) || !tree.root() || tree.root()->kind == Node::Kind::null) {
      problems.push_back({{file, 0, 0, 0}, "the file is empty; a configuration begins with \"sluice: 1\""});
      return nullptr;
    }
    Ignore ignore;
    if (parser) parser.HandleNextDocument(ignore);
    return tree.root();
  } catch (const YAML::Mark& second) {
    problems.push_back({place_at(file, second), "a second document begins here; a file holds one"});
  } catch (const Refused& refused) {
    problems.push_back({refused.place, refused.message});
  } catch (const YAML::DeepRecursion& error) {
    problems.push_back({place_at(file, error.mark), "the file is nested too deep"});
  } catch (const YAML::Exception& error) {
    const Place place = place_at(file, error.mark);
    problems.push_back({place, "this is no valid YAML: " + explained(error.msg, *file, place, tree)});
  }
  return nullptr;
}

std::string_view kind_name(Node::Kind kind) noexcept {
  switch (kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
  }
  return "";
}

}  // namespace sluice::engine::config
