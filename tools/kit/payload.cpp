#include "kit/payload.hpp"

#include <chrono>

#include "kit/json_text.hpp"
#include "kit/time.hpp"
#include "kit/words.hpp"

namespace sluice::kit {
namespace {

using namespace std::chrono_literals;

// The world's present: fixed, so that a seed makes the same payloads on every day.
constexpr Micros present = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};

std::string time_text(Random& random, std::chrono::days from, std::chrono::days to) {
  const std::chrono::minutes offset{random.between(from / 1min, to / 1min)};
  return to_text(present + offset + std::chrono::microseconds{random.between(0, 59'999'999)}, "+00:00");
}

std::string date_text(Random& random, std::chrono::days from, std::chrono::days to) {
  return time_text(random, from, to).substr(0, 10);
}

std::string padded(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? text.insert(0, width - text.size(), '0') : text;
}

std::string city_name(Random& random) {
  std::string name{random.pick(city_prefixes())};
  return name.append(" ").append(random.pick(city_stems()));
}

std::string street_address(Random& random) {
  std::string address = std::to_string(random.between(1, 1999));
  return address.append(" ")
      .append(random.pick(last_names()).shown)
      .append(" ")
      .append(random.pick(street_kinds()));
}

// A coordinate with six digits after the point, such as 7.230873.
std::string coordinate(Random& random, std::int64_t limit) {
  const std::int64_t millionths = random.between(-limit * 1'000'000, limit * 1'000'000);
  const std::int64_t size = millionths < 0 ? -millionths : millionths;
  return (millionths < 0 ? "-" : "") + std::to_string(size / 1'000'000) + "." + padded(size % 1'000'000, 6);
}

void append_location(JsonObject& activity, Random& random, const std::string& city) {
  JsonObject location(activity, "location");
  location.text("city", city);
  location.text("name",
                std::string{random.pick(last_names()).shown}.append(" ").append(random.pick(venue_kinds())));
  location.text("address", street_address(random));
  JsonObject coordinates(location, "coordinates");
  coordinates.raw("lat", coordinate(random, 89));
  coordinates.raw("lng", coordinate(random, 179));
}

std::string lower_case(std::string_view title) {
  std::string text{title};
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

void append_user(std::string& out, Random& random, const Uuid& user) {
  const Name& first = random.pick(first_names());
  const Name& last = random.pick(last_names());
  const Region& region = random.pick(regions());
  const std::string name = std::string{first.plain} + "_" + std::string{last.plain};

  JsonObject object(out);
  object.text("email", std::string{first.plain} + "." + std::string{last.plain} +
                           std::to_string(random.between(1, 9999)) + "@" +
                           std::string{random.pick(mail_domains())});
  object.text("phone", "+1-555-" + padded(random.between(0, 9999), 4));
  {
    JsonObject address(object, "address");
    address.text("city", city_name(random));
    address.text("state", region.state);
    address.text("street", street_address(random));
    address.text("country", "US");
    address.text("zipcode", padded(random.between(501, 99'950), 5));
  }
  object.text("user_id", to_text(user));
  object.text("username", name + "_" + std::to_string(random.between(1, 999)));
  object.text("last_name", last.shown);
  object.text("created_at", time_text(random, std::chrono::days{-730}, std::chrono::days{0}));
  object.text("first_name", first.shown);
  {
    JsonObject preferences(object, "preferences");
    preferences.text("language", random.chance(70) ? "en" : random.pick(languages()));
    preferences.text("timezone", region.timezone);
    preferences.boolean("notifications_enabled", random.chance(70));
  }
  object.text("date_of_birth", date_text(random, std::chrono::days{-30'000}, std::chrono::days{-6'600}));
}

void append_activity(std::string& out, Random& random, const Uuid& activity, const Uuid& creator) {
  constexpr std::int64_t quarter_hour = 15;
  const Pastime& pastime = random.pick(pastimes());
  const std::string city = city_name(random);

  JsonObject object(out);
  object.text("title", std::string{pastime.title} + " - " + city);
  append_location(object, random, city);
  {
    JsonObject schedule(object, "schedule");
    schedule.boolean("recurring", random.chance(25));
    schedule.text("start_date", time_text(random, std::chrono::days{1}, std::chrono::days{180}));
    schedule.number("duration_minutes", quarter_hour * random.between(2, 16));
  }
  object.text("created_at", time_text(random, std::chrono::days{-60}, std::chrono::days{0}));
  object.text("creator_id", to_text(creator));
  object.text("activity_id", to_text(activity));
  object.text("description", "Join us for " + lower_case(pastime.title) + " in " + city + ". " +
                                 std::string{random.pick(invitations())});
  {
    JsonObject participants(object, "participants");
    participants.raw("allowed_users", "[]");
    participants.number("current_count", 0);
    participants.number("max_participants", random.between(4, 50));
  }
  object.text("activity_type", pastime.type);
}

void append_participation(std::string& out, Random& random, const Uuid& activity, const Uuid& user) {
  JsonObject object(out);
  object.text("role", random.pick(roles()));
  object.text("message", random.pick(greetings()));
  object.text("user_id", to_text(user));
  object.text("joined_at", time_text(random, std::chrono::days{-30}, std::chrono::days{0}));
  object.text("activity_id", to_text(activity));
}

}  // namespace sluice::kit
