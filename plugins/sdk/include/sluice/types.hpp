// Small types that payloads hold as text and that cannot be wrong once they exist.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

// A point in time as events carry it: microseconds since 1970-01-01T00:00Z.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

// A UUID in its canonical text, lower case: "0c5c7fd0-a6a3-4450-a513-270e269e0d37". Goes into ids and
// documents as that text.
class Uuid {
 public:
  // Nothing if it is not 8-4-4-4-12 hexadecimal digits, of either case.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept {
    if (text.size() != length) return std::nullopt;
    Uuid uuid;
    // All of it in any case: a branch at each digit would be taken by chance. The last two words overlap.
    const bool fine = uuid.take(text, 0) & uuid.take(text, 8, dash_at<0> | dash_at<5>) &
                      uuid.take(text, 16, dash_at<2> | dash_at<7>) & uuid.take(text, 24) &
                      uuid.take(text, 28);
    return fine ? std::optional(uuid) : std::nullopt;
  }

  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), length}; }
  auto operator<=>(const Uuid&) const = default;

 private:
  static constexpr std::size_t length = 36;
  static constexpr std::uint64_t each(char c) noexcept {
    return 0x0101010101010101U * static_cast<unsigned char>(c);
  }
  template <int byte>
  static constexpr std::uint64_t dash_at = std::uint64_t{0xff} << (8 * byte);

  // The highest bit of each byte from `first` to `last`, of bytes below 0x80.
  static constexpr std::uint64_t between(std::uint64_t bytes, char first, char last) noexcept {
    return (bytes + each('\x7f') - each(first) + each(1)) & ~(bytes + each('\x7f') - each(last)) &
           each('\x80');
  }

  // Eight characters at once: whether they are digits, and dashes where `dashes` wants them.
  bool take(std::string_view from, std::size_t at, std::uint64_t dashes = 0) noexcept {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t word;
    std::memcpy(&word, from.data() + at, sizeof word);
    const std::uint64_t numbers = between(word, '0', '9');
    const std::uint64_t letters = between(word | each(' '), 'a', 'f');
    const bool fine = ((numbers | letters) & ~word & ~dashes & each('\x80')) == (~dashes & each('\x80')) &&
                      (word & dashes) == (each('-') & dashes);
    word |= letters >> 2U;  // lower case: 0x80 becomes 0x20
    std::memcpy(text_.data() + at, &word, sizeof word);
    return fine;
  }

  Uuid() = default;
  std::array<char, length> text_{};
};

// A date of the store: milliseconds since 1970-01-01T00:00Z. Finer fractions are cut off.
class Date {
 public:
  Date() = default;
  explicit constexpr Date(std::chrono::milliseconds since_epoch) noexcept : since_epoch_(since_epoch) {}
  constexpr Date(Time time) noexcept  // NOLINT(google-explicit-constructor): an event's time is a date
      : since_epoch_(std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch())) {}

  // ISO 8601: "2026-11-21", "2026-11-21T08:06:32.584684Z", "2026-11-21 08:06:32+02:00". A date alone is its
  // midnight in UTC; without a zone it is UTC. Nothing if it is no such text.
  [[nodiscard]] static std::optional<Date> parse(std::string_view text) noexcept;

  // "2026-11-21T08:06:32.584Z". Of one length from the year 0 to 9999, so that texts sort as their dates do.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] constexpr std::chrono::milliseconds since_epoch() const noexcept { return since_epoch_; }
  auto operator<=>(const Date&) const = default;

 private:
  std::chrono::milliseconds since_epoch_{0};
};

namespace detail {

// Takes a text apart from its front; what does not fit makes it fail for good.
class DateText {
 public:
  explicit DateText(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] char next() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

  int number(std::size_t digits, int least, int most) noexcept {
    int value = 0;
    if (rest_.size() < digits) return fail();
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value < least || value > most ? fail() : value;
  }
  void expect(std::string_view one_of) noexcept {
    if (!skip(one_of)) fail();
  }
  bool skip(std::string_view one_of) noexcept {
    if (rest_.empty()) return false;
    for (const char wanted : one_of) {
      if (rest_.front() != wanted) continue;
      rest_.remove_prefix(1);
      return true;
    }
    return false;
  }
  // ".584684" of up to nine digits, as milliseconds.
  int fraction_ms() noexcept {
    if (!skip(".,")) return 0;
    int value = 0;
    int digits = 0;
    for (; next() >= '0' && next() <= '9'; rest_.remove_prefix(1), ++digits)
      if (digits < 3) value = value * 10 + (next() - '0');
    if (digits == 0 || digits > 9) return fail();
    for (int i = digits; i < 3; ++i) value *= 10;
    return value;
  }
  // "Z", "+02:00", "+0200", "+02" or nothing.
  std::chrono::minutes zone() noexcept {
    if (at_end() || skip("Zz")) return std::chrono::minutes{0};
    const bool west = next() == '-';
    expect("+-");
    const int hours = number(2, 0, 23);
    skip(":");
    const int minutes = at_end() ? 0 : number(2, 0, 59);
    return std::chrono::minutes{(hours * 60 + minutes) * (west ? -1 : 1)};
  }

 private:
  int fail() noexcept {
    failed_ = true;
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace detail

inline std::optional<Date> Date::parse(std::string_view text) noexcept {
  using namespace std::chrono;
  detail::DateText from(text);
  const int y = from.number(4, 0, 9999);
  from.expect("-");
  const int m = from.number(2, 1, 12);
  from.expect("-");
  const int d = from.number(2, 1, 31);
  const year_month_day date{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}};
  if (from.failed() || !date.ok()) return std::nullopt;
  const milliseconds midnight = sys_days{date}.time_since_epoch();
  if (from.at_end()) return Date(midnight);

  from.expect("Tt ");
  const int hour = from.number(2, 0, 23);
  from.expect(":");
  const int minute = from.number(2, 0, 59);
  int second = 0;
  int fraction = 0;
  if (from.skip(":")) {
    second = from.number(2, 0, 60);  // 60 is a leap second
    fraction = from.fraction_ms();
  }
  const minutes zone = from.zone();
  if (from.failed() || !from.at_end()) return std::nullopt;
  return Date(midnight + hours{hour} + minutes{minute} + seconds{second} + milliseconds{fraction} - zone);
}

inline std::string Date::text() const {
  using namespace std::chrono;
  const sys_time<milliseconds> time{since_epoch_};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  char text[48];
  const int length =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace sluice
