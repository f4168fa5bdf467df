#include "base/time.hpp"

#include <array>

namespace sluice::engine {
namespace {

// A cursor over the text; every step says whether the text went on as expected.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool ended() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char peek() const noexcept { return ended() ? '\0' : text_[at_]; }
  [[nodiscard]] bool digit() const noexcept { return peek() >= '0' && peek() <= '9'; }

  bool one_of(std::string_view characters) noexcept {
    if (ended()) return false;
    for (const char wanted : characters) {
      if (text_[at_] != wanted) continue;
      ++at_;
      return true;
    }
    return false;
  }
  bool number(int digits, int& value) noexcept {
    value = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      if (!digit()) return false;
      value = value * 10 + (text_[at_] - '0');
    }
    return true;
  }
  // ".584684123", cut to microseconds.
  bool fraction(int& micros) noexcept {
    constexpr int most_digits = 9;
    constexpr int kept_digits = 6;
    micros = 0;
    int digits = 0;
    for (; digit() && digits < most_digits; ++digits, ++at_)
      if (digits < kept_digits) micros = micros * 10 + (text_[at_] - '0');
    for (int i = digits; i < kept_digits; ++i) micros *= 10;
    return digits > 0 && !digit();
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// "Z", "+02:00", "+0200", "+02" (as PostgreSQL prints it) or nothing at all, in minutes east of UTC.
bool scan_zone(Scanner& scanner, int& minutes_east) noexcept {
  minutes_east = 0;
  if (scanner.ended() || scanner.one_of("Zz")) return scanner.ended();
  const bool west = scanner.peek() == '-';
  if (!scanner.one_of("+-")) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.number(2, hours)) return false;
  if (!scanner.ended()) {
    scanner.one_of(":");
    if (!scanner.number(2, minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  minutes_east = (west ? -1 : 1) * (hours * 60 + minutes);
  return scanner.ended();
}

void append_digits(std::string& out, int value, int width) {
  std::array<char, 12> digits{};
  int start = static_cast<int>(digits.size());
  for (; width > 0 || value > 0; --width, value /= 10)
    digits[static_cast<std::size_t>(--start)] = static_cast<char>('0' + value % 10);
  out.append(digits.data() + start, digits.size() - static_cast<std::size_t>(start));
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
  using namespace std::chrono;
  Scanner scanner(text);
  int y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0, micros = 0, east = 0;
  if (!scanner.number(4, y) || !scanner.one_of("-") || !scanner.number(2, m) || !scanner.one_of("-") ||
      !scanner.number(2, d) || !scanner.one_of("Tt "))
    return std::nullopt;
  if (!scanner.number(2, hour) || !scanner.one_of(":") || !scanner.number(2, minute) ||
      !scanner.one_of(":") || !scanner.number(2, second))
    return std::nullopt;
  if (scanner.one_of(".") && !scanner.fraction(micros)) return std::nullopt;
  if (!scan_zone(scanner, east)) return std::nullopt;

  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  constexpr int leap_second = 60;  // RFC 3339 allows it; it is the next minute's first
  if (!date.ok() || hour > 23 || minute > 59 || second > leap_second) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute - east} + seconds{second} + microseconds{micros};
}

Timestamp timestamp_by_size(std::int64_t since_1970) noexcept {
  const auto below = [&](std::int64_t limit) { return -limit < since_1970 && since_1970 < limit; };
  if (below(100'000'000'000)) return Timestamp(std::chrono::seconds(since_1970));
  if (below(100'000'000'000'000)) return Timestamp(milliseconds(since_1970));
  if (below(100'000'000'000'000'000)) return Timestamp(microseconds(since_1970));
  return Timestamp(microseconds(since_1970 / 1000));
}

std::string to_text(Timestamp time) {
  using namespace std::chrono;
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  const int year_number = static_cast<int>(date.year());

  std::string out;
  out.reserve(27);
  if (year_number < 0) out += '-';
  append_digits(out, year_number < 0 ? -year_number : year_number, 4);
  out += '-';
  append_digits(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  append_digits(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  out += 'T';
  append_digits(out, static_cast<int>(clock.hours().count()), 2);
  out += ':';
  append_digits(out, static_cast<int>(clock.minutes().count()), 2);
  out += ':';
  append_digits(out, static_cast<int>(clock.seconds().count()), 2);
  out += '.';
  append_digits(out, static_cast<int>(clock.subseconds().count()), 6);
  out += 'Z';
  return out;
}

}  // namespace sluice::engine
