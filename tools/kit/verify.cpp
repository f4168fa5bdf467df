#include "kit/verify.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "kit/dead_letters.hpp"
#include "kit/documents.hpp"
#include "kit/manifest.hpp"
#include "kit/outbox.hpp"
#include "kit/postgres.hpp"
#include "kit/reference.hpp"

namespace sluice::kit {
namespace {

using namespace nlohmann::literals;

constexpr std::size_t examples_kept = 5;
constexpr std::size_t latest_kept = 3;

// Counts what was looked at; a violation is described only while examples are wanted.
template <typename Example>
void look(Check& check, bool good, const Example& example) {
  ++check.looked_at;
  if (good) return;
  if (++check.violations <= examples_kept) check.examples.push_back(example());
}

std::size_t fingerprint(const Json& document) { return std::hash<std::string>{}(document.dump()); }

struct Expected {
  std::size_t fingerprint = 0;
  bool found = false;
};

// One collection of documents with an id from the events.
struct Collection {
  std::string_view name;
  const char* id_field;
  std::vector<Json::json_pointer> required;
  std::unordered_map<std::string, Expected> expected{};
  std::unordered_set<std::string> different{};  // ids whose stored document is not the expected one
  std::deque<std::string> latest{};             // ids, in the order of their events
  std::uint64_t found = 0;
};

Collection users_collection() {
  return {"users",
          "user_id",
          {"/user_id"_json_pointer, "/email"_json_pointer, "/username"_json_pointer,
           "/first_name"_json_pointer, "/last_name"_json_pointer, "/date_of_birth"_json_pointer,
           "/phone"_json_pointer, "/address/street"_json_pointer, "/address/city"_json_pointer,
           "/address/state"_json_pointer, "/address/zipcode"_json_pointer, "/address/country"_json_pointer,
           "/preferences/notifications_enabled"_json_pointer, "/preferences/language"_json_pointer,
           "/preferences/timezone"_json_pointer, "/created_at/$date"_json_pointer}};
}

Collection activities_collection() {
  return {"activities",
          "activity_id",
          {"/activity_id"_json_pointer, "/title"_json_pointer, "/description"_json_pointer,
           "/activity_type"_json_pointer, "/creator_id"_json_pointer, "/location/name"_json_pointer,
           "/location/address"_json_pointer, "/location/city"_json_pointer,
           "/location/coordinates/lat"_json_pointer, "/location/coordinates/lng"_json_pointer,
           "/schedule/start_date/$date"_json_pointer, "/schedule/duration_minutes"_json_pointer,
           "/schedule/recurring"_json_pointer, "/participants/max_participants"_json_pointer,
           "/participants/current_count"_json_pointer, "/participants/allowed_users"_json_pointer,
           "/created_at/$date"_json_pointer}};
}

std::unique_ptr<EventSource> events_of(const VerifySettings& settings) {
  if (!settings.outbox.empty() && !settings.postgres.empty())
    throw std::invalid_argument("the events come from one outbox: a SQLite file or PostgreSQL");
  if (settings.among_others && settings.manifests.empty())
    throw std::invalid_argument("what is among others is known from manifests: name those of the loads");
  std::unique_ptr<EventSource> outbox;
  if (!settings.outbox.empty()) outbox = outbox_file(settings.outbox);
  if (!settings.postgres.empty()) outbox = postgres_outbox(postgres_address(settings.postgres));
  if (outbox && settings.among_others) return made_by(settings.manifests, std::move(outbox));
  if (outbox) return outbox;
  if (!settings.manifests.empty()) return made_again(settings.manifests);
  throw std::invalid_argument("no events to count: name an outbox (a SQLite file, PostgreSQL) or a manifest");
}

class Verification {
 public:
  explicit Verification(const VerifySettings& settings)
      : settings_(settings),
        reference_(events_of(settings)),
        documents_(open_documents(settings.documents)) {}

  VerifyReport run() {
    compute_expected();
    read_collection(users_, [](const StoredDocument&) {});
    read_collection(activities_, [this](const StoredDocument& stored) { check_participants(stored); });
    find_missing(users_);
    find_missing(activities_);
    explain_differences();
    check_statistics();
    check_poison();
    check_dead_letters();
    check_events();
    return finish();
  }

 private:
  void compute_expected();
  void read_collection(Collection& collection, const std::function<void(const StoredDocument&)>& check);
  void check_document(Collection& collection, const StoredDocument& stored);
  void check_participants(const StoredDocument& stored);
  void find_missing(Collection& collection);
  void explain_differences();
  void check_statistics();
  void check_poison();
  void check_dead_letters();
  void check_events();
  VerifyReport finish();

  const VerifySettings& settings_;
  Reference reference_;
  std::unique_ptr<Documents> documents_;
  ReferenceSummary summary_;
  Collection users_ = users_collection();
  Collection activities_ = activities_collection();
  std::uint64_t applied_participations_ = 0;
  VerifyReport report_;

  Check counts_{"counts", "each collection has as many documents as the outbox makes"};
  Check required_{"required_fields", "every document has its required fields"};
  Check integrity_{"referential_integrity", "creators and participants exist"};
  Check duplicates_{"no_duplicates", "no id and no participant is there twice"};
  Check participants_{"participants", "current_count is the number of allowed_users"};
  Check equality_{"equal_to_reference", "every document is the reference program's, field by field"};
  Check latest_{"latest_documents", "the newest documents have arrived"};
  Check statistics_{"statistics", "the running totals equal a recount of the outbox"};
  Check poison_{"poison",
                "the events that had to be refused are the generator's poison, each for its reason"};
  Check letters_{"dead_letters", "the dead letters are the events that had to be refused, and no others"};
  Check events_{"every_event", "every event is applied or a dead letter"};
};

void Verification::compute_expected() {
  summary_ = reference_.run([this](std::string_view name, const std::string& id, const Json& document) {
    Collection& collection = name == "users" ? users_ : activities_;
    collection.expected[id] = {fingerprint(document)};
    collection.latest.push_back(id);
    if (collection.latest.size() > latest_kept) collection.latest.pop_front();
  });
}

void Verification::read_collection(Collection& collection,
                                   const std::function<void(const StoredDocument&)>& check) {
  documents_->for_each(collection.name, [&](const StoredDocument& stored) {
    if (settings_.among_others && !collection.expected.contains(stored.id)) return;
    ++collection.found;
    check_document(collection, stored);
    check(stored);
    if (std::ranges::find(collection.latest, stored.id) != collection.latest.end())
      report_.latest[std::string(collection.name)].push_back(stored.document);
  });
}

void Verification::check_document(Collection& collection, const StoredDocument& stored) {
  const auto name = [&] { return std::string(collection.name) + " " + stored.id; };
  for (const Json::json_pointer& field : collection.required)
    look(required_, stored.document.contains(field), [&] { return name() + " has no " + field.to_string(); });

  const auto own_id = stored.document.find(collection.id_field);
  look(duplicates_, own_id != stored.document.end() && *own_id == stored.id,
       [&] { return name() + " holds another " + collection.id_field; });

  const auto expected = collection.expected.find(stored.id);
  if (expected == collection.expected.end()) {
    look(equality_, false, [&] { return name() + " comes from no event"; });
    return;
  }
  look(duplicates_, !expected->second.found, [&] { return name() + " is there twice"; });
  expected->second.found = true;
  if (fingerprint(stored.document) == expected->second.fingerprint)
    ++equality_.looked_at;
  else
    collection.different.insert(stored.id);
}

void Verification::check_participants(const StoredDocument& stored) {
  const auto name = [&] { return "activities " + stored.id; };
  const Json& creator = stored.document.value("creator_id", Json());
  look(integrity_, creator.is_string() && users_.expected.contains(creator.get<std::string>()),
       [&] { return name() + " has the unknown creator " + creator.dump(); });

  const Json allowed = stored.document.value("/participants/allowed_users"_json_pointer, Json::array());
  std::unordered_set<std::string> present;
  for (const Json& entry : allowed) {
    const std::string user = entry.is_string() ? entry.get<std::string>() : entry.dump();
    look(duplicates_, present.insert(user).second,
         [&] { return name() + " has the participant " + user + " twice"; });
    look(integrity_, users_.expected.contains(user),
         [&] { return name() + " has the unknown participant " + user; });
  }
  for (const Reference::Joining& joining : reference_.joinings(stored.id))
    applied_participations_ += present.contains(joining.user) ? 1U : 0U;
  const Json count = stored.document.value("/participants/current_count"_json_pointer, Json());
  look(participants_, count == allowed.size(), [&] {
    return name() + " counts " + count.dump() + " of " + std::to_string(allowed.size()) + " participants";
  });
}

void Verification::find_missing(Collection& collection) {
  const std::string name(collection.name);
  report_.collections[name] = {collection.expected.size(), collection.found};
  look(counts_, collection.found == collection.expected.size(), [&] {
    return name + ": " + std::to_string(collection.found) + " documents, " +
           std::to_string(collection.expected.size()) + " expected";
  });
  for (const std::string& id : collection.latest)
    look(latest_, collection.expected[id].found, [&] { return name + " " + id + " is missing"; });
  for (const auto& [id, expected] : collection.expected)
    if (!expected.found) look(equality_, false, [&] { return name + " " + id + " is missing"; });
}

// What differs is looked up again, so that the usual run need not keep whole documents.
void Verification::explain_differences() {
  if (users_.different.empty() && activities_.different.empty()) return;
  std::unordered_map<std::string, Json> stored_documents;
  for (Collection* collection : {&users_, &activities_})
    documents_->for_each(collection->name, [&](const StoredDocument& stored) {
      if (collection->different.contains(stored.id) && stored_documents.size() < 2 * examples_kept)
        stored_documents[stored.id] = stored.document;
    });
  for (const Collection* collection : {&users_, &activities_})
    equality_.looked_at += collection->different.size(), equality_.violations += collection->different.size();
  reference_.run([&](std::string_view name, const std::string& id, const Json& expected) {
    const auto stored = stored_documents.find(id);
    if (stored == stored_documents.end() || equality_.examples.size() >= examples_kept) return;
    equality_.examples.push_back(std::string(name) + " " + id + " must change by " +
                                 Json::diff(stored->second, expected).dump());
  });
}

void Verification::check_statistics() {
  const Json expected = summary_.statistics();
  const Json totals = expected.flatten();
  std::uint64_t found = 0;
  documents_->for_each(settings_.statistics, [&](const StoredDocument& stored) {
    ++found;
    if (stored.id != "global") return look(statistics_, false, [&] { return "statistics has " + stored.id; });
    for (const auto& [path, value] : totals.items()) {
      const Json counted = stored.document.value(Json::json_pointer(path), Json());
      look(statistics_, counted == value,
           [&] { return path + " is " + counted.dump() + ", a recount gives " + value.dump(); });
    }
    look(statistics_, stored.document == expected,
         [&] { return "statistics/global must change by " + Json::diff(stored.document, expected).dump(); });
  });
  const std::uint64_t wanted = expected.empty() ? 0 : 1;
  report_.collections["statistics"] = {wanted, found};
  if (found < wanted) look(statistics_, false, [] { return std::string("statistics/global is missing"); });
  look(counts_, found == wanted, [&] {
    return "statistics: " + std::to_string(found) + " documents, " + std::to_string(wanted) + " expected";
  });
}

// The rules that say what must be refused know nothing of the generator, and it knows nothing of them.
void Verification::check_poison() {
  if (settings_.manifests.empty()) return;
  std::uint64_t poisoned = 0;
  const auto events_made = made_again(settings_.manifests);
  const auto rows = events_made->rows();
  EventRow row;
  std::string before;
  while (rows->next(row)) {
    if (!row.poison || row.event_id == before) continue;
    before = row.event_id;
    ++poisoned;
    const Poison& meant = poison(*row.poison);
    const auto refused = summary_.dead_letters.find(before);
    look(poison_, refused != summary_.dead_letters.end() && refused->second.code == meant.code, [&] {
      return "event " + before + " is " + std::string(meant.name) + ", which is refused for " +
             std::string(meant.code);
    });
  }
  std::unordered_set<std::string_view> refused;
  for (const auto& [event, refusal] : summary_.dead_letters)
    if (refusal.code != "store.conflict" && refusal.code != "wait.expired") refused.insert(event);
  look(poison_, refused.size() == poisoned, [&] {
    return std::to_string(refused.size()) + " events must be refused, " + std::to_string(poisoned) +
           " are poison";
  });
}

void Verification::check_dead_letters() {
  auto unmatched = summary_.dead_letters;
  std::unordered_map<std::int64_t, std::string> by_position;
  for (const auto& [event, refusal] : unmatched)
    if (refusal.position > 0) by_position.emplace(refusal.position, event);
  for (const Letter& letter : read_dead_letters(settings_.dead_letters)) {
    const std::string& event = letter.event_id.empty() ? by_position[letter.position] : letter.event_id;
    const auto name = [&] {
      return "event " + event + " (partition " + std::to_string(letter.partition) + ", position " +
             std::to_string(letter.position) + ")";
    };
    const auto [first, last] = unmatched.equal_range(event);
    if (first == last) {
      look(letters_, false, [&] { return name() + " is a dead letter without need: " + letter.code; });
      continue;
    }
    auto match = std::find_if(first, last, [&](const auto& one) { return one.second.code == letter.code; });
    if (match == last) match = first;
    look(letters_, match->second.code == letter.code, [&] {
      return name() + " is a dead letter for " + letter.code + " instead of " + match->second.code;
    });
    unmatched.erase(match);
    ++report_.dead_letters;
  }
  for (const auto& [event, refusal] : unmatched)
    look(letters_, false, [&] { return "event " + event + " must be a dead letter for " + refusal.code; });
}

void Verification::check_events() {
  report_.events = summary_.events;
  const auto present = [](const Collection& collection) {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(collection.expected, [](const auto& entry) { return entry.second.found; }));
  };
  report_.applied = present(users_) + present(activities_) + applied_participations_;
  const std::uint64_t accounted = report_.applied + report_.dead_letters;
  events_.looked_at = report_.events;
  if (accounted == report_.events) return;
  events_.violations = std::max(accounted, report_.events) - std::min(accounted, report_.events);
  events_.examples.push_back(std::to_string(report_.events) + " events in the outbox, " +
                             std::to_string(report_.applied) + " applied, " +
                             std::to_string(report_.dead_letters) + " dead letters");
}

VerifyReport Verification::finish() {
  report_.checks = {std::move(counts_),     std::move(required_),     std::move(integrity_),
                    std::move(duplicates_), std::move(participants_), std::move(equality_),
                    std::move(latest_),     std::move(statistics_),   std::move(letters_),
                    std::move(events_)};
  if (!settings_.manifests.empty()) report_.checks.push_back(std::move(poison_));
  return std::move(report_);
}

}  // namespace

bool VerifyReport::held() const noexcept { return std::ranges::all_of(checks, &Check::held); }

VerifyReport verify(const VerifySettings& settings) {
  const auto started = std::chrono::steady_clock::now();
  VerifyReport report = Verification(settings).run();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

}  // namespace sluice::kit
