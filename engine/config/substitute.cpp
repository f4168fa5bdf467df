#include "config/substitute.hpp"

#include <algorithm>

#include "base/nearest.hpp"

namespace sluice::engine::config {
namespace {

constexpr int deepest_default = 8;

bool starts_name(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) noexcept { return starts_name(c) || (c >= '0' && c <= '9'); }

std::size_t name_length(std::string_view text) noexcept {
  if (text.empty() || !starts_name(text.front())) return 0;
  return static_cast<std::size_t>(std::ranges::find_if_not(text, continues_name) - text.begin());
}

// The closing brace of the "${" at the beginning.
std::size_t closing_brace(std::string_view text) noexcept {
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') ++open;
    if (text[i] == '}' && --open == 0) return i;
  }
  return std::string_view::npos;
}

class Substitution {
 public:
  Substitution(const Environment& environment, const std::filesystem::path& folder, Substituted& result)
      : environment_(environment), folder_(folder), result_(result) {}

  // Returns the text that stands at this offset of the whole, substituted.
  std::string expand(std::string_view text, std::size_t offset, int depth) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t dollar = std::min(text.find('$', at), text.size());
      out += text.substr(at, dollar - at);
      if (dollar == text.size()) break;
      const std::string_view rest = text.substr(dollar);
      const std::size_t taken = expand_dollar(rest, offset + dollar, depth, out);
      at = dollar + taken;
    }
    return out;
  }

 private:
  // `text` begins with a dollar sign; returns how much of it was taken.
  std::size_t expand_dollar(std::string_view text, std::size_t offset, int depth, std::string& out) {
    if (text.starts_with("$$")) {
      result_.changed = true;
      out += '$';
      return 2;
    }
    if (!text.starts_with("${")) {
      if (const std::size_t length = name_length(text.substr(1)); length > 0) {
        const std::string name(text.substr(1, length));
        fault(offset, length + 1,
              "$" + name + " is not substituted: write ${" + name + "}, or $$" + name + " for a dollar sign");
      }
      out += '$';
      return 1;
    }
    const std::size_t close = closing_brace(text);
    if (close == std::string_view::npos) {
      fault(offset, text.size(), "\"${\" lacks its \"}\"; write $${ if no substitution is meant");
      return text.size();
    }
    if (depth >= deepest_default) {
      fault(offset, close + 1, "substitutions are nested too deep");
      return close + 1;
    }
    result_.changed = true;
    out += expand_braces(text.substr(2, close - 2), offset + 2, depth);
    return close + 1;
  }

  std::string expand_braces(std::string_view body, std::size_t offset, int depth) {
    constexpr std::string_view file = "file:";
    if (body.starts_with(file))
      return content_of(expand(body.substr(file.size()), offset + file.size(), depth + 1), offset);

    const std::string_view name = body.substr(0, name_length(body));
    const std::string_view rest = body.substr(name.size());
    const bool has_default = rest.starts_with(":-");
    if (name.empty() || (!rest.empty() && !has_default)) {
      fault(offset - 2, body.size() + 3,
            "this substitution is not understood; write ${NAME}, ${NAME:-default} or ${file:path}");
      return {};
    }
    const auto value = environment_.variable(name);
    if (value && !(has_default && value->empty())) return std::string(*value);
    if (has_default) return expand(rest.substr(2), offset + name.size() + 2, depth + 1);
    fault(offset, name.size(), unset(name));
    return {};
  }

  std::string unset(std::string_view name) const {
    const std::string written(name);
    std::string message = "the variable " + written + " is not set";
    const auto names = environment_.names();
    if (const auto near = nearest(name, names))
      message += "; did you mean " + std::string(*near) + "?";
    else
      message += "; set it, or give it a default: ${" + written + ":-...}";
    return message;
  }

  std::string content_of(const std::string& path, std::size_t offset) {
    result_.from_file = true;
    auto content = Environment::read(folder_ / path);
    if (content) return std::move(content).value();
    fault(offset, path.size() + 5, content.error().message);
    return {};
  }

  void fault(std::size_t offset, std::size_t length, std::string message) {
    result_.faults.push_back({offset, length, std::move(message)});
  }

  const Environment& environment_;
  const std::filesystem::path& folder_;
  Substituted& result_;
};

}  // namespace

Substituted substitute(std::string_view written, const Environment& environment,
                       const std::filesystem::path& folder) {
  Substituted result;
  result.text = Substitution(environment, folder, result).expand(written, 0, 0);
  return result;
}

}  // namespace sluice::engine::config
