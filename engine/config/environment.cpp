#include "config/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "config/source_file.hpp"

namespace sluice::engine {
namespace {

constexpr std::uintmax_t largest = std::uintmax_t{1} << 20U;

bool blank(char c) noexcept { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_name(std::string_view text) noexcept {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  for (const char c : text) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.' || c == '-';
    if (!fits) return false;
  }
  return true;
}

char unescaped(char c) noexcept {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

// Reads NAME=value lines; a value in quotes may go on over lines.
class DotenvReader {
 public:
  explicit DotenvReader(std::shared_ptr<const SourceFile> file) : file_(std::move(file)) {}

  template <class Each>
  std::vector<Problem> read(Each each) {
    rest_ = file_->text();
    while (!rest_.empty()) {
      std::string_view text = trimmed(next_line());
      if (text.empty() || text.front() == '#') continue;
      if (text.starts_with("export ") || text.starts_with("export\t")) text = trimmed(text.substr(7));
      const std::size_t equals = text.find('=');
      const std::string_view name = trimmed(text.substr(0, equals));
      if (equals == std::string_view::npos || !is_name(name)) {
        problem("this is no variable; write NAME=value, or # before a comment");
        continue;
      }
      each(std::string(name), value(trimmed(text.substr(equals + 1))));
    }
    return std::move(problems_);
  }

 private:
  std::string_view next_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  std::string value(std::string_view text) {
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) return plain(text);
    const char quote = text.front();
    const int begun = number_;
    text.remove_prefix(1);
    std::string out;
    for (;;) {
      for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == quote) {
          const std::string_view after = trimmed(text.substr(i + 1));
          if (!after.empty() && after.front() != '#') problem("something follows the closing quote");
          return out;
        }
        if (quote == '"' && text[i] == '\\' && i + 1 < text.size())
          out += unescaped(text[++i]);
        else
          out += text[i];
      }
      if (rest_.empty()) {
        number_ = begun;
        problem("the quote is not closed");
        return out;
      }
      out += '\n';
      text = next_line();
    }
  }

  static std::string plain(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '#' && (i == 0 || blank(text[i - 1]))) return std::string(trimmed(text.substr(0, i)));
    return std::string(text);
  }

  void problem(std::string message) { problems_.push_back({{file_, number_, 1, 0}, std::move(message)}); }

  std::shared_ptr<const SourceFile> file_;
  std::string_view rest_;
  int number_ = 0;
  std::vector<Problem> problems_;
};

}  // namespace

Environment Environment::of_process() {
  Environment environment;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view line(*at);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    environment.set(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
  }
  return environment;
}

std::optional<std::string_view> Environment::variable(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string_view> Environment::names() const {
  std::vector<std::string_view> names;
  names.reserve(variables_.size());
  for (const auto& [name, value] : variables_) names.push_back(name);
  return names;
}

Result<std::string> Environment::read(const std::filesystem::path& path) {
  const auto refuse = [&](std::string_view why) {
    return Error{Code::configuration_invalid, "cannot read " + path.string() + ": " + std::string(why)};
  };
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status)) return refuse("there is no such file");
  if (!std::filesystem::is_regular_file(status)) return refuse("it is no ordinary file");
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) return refuse(failed.message());
  if (size > largest) return refuse("it is larger than 1 MiB");

  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  if (size > 0) content << in.rdbuf();
  if (!in) return refuse("opening or reading it failed; is it readable for this user?");
  std::string text = std::move(content).str();
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::vector<Problem> Environment::add_file(const std::filesystem::path& path) {
  auto content = read(path);
  if (!content) return {Problem{{}, content.error().message}};
  const auto file = std::make_shared<SourceFile>(path, std::move(content).value());
  file->hide_all();  // any line of a .env file may be a secret
  std::map<std::string, std::string, std::less<>> added;
  auto problems = DotenvReader(file).read([&](std::string name, std::string value) {
    added.insert_or_assign(std::move(name), std::move(value));
  });
  variables_.merge(added);
  return problems;
}

}  // namespace sluice::engine
