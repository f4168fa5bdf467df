// The word lists that people, places and activities are made of.
#pragma once

#include <span>
#include <string_view>

namespace sluice::kit {

struct Name {
  std::string_view shown;  // "Núñez"
  std::string_view plain;  // "nunez", for usernames and addresses of mail
};

struct Region {
  std::string_view state;
  std::string_view timezone;
};

struct Pastime {
  std::string_view title;  // "Board Games"
  std::string_view type;   // "board_games"
};

[[nodiscard]] std::span<const Name> first_names() noexcept;
[[nodiscard]] std::span<const Name> last_names() noexcept;
[[nodiscard]] std::span<const Region> regions() noexcept;
[[nodiscard]] std::span<const Pastime> pastimes() noexcept;
[[nodiscard]] std::span<const std::string_view> languages() noexcept;
[[nodiscard]] std::span<const std::string_view> mail_domains() noexcept;
[[nodiscard]] std::span<const std::string_view> city_prefixes() noexcept;
[[nodiscard]] std::span<const std::string_view> city_stems() noexcept;
[[nodiscard]] std::span<const std::string_view> street_kinds() noexcept;
[[nodiscard]] std::span<const std::string_view> venue_kinds() noexcept;
[[nodiscard]] std::span<const std::string_view> invitations() noexcept;  // end of an activity's description
[[nodiscard]] std::span<const std::string_view> roles() noexcept;
[[nodiscard]] std::span<const std::string_view> greetings() noexcept;

}  // namespace sluice::kit
