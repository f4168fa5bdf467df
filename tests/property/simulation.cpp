#include "simulation.hpp"

#include <algorithm>
#include <list>

#include "core/watermark_key.hpp"
#include "documents/change_list.hpp"
#include "documents/document_id.hpp"
#include "instance.hpp"
#include "letters/letter_book.hpp"
#include "replay/letters.hpp"

namespace sluice::engine::simulation {
namespace {

class Simulation {
 public:
  explicit Simulation(const Plan& plan) : world_(plan) { start_all(); }

  std::optional<std::string> run() {
    while (!all_finished()) {
      if (++steps_ > 400'000) return "does not come to an end: " + describe();
      world_.now += std::chrono::milliseconds(20);
      if (steps_ % 4000 == 0) world_.make_all_documents();
      disturb_or_step();
    }
    for (auto& zombie : zombies_)
      for (int i = 0; i < 200; ++i, world_.now += std::chrono::milliseconds(20)) zombie->step();
    world_.make_all_documents();
    for (auto& instance : live_) instance->commit();
    world_.upgraded = true;
    for (int i = 0; i < 50; ++i) replay();  // until nothing is left, though acknowledgements get lost
    return world_.check();
  }

 private:
  [[nodiscard]] std::string describe() const {
    std::string out;
    for (const auto& instance : live_) out += instance->describe() + "; ";
    return out;
  }

  void start_all() {
    for (int partition = 0; partition < world_.plan.partitions; ++partition)
      for (std::uint32_t share = 0; share < world_.shares; ++share)
        live_.push_back(std::make_unique<Instance>(world_, partition, Share{share, world_.shares}));
  }

  void retire(std::unique_ptr<Instance> instance) {
    if (!world_.plan.zombies || !world_.chance(.5)) return;  // dies, with all it had in flight
    instance->replace();
    zombies_.push_back(std::move(instance));
  }

  void retire_all() {
    for (auto& instance : live_) retire(std::move(instance));
    live_.clear();
  }

  void disturb_or_step() {
    const double what = std::uniform_real_distribution<>(0, 1)(world_.random);
    if (what < .0012) return change_shares();
    if (what < .003 && !handler_added_ && steps_ > 100) return add_handler();
    if (what < .0035 && !world_.plan.zombies && !shared_) return upgrade_handlers();
    if (what < .004 && resets_ < 3) return reset_positions();
    if (what < .009) return restart_one();
    if (what < .015) return replay();
    if (what < .3 && !zombies_.empty()) return pick(zombies_).step();
    pick(live_).step();
  }

  Instance& pick(std::vector<std::unique_ptr<Instance>>& of) {
    return *of[static_cast<std::size_t>(world_.below(static_cast<int>(of.size())))];
  }

  void change_shares() {
    shared_ = true;
    retire_all();
    world_.shares = std::array{1U, 2U, 3U, 5U}[static_cast<std::size_t>(world_.below(4))];
    start_all();
  }

  // A new handler, called before the others, and everything read anew.
  void add_handler() {
    handler_added_ = true;
    world_.handlers = "c" + world_.handlers;
    reset_positions();
  }

  void reset_positions() {
    ++resets_;
    retire_all();
    if (!world_.store.journal().forget_positions(pipeline_id, std::nullopt)) return;
    start_all();
  }

  void upgrade_handlers() {
    world_.upgraded = true;
    for (auto& instance : live_) {
      const int partition = instance->partition();
      const Share share = instance->share();
      retire(std::move(instance));
      instance = std::make_unique<Instance>(world_, partition, share);
    }
  }

  void restart_one() {
    auto& instance = live_[static_cast<std::size_t>(world_.below(static_cast<int>(live_.size())))];
    const int partition = instance->partition();
    const Share share = instance->share();
    retire(std::move(instance));
    instance = std::make_unique<Instance>(world_, partition, share);
  }

  [[nodiscard]] bool all_finished() const {
    return std::all_of(live_.begin(), live_.end(), [](const auto& instance) { return instance->finished(); });
  }

  // Replays the letters that are listed, as the command does: only what was not applied, guarded by the
  // letter's id, recorded at the end; and it may be interrupted anywhere.
  void replay() {
    std::vector<DeadLetter> listed;
    if (!standing_letters(world_.letters, &world_.store.journal(), pipeline_id, 0, {},
                          [&](const DeadLetter& letter) {
                            listed.push_back(letter);
                            return true;
                          }))
      return;
    for (const DeadLetter& letter : listed)
      if (passed(letter) && !replay(letter)) return;
  }

  // Whether every share has its event behind it for good: before that it may still be delivered again.
  [[nodiscard]] bool passed(const DeadLetter& letter) {
    std::uint32_t shares = 0;
    for (const PositionRecord& record : *world_.store.journal().positions(pipeline_id)) {
      if (record.partition != partition_name(letter.partition) || record.share.of != world_.shares) continue;
      if (record.next <= letter.position) return false;
      ++shares;
    }
    return shares == world_.shares;
  }

  // False when it was interrupted.
  bool replay(const DeadLetter& letter) {
    if (!world_.upgraded && world_.find(letter.partition, letter.position)->rejected) return true;
    DeadLetter done = letter;
    done.unapplied.clear();
    for (const char handler : world_.handlers) {
      Arena arena;
      ChangeList changes(arena);
      if (!ask_for_changes(world_, handler, letter.partition, letter.position, changes)) return false;
      for (const Change& change : changes.changes()) {
        const Unapplied name{std::string(1, handler), "documents", id_to_text(change.document.id)};
        const bool wanted =
            letter.unapplied.empty() || std::ranges::any_of(letter.unapplied, [&](const Unapplied& one) {
              return one == name || one == whole_event;
            });
        if (!wanted) continue;
        if (!replay(letter, std::string(1, handler), change)) return false;
        done.unapplied.push_back(name);
      }
    }
    if (world_.chance(.1)) return false;
    std::vector<LetterRecord> records = to_records(letter, Disposition::replayed);
    if (!done.unapplied.empty())
      std::ranges::move(to_records(done, Disposition::replayed), std::back_inserter(records));
    return world_.store.journal().save_letters(pipeline_id, records).ok();
  }

  bool replay(const DeadLetter& letter, const std::string& handler, const Change& change) {
    const std::string key = watermark_key(pipeline_id, handler, partition_name(letter.partition));
    std::string id = letter.id();
    if (world_.plan.broken == Broken::replay_without_guard) id += std::to_string(++replays_);
    Write write;
    write.change = change;
    write.watermark_key = key;
    write.first = write.last = Sequence::of(0, letter.position);
    // One letter may replay several handlers on one document: each is a replay of its own.
    const std::string guard = id + '#' + handler;
    write.replay_id = guard;
    WriteResult result;
    const auto session = world_.store.open_session();
    if (!session->write({&write, 1}, {&result, 1})) return false;
    return result.outcome == Outcome::applied || result.outcome == Outcome::already_applied;
  }

  World world_;
  std::vector<std::unique_ptr<Instance>> live_;
  std::vector<std::unique_ptr<Instance>> zombies_;
  int steps_ = 0;
  bool handler_added_ = false;
  int resets_ = 0;
  bool shared_ = world_.shares > 1;  // a refused event's letter is one share's; the others do not wait for it
  std::uint64_t replays_ = 0;
};

}  // namespace

std::optional<std::string> simulate(const Plan& plan) { return Simulation(plan).run(); }

}  // namespace sluice::engine::simulation
