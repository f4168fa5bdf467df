#include "kit/manifest.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_set>
#include <utility>

namespace sluice::kit {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int format = 2;

class GeneratedRows final : public EventRows {
 public:
  GeneratedRows(std::vector<Manifest> loads, std::string_view event_type)
      : loads_(std::move(loads)), event_type_(event_type) {}

  bool next(EventRow& row) override {
    if (again_) {
      again_ = false;
      row = row_;
      return true;
    }
    do
      if (!next_event()) return false;
    while (!event_type_.empty() && event_.event_type != event_type_);
    event_id_.clear();
    append_uuid(event_id_, event_.event_id);
    row_ = {.event_id = event_id_,
            .event_type = event_.event_type,
            .payload = event_.payload,
            .created_at = created_at_,
            .poison = event_.poison};
    again_ = event_.redelivered && loads_[load_ - 1].counts_duplicates;
    row = row_;
    return true;
  }

 private:
  bool next_event() {
    while (left_ == 0 || !world_->next(event_)) {
      if (load_ == loads_.size()) return false;
      const Manifest& load = loads_[load_++];
      left_ = load.events;
      world_ = std::make_unique<World>(load.plan);
      created_at_ = to_text(load.newest);  // only the newest of a load is ever looked for
    }
    --left_;
    return true;
  }

  std::vector<Manifest> loads_;
  std::string event_type_;
  std::size_t load_ = 0;
  std::unique_ptr<World> world_;
  std::uint64_t left_ = 0;  // events of this load
  OutboxEvent event_;
  EventRow row_;
  bool again_ = false;
  std::string event_id_;
  std::string created_at_;
};

class GeneratedAgain final : public EventSource {
 public:
  explicit GeneratedAgain(std::vector<Manifest> loads) : loads_(std::move(loads)) {}

  [[nodiscard]] std::unique_ptr<EventRows> rows(std::string_view event_type) const override {
    return std::make_unique<GeneratedRows>(loads_, event_type);
  }

 private:
  std::vector<Manifest> loads_;
};

class RowsAmongOthers final : public EventRows {
 public:
  RowsAmongOthers(std::unique_ptr<EventRows> all, const std::unordered_set<std::string>& ids)
      : all_(std::move(all)), ids_(ids) {}

  bool next(EventRow& row) override {
    while (all_->next(row))
      if (ids_.contains(std::string(row.event_id))) return true;
    return false;
  }

 private:
  std::unique_ptr<EventRows> all_;
  const std::unordered_set<std::string>& ids_;
};

class MadeBy final : public EventSource {
 public:
  MadeBy(std::unique_ptr<EventSource> all, std::unordered_set<std::string> ids)
      : all_(std::move(all)), ids_(std::move(ids)) {}

  [[nodiscard]] std::unique_ptr<EventRows> rows(std::string_view event_type) const override {
    return std::make_unique<RowsAmongOthers>(all_->rows(event_type), ids_);
  }

 private:
  std::unique_ptr<EventSource> all_;
  std::unordered_set<std::string> ids_;
};

}  // namespace

void write_manifest(const Manifest& manifest, const std::filesystem::path& file) {
  const WorldPlan& plan = manifest.plan;
  OrderedJson kinds = OrderedJson::array();
  for (const PoisonKind kind : plan.poison) kinds.push_back(poison(kind).name);
  const OrderedJson json = {{"load", format},
                            {"events", manifest.events},
                            {"seed", plan.seed},
                            {"users", plan.quota.users},
                            {"activities", plan.quota.activities},
                            {"participants", plan.quota.participants},
                            {"poisoned", plan.poisoned},
                            {"poison", kinds},
                            {"hot_keys", plan.hot_keys},
                            {"duplicate_percent", plan.duplicate_percent},
                            {"counts_duplicates", manifest.counts_duplicates},
                            {"newest", to_text(manifest.newest)}};
  std::ofstream out(file);
  out << json.dump(2) << '\n';
  out.flush();
  if (!out) throw std::runtime_error(file.string() + ": the manifest cannot be written");
}

Manifest read_manifest(const std::filesystem::path& file) {
  std::ifstream in(file);
  const OrderedJson json = OrderedJson::parse(in, nullptr, false);
  if (!json.is_object() || json.value("load", 0) != format)
    throw std::runtime_error(file.string() +
                             ": not the manifest of a load, as `generate --manifest` writes it");
  Manifest manifest;
  WorldPlan& plan = manifest.plan;
  plan.seed = json.at("seed").get<std::uint64_t>();
  plan.quota = {json.at("users").get<std::uint64_t>(), json.at("activities").get<std::uint64_t>(),
                json.at("participants").get<std::uint64_t>()};
  plan.poisoned = json.at("poisoned").get<std::uint64_t>();
  for (const OrderedJson& name : json.at("poison"))
    plan.poison.push_back(poison_named(name.get<std::string>()));
  plan.hot_keys = json.at("hot_keys").get<double>();
  plan.duplicate_percent = json.at("duplicate_percent").get<double>();
  manifest.events = json.at("events").get<std::uint64_t>();
  manifest.counts_duplicates = json.at("counts_duplicates").get<bool>();
  manifest.newest = parse_time(json.at("newest").get<std::string>()).value_or(Micros{});
  return manifest;
}

std::unique_ptr<EventSource> generated_again(std::vector<Manifest> loads) {
  return std::make_unique<GeneratedAgain>(std::move(loads));
}

std::unique_ptr<EventSource> made_again(const std::vector<std::filesystem::path>& manifests) {
  std::vector<Manifest> loads;
  for (const auto& file : manifests) loads.push_back(read_manifest(file));
  return generated_again(std::move(loads));
}

std::unique_ptr<EventSource> made_by(const std::vector<std::filesystem::path>& manifests,
                                     std::unique_ptr<EventSource> outbox) {
  std::unordered_set<std::string> ids;
  const auto rows = made_again(manifests)->rows();
  EventRow row;
  while (rows->next(row)) ids.emplace(row.event_id);
  return std::make_unique<MadeBy>(std::move(outbox), std::move(ids));
}

}  // namespace sluice::kit
