#include "core/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/ascii.hpp"
#include "base/nearest.hpp"

namespace sluice::engine {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view name;
  std::int64_t size;
};

// Largest first, as the texts are made with the largest unit that fits.
constexpr std::array duration_units{
    Unit{"d", 86'400'000'000}, Unit{"h", 3'600'000'000}, Unit{"m", 60'000'000},
    Unit{"s", 1'000'000},      Unit{"ms", 1'000},        Unit{"us", 1},
};

constexpr std::int64_t longest = 36'500 * duration_units[0].size;

constexpr std::array byte_units{
    Unit{"TiB", std::int64_t{1} << 40},
    Unit{"TB", 1'000'000'000'000},
    Unit{"GiB", std::int64_t{1} << 30},
    Unit{"GB", 1'000'000'000},
    Unit{"MiB", std::int64_t{1} << 20},
    Unit{"MB", 1'000'000},
    Unit{"KiB", std::int64_t{1} << 10},
    Unit{"kB", 1'000},
    Unit{"KB", 1'000},
    Unit{"B", 1},
};

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view take_digits(std::string_view& text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// "1.5s" with the units given, in whole units of 1; nothing if it is not exactly that.
std::optional<std::int64_t> parse_quantity(std::string_view text, std::span<const Unit> units,
                                           bool unit_needed) noexcept {
  text = trimmed(text);
  const std::string_view whole = take_digits(text);
  std::string_view part;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    part = take_digits(text);
    if (part.empty()) return std::nullopt;
  }
  if (whole.empty() || part.size() > 12) return std::nullopt;
  const std::string_view name = trimmed(text);

  std::int64_t amount = 0;
  const auto parsed = std::from_chars(whole.data(), whole.data() + whole.size(), amount);
  if (parsed.ec != std::errc{}) return std::nullopt;
  if (name.empty()) {
    if (!part.empty() || (unit_needed && amount != 0)) return std::nullopt;
    return amount;
  }

  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    __extension__ using Wide = __int128;
    Wide total = Wide{amount} * unit.size;
    if (!part.empty()) {
      Wide numerator = 0;
      Wide denominator = 1;
      for (const char c : part) {
        numerator = numerator * 10 + (c - '0');
        denominator *= 10;
      }
      if (numerator * unit.size % denominator != 0) return std::nullopt;
      total += numerator * unit.size / denominator;
    }
    if (total > most) return std::nullopt;
    return static_cast<std::int64_t>(total);
  }
  return std::nullopt;
}

template <class T>
std::optional<T> parse_whole(std::string_view text) noexcept {
  T value{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Error wrong(std::string message) { return {Code::configuration_invalid, std::move(message)}; }

// How the value is named in an error: itself, unless nobody may see it.
std::string quoted(const OptionSpec& spec, std::string_view text) {
  if (spec.secret) return "the value (not shown, it is secret)";
  if (text.size() > 60) return '"' + std::string(text.substr(0, 57)) + "...\"";
  return '"' + std::string(text) + '"';
}

std::string as_written(const OptionSpec& spec, std::int64_t value) {
  if (spec.type == OptionType::duration) return duration_to_text(microseconds(value));
  if (spec.type == OptionType::bytes) return bytes_to_text(value);
  return std::to_string(value);
}

Result<OptionValue> in_range(const OptionSpec& spec, std::string_view text, std::int64_t value) {
  const bool below = spec.minimum && value < *spec.minimum;
  const bool above = spec.maximum && value > *spec.maximum;
  if (!below && !above) return OptionValue(value);
  if (spec.minimum && spec.minimum == spec.maximum)
    return wrong(quoted(spec, text) + " is not possible; write " + as_written(spec, *spec.minimum));
  if (spec.minimum && spec.maximum)
    return wrong(quoted(spec, text) + " is out of range; " + as_written(spec, *spec.minimum) + " to " +
                 as_written(spec, *spec.maximum) + " is possible");
  if (below) return wrong(quoted(spec, text) + " is too little; at least " + as_written(spec, *spec.minimum));
  return wrong(quoted(spec, text) + " is too much; at most " + as_written(spec, *spec.maximum));
}

bool same_but_for_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

Result<OptionValue> parse_choice(const OptionSpec& spec, std::string_view text) {
  if (spec.choices.empty()) return OptionValue(std::string(text));
  const std::vector<std::string_view> choices(spec.choices.begin(), spec.choices.end());
  for (const std::string_view choice : choices)
    if (same_but_for_case(choice, text)) return OptionValue(std::string(choice));
  std::string message = quoted(spec, text) + " is not one of: ";
  for (const std::string_view choice : choices) {
    if (choice != choices.front()) message += ", ";
    message += choice;
  }
  if (const auto near = nearest(text, choices); near && !spec.secret)
    message += "; did you mean \"" + std::string(*near) + "\"?";
  return wrong(std::move(message));
}

// Defaults of lists and maps: "", "[]", "{}" or a single text.
OptionValue parse_default(const OptionSpec& spec) {
  const std::string& text = *spec.fallback;
  const bool empty = text.empty() || text == "[]" || text == "{}";
  if (spec.type == OptionType::texts && empty) return OptionTexts{};
  if (spec.type == OptionType::map && empty) return OptionMap{};
  const bool unset = text.empty() && (spec.type == OptionType::text || spec.type == OptionType::path);
  if (unset) return std::string();  // a text that may stay away need not be among the choices
  Result<OptionValue> value = parse_option(spec, text);
  if (!value)
    throw std::logic_error("the default of the option " + spec.name + " is wrong: " + value.error().message);
  return std::move(value).value();
}

template <class T>
const T& value_of(const Options& options, std::string_view name) {
  const auto found = options.all().find(name);
  if (found == options.all().end())
    throw std::logic_error("no option " + std::string(name) + " was declared");
  const T* value = std::get_if<T>(&found->second);
  if (value == nullptr) throw std::logic_error("the option " + std::string(name) + " is of another type");
  return *value;
}

}  // namespace

const std::string& Options::text(std::string_view name) const { return value_of<std::string>(*this, name); }
bool Options::boolean(std::string_view name) const { return value_of<bool>(*this, name); }
std::int64_t Options::integer(std::string_view name) const { return value_of<std::int64_t>(*this, name); }
double Options::number(std::string_view name) const { return value_of<double>(*this, name); }
microseconds Options::duration(std::string_view name) const {
  return microseconds(value_of<std::int64_t>(*this, name));
}
std::int64_t Options::bytes(std::string_view name) const { return value_of<std::int64_t>(*this, name); }
const OptionTexts& Options::texts(std::string_view name) const { return value_of<OptionTexts>(*this, name); }
const OptionMap& Options::map(std::string_view name) const { return value_of<OptionMap>(*this, name); }

std::optional<microseconds> parse_duration(std::string_view text) noexcept {
  const auto value = parse_quantity(text, duration_units, true);
  if (!value || *value > longest) return std::nullopt;
  return microseconds(*value);
}

std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept {
  return parse_quantity(text, byte_units, false);
}

std::string duration_to_text(microseconds duration) {
  if (duration.count() == 0) return "0ms";
  for (const Unit& unit : duration_units)
    if (duration.count() % unit.size == 0)
      return std::to_string(duration.count() / unit.size) + std::string(unit.name);
  return std::to_string(duration.count()) + "us";
}

std::string bytes_to_text(std::int64_t bytes) {
  if (bytes == 0) return "0";
  for (const Unit& unit : byte_units)
    if (unit.size > 1 && bytes % unit.size == 0)
      return std::to_string(bytes / unit.size) + std::string(unit.name);
  return std::to_string(bytes);
}

Result<OptionValue> parse_option(const OptionSpec& spec, std::string_view text) {
  switch (spec.type) {
    case OptionType::text:
      return parse_choice(spec, text);
    case OptionType::path:
      return OptionValue(std::string(text));
    case OptionType::texts:
      return OptionValue(OptionTexts{std::string(text)});
    case OptionType::map:
      return wrong(quoted(spec, text) + " is not a mapping; write name: value pairs");
    case OptionType::boolean:
      if (text == "true" || text == "True" || text == "TRUE") return OptionValue(true);
      if (text == "false" || text == "False" || text == "FALSE") return OptionValue(false);
      return wrong(quoted(spec, text) + " is neither true nor false");
    case OptionType::integer:
      if (const auto value = parse_whole<std::int64_t>(text)) return in_range(spec, text, *value);
      return wrong(quoted(spec, text) + " is not a whole number");
    case OptionType::number:
      if (const auto value = parse_whole<double>(text); value && std::isfinite(*value))
        return OptionValue(*value);
      return wrong(quoted(spec, text) + " is not a number");
    case OptionType::duration:
      if (const auto value = parse_duration(text)) return in_range(spec, text, value->count());
      if (parse_quantity(text, duration_units, true))
        return wrong(quoted(spec, text) + " is too much; at most " + as_written(spec, longest));
      return wrong(quoted(spec, text) +
                   " is not a duration; write a number and us, ms, s, m, h or d, such as 20ms");
    case OptionType::bytes:
      if (const auto value = parse_bytes(text)) return in_range(spec, text, *value);
      return wrong(quoted(spec, text) +
                   " is not a size; write bytes, or a number and kB, MB, GB, KiB, MiB or GiB, such as 4MiB");
  }
  throw std::logic_error("an option of no type");
}

Options default_options(std::span<const OptionSpec> specs) {
  Options options;
  for (const OptionSpec& spec : specs)
    if (spec.fallback) options.set(spec.name, parse_default(spec));
  return options;
}

}  // namespace sluice::engine
