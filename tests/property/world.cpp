#include "world.hpp"

#include <algorithm>
#include <array>

#include "sluice/bson_writer.hpp"

namespace sluice::engine::simulation {
namespace {

constexpr std::string_view every_handler = "abc";  // c joins later

Change empty_patch(const bson::Value& id) {
  Change change;
  change.document = {"documents", id, document_hash("documents", id)};
  return change;
}

// Of two databases in one log, whose transactions are sent in the order of their commits, which is not the
// order in which they wrote their rows.
Origin origin_of(int event) {
  const auto row = static_cast<std::uint64_t>(event);
  const std::uint64_t transaction = row / 4;
  const Timestamp committed(std::chrono::seconds(transaction - transaction % 2));
  return {row % 2, 10 * transaction, 10'000 - 10 * transaction + row % 4, committed, row};
}

}  // namespace

std::string tag(char handler, int partition, Position position) {
  return std::string(1, handler) + ':' + std::to_string(partition) + ':' + std::to_string(position.value);
}

std::string document_name(int document) { return "d" + std::to_string(document); }

World::World(const Plan& the_plan)
    : plan(the_plan),
      random(the_plan.seed),
      handlers(the_plan.two_handlers ? "ab" : "a"),
      faults_(the_plan.seed + 1) {
  for (int partition = 0; partition < plan.partitions; ++partition) {
    auto& events = log.emplace_back();
    std::mt19937_64 repeats(plan.seed + 2 + static_cast<std::uint64_t>(partition));
    Position position{below(3)};
    for (int i = 0; i < plan.events; ++i, position.value += 1 + (chance(.2) ? below(5) : 0)) {
      if (!events.empty()) position = std::max(position, events.back().position.next());
      LoggedEvent event{position, position, origin_of(i), {}, chance(.03)};
      for (const char handler : every_handler) {
        std::set<int> chosen;
        for (int n = std::array{0, 1, 1, 2}[static_cast<std::size_t>(below(4))]; n > 0; --n)
          chosen.insert(below(plan.documents));
        for (const int document : chosen)
          event.effects[handler].push_back({document, chance(.15), chance(.04)});
      }
      events.push_back(std::move(event));
      if (plan.repeats && repeats() % 8 == 0) repeat_suffix(events, repeats);
    }
  }
  shares = chance(.3) ? 3 : 1;
  inject_faults();
}

// The newest rows, each once, in their order.
void World::repeat_suffix(std::vector<LoggedEvent>& events, std::mt19937_64& random_repeats) {
  std::vector<LoggedEvent> again;
  const std::size_t most = 1 + random_repeats() % 10;
  for (auto event = events.rbegin(); event != events.rend() && again.size() < most; ++event)
    if (event->position == event->first) again.push_back(*event);
  Position position = events.back().position;
  for (auto event = again.rbegin(); event != again.rend(); ++event) {
    position = position.next();
    event->position = position;
    events.push_back(*event);
  }
}

bool World::chance(double probability) {
  return std::uniform_real_distribution<>(0, 1)(random) < probability;
}

int World::below(int bound) { return std::uniform_int_distribution<>(0, bound - 1)(random); }

const LoggedEvent* World::find(int partition, Position position) const {
  const auto& events = log[static_cast<std::size_t>(partition)];
  const auto found =
      std::lower_bound(events.begin(), events.end(), position,
                       [](const LoggedEvent& event, Position at) { return event.position < at; });
  return found != events.end() && found->position == position ? &*found : nullptr;
}

// Acknowledgements that get lost, races for a new document, refusals of what is poisoned.
void World::inject_faults() {
  std::set<std::string> poisoned;
  for (int partition = 0; partition < plan.partitions; ++partition)
    for (const LoggedEvent& event : log[static_cast<std::size_t>(partition)])
      for (const auto& [handler, effects] : event.effects)
        for (const Effect& effect : effects)
          if (effect.poisoned)
            poisoned.insert(tag(handler, partition, event.first) + '@' + document_name(effect.document));

  store.inject([this, poisoned](const Write& write) {
    if (write.replay_id.empty())
      for (const Operation& operation : write.change.operations)
        if (const auto text = operation.value.as_text())
          if (poisoned.count(std::string(*text) + '@' + std::string(*write.change.document.id.as_text())) > 0)
            return memory::Fault::refused;
    const double fate = std::uniform_real_distribution<>(0, 1)(faults_);
    if (fate < .05) return memory::Fault::lost_acknowledgement;
    if (fate < .08) return memory::Fault::unavailable;
    if (fate < .14 && !write.change.wait_until_exists) return memory::Fault::lost_race;
    return memory::Fault::none;
  });
}

void World::make_all_documents() {
  const auto session = store.open_session();
  for (int document = 0; document < plan.documents; ++document) {
    bson::Writer writer;
    const std::string name = document_name(document);
    const bson::Value id = writer.text("id", name).finish().find("id");
    Write write;
    write.change = empty_patch(id);
    write.watermark_key = "outside_0";
    write.first = write.last = Sequence(1);
    WriteResult result;
    while (result.outcome == Outcome::retry)
      if (!session->write({&write, 1}, {&result, 1})) return;
  }
}

std::vector<std::string> World::tags(int document) const {
  bson::Writer writer;
  const bson::Value id = writer.text("id", document_name(document)).finish().find("id");
  const auto stored = store.find("documents", id);
  std::vector<std::string> found;
  if (!stored || !stored->content) return found;
  const auto ops = bson::View(stored->content->data()).find("ops").as_document();
  if (!ops) return found;
  for (const bson::Element& element : *ops) found.emplace_back(*element.value.as_text());
  return found;
}

// Every change is there once, and those that never were in a letter are in the order of their positions.
std::optional<std::string> World::check_document(int document) const {
  const std::vector<std::string> found = tags(document);
  const std::string name = document_name(document);
  for (const std::string& one : found)
    if (std::count(found.begin(), found.end(), one) > 1) return "twice in " + name + ": " + one;
  std::set<std::string> replayed;
  for (const DeadLetter& letter : letters.written())
    for (const char handler : every_handler) replayed.insert(tag(handler, letter.partition, letter.position));
  for (int partition = 0; partition < plan.partitions; ++partition) {
    for (const char handler : handlers) {
      auto from = found.begin();
      for (const LoggedEvent& event : log[static_cast<std::size_t>(partition)]) {
        if (event.position != event.first) continue;  // the same row, sent again
        const auto effects = event.effects.find(handler);
        if (effects == event.effects.end()) continue;
        const bool touches = std::any_of(effects->second.begin(), effects->second.end(),
                                         [&](const Effect& effect) { return effect.document == document; });
        if (!touches) continue;
        const std::string wanted = tag(handler, partition, event.position);
        if (std::find(found.begin(), found.end(), wanted) == found.end())
          return "lost from " + name + ": " + wanted;
        if (replayed.count(wanted) > 0) continue;
        from = std::find(from, found.end(), wanted);
        if (from == found.end()) return "out of order in " + name + ": " + wanted;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> World::check() const {
  for (int document = 0; document < plan.documents; ++document)
    if (auto wrong = check_document(document)) return wrong;
  return std::nullopt;
}

}  // namespace sluice::engine::simulation
