#include "kit/time.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::kit {
namespace {

void put(std::string& text, std::size_t at, std::size_t digits, std::int64_t number) {
  for (std::size_t i = digits; i-- > 0; number /= 10) text[at + i] = static_cast<char>('0' + number % 10);
}

std::string date_and_time(Micros time, std::size_t fraction_digits) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string text = "0000-00-00T00:00:00.000000";
  put(text, 0, 4, int{date.year()});
  put(text, 5, 2, unsigned{date.month()});
  put(text, 8, 2, unsigned{date.day()});
  put(text, 11, 2, clock.hours().count());
  put(text, 14, 2, clock.minutes().count());
  put(text, 17, 2, clock.seconds().count());
  put(text, 20, 6, clock.subseconds().count());
  text.resize(text.size() - 6 + fraction_digits);
  return text;
}

// Takes what it reads off the front of the text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool literal(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    taken_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + digits, value);
    if (error != std::errc{} || end != rest_.data() + digits || value < 0) return false;
    rest_.remove_prefix(digits);
    return true;
  }
  // The digits after a point, as microseconds.
  bool fraction(int& micros) {
    std::size_t digits = 0;
    micros = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      if (digits < 6) micros = micros * 10 + (rest_[digits] - '0');
    for (std::size_t i = digits; i < 6; ++i) micros *= 10;
    rest_.remove_prefix(digits);
    return digits > 0;
  }
  [[nodiscard]] char taken() const { return taken_; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  char taken_ = 0;
};

}  // namespace

std::string to_text(Micros time, std::string_view zone) { return date_and_time(time, 6).append(zone); }

std::string to_milliseconds_text(Micros time) { return date_and_time(time, 3) + "Z"; }

std::optional<Micros> parse_time(std::string_view text) {
  using namespace std::chrono;
  Scanner in(text);
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, micros = 0, zone_h = 0, zone_mi = 0;
  if (!in.number(4, y) || !in.literal("-") || !in.number(2, mo) || !in.literal("-") || !in.number(2, d) ||
      !in.literal("T ") || !in.number(2, h) || !in.literal(":") || !in.number(2, mi) || !in.literal(":") ||
      !in.number(2, s))
    return std::nullopt;
  if (in.literal(".") && !in.fraction(micros)) return std::nullopt;
  int sign = 1;
  if (in.literal("+-")) {
    sign = in.taken() == '-' ? -1 : 1;
    if (!in.number(2, zone_h) || (in.literal(":") && !in.number(2, zone_mi))) return std::nullopt;
  } else if (!in.literal("Z") && !in.done()) {
    return std::nullopt;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!in.done() || !date.ok() || h > 23 || mi > 59 || s > 60) return std::nullopt;
  return Micros{sys_days{date}.time_since_epoch()} + hours{h - sign * zone_h} + minutes{mi - sign * zone_mi} +
         seconds{s} + microseconds{micros};
}

}  // namespace sluice::kit
