// For an author's unit tests: runs a plugin's handlers over JSON payloads and shows their changes, without an
// engine. Compile the plugin's source into the test program. Needs nlohmann-json.
//
//   sluice::testing::Plugin plugin(sluice_plugin_entry);
//   auto result = plugin.handle("user_created", {.type = "UserCreated", .payload = R"({"user_id": …})"});
//   EXPECT_EQ(result.changes.at(0).collection, "users");
//
// Everything goes through the same C functions as in the engine. Not thread-safe. What the test itself gets
// wrong (a component or option that is not declared) throws std::invalid_argument.
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/abi.h"
#include "sluice/json.hpp"
#include "sluice/plugin.hpp"

extern "C" const sluice_plugin* sluice_plugin_entry(const sluice_host* host);

namespace sluice::testing {

using OptionTexts = std::map<std::string, std::string>;  // as in YAML

// The event to run over; what a test does not care about stays as it is.
struct Given {
  std::string type;
  std::string payload = "{}";
  std::string id = "0ed90475-9531-485d-9d9d-c9f81818e811";
  std::string aggregate_type{};
  std::string aggregate_id{};
  std::string topic = "events";
  std::int32_t partition = 0;
  std::int64_t position = 0;
  std::optional<std::string> key{};
  std::map<std::string, std::string> headers{};
  std::optional<Time> created{};
  std::optional<Time> captured{};
};

struct Operation {
  std::string op;  // "set", "push", …; of a condition "skip_if_contains", "skip_if_exists"
  std::string path;
  nlohmann::json value;
  bool operator==(const Operation&) const = default;
};

struct Change {
  std::string kind;  // "insert", "replace", "patch", "remove"
  std::string collection;
  nlohmann::json id;
  bool wait_until_exists = false;
  nlohmann::json document;  // of insert and replace
  std::vector<Operation> operations;
  std::vector<Operation> conditions;
};

// How it went: `ok`, `rejected`, `failed` (an exception that is no Reject), `unreadable` (the payload is no
// JSON object), and of a sink `retry`.
struct Result {
  std::string outcome;
  std::string reason;
  std::vector<Change> changes;  // of a handler
};

namespace detail {

using sluice::detail::text;
using sluice::detail::view;

inline std::string to_text(sluice_status status) {
  switch (status) {
    case SLUICE_OK:
      return "ok";
    case SLUICE_REJECTED:
      return "rejected";
    case SLUICE_FAILED:
      return "failed";
    case SLUICE_RETRY:
      return "retry";
    case SLUICE_UNREADABLE:
      return "unreadable";
    default:
      return "status " + std::to_string(status);
  }
}

inline nlohmann::json json_of(const sluice_value& value) {
  return to_json(
      bson::Value{static_cast<bson::Type>(value.type), value.data, static_cast<std::uint32_t>(value.size)});
}

// The text of an error.
class Report {
 public:
  Report() : report_{sizeof report_, say, this} {}
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;
  [[nodiscard]] sluice_report* c() noexcept { return &report_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  static void say(sluice_report* report, sluice_text text) {
    static_cast<Report*>(report->engine)->text_ = view(text);
  }
  sluice_report report_;
  std::string text_;
};

// The event of the ABI over what a test gave.
class GivenEvent {
 public:
  explicit GivenEvent(const Given& given) : given_(given) {
    for (const auto& [name, value] : given_.headers) headers_.push_back({text(name), text(value)});
    event_ = {sizeof event_,
              text(given_.id),
              text(given_.type),
              text(given_.aggregate_type),
              text(given_.aggregate_id),
              text(given_.topic),
              given_.partition,
              given_.position,
              given_.key ? text(*given_.key) : sluice_text{},
              headers_.data(),
              headers_.size(),
              microseconds(given_.created),
              microseconds(given_.captured),
              text(given_.payload),
              payload,
              this};
  }
  GivenEvent(const GivenEvent&) = delete;
  GivenEvent& operator=(const GivenEvent&) = delete;
  [[nodiscard]] const sluice_event* c() const noexcept { return &event_; }

 private:
  static std::int64_t microseconds(const std::optional<Time>& time) {
    return time ? time->time_since_epoch().count() : SLUICE_TIME_UNKNOWN;
  }
  static sluice_status payload(const sluice_event* event, const std::uint8_t** document) {
    auto& self = *static_cast<GivenEvent*>(event->engine);
    const auto json = nlohmann::json::parse(self.given_.payload, nullptr, false);
    if (!json.is_object()) return SLUICE_UNREADABLE;
    self.document_.clear();
    append_json(self.document_, json);
    *document = self.document_.finish().data();
    return SLUICE_OK;
  }
  Given given_;
  std::vector<sluice_header> headers_;
  bson::Writer document_;
  sluice_event event_{};
};

// Takes a handler's changes down as JSON.
class ChangeRecorder {
 public:
  ChangeRecorder() : changes_{sizeof changes_, add, this} {}
  ChangeRecorder(const ChangeRecorder&) = delete;
  ChangeRecorder& operator=(const ChangeRecorder&) = delete;
  [[nodiscard]] sluice_changes* c() noexcept { return &changes_; }
  [[nodiscard]] std::vector<Change>& recorded() noexcept { return recorded_; }

 private:
  static sluice_status add(sluice_changes* changes, const sluice_change* from) {
    static constexpr const char* kinds[] = {"", "insert", "replace", "patch", "remove"};
    static constexpr const char* operators[] = {"",    "set", "set_on_insert", "unset",      "inc",
                                                "min", "max", "push",          "add_to_set", "pull"};
    static constexpr const char* conditions[] = {"", "skip_if_contains", "skip_if_exists"};
    Change to;
    to.kind = kinds[from->kind];
    to.collection = view(from->collection);
    to.id = json_of(from->id);
    to.wait_until_exists = (from->flags & SLUICE_WAIT_UNTIL_EXISTS) != 0;
    if (from->document != nullptr) to.document = to_json(bson::View(from->document));
    for (const auto& one : std::span(from->operations, from->operation_count))
      to.operations.push_back({operators[one.op], std::string(view(one.path)), json_of(one.value)});
    for (const auto& one : std::span(from->conditions, from->condition_count))
      to.conditions.push_back({conditions[one.kind], std::string(view(one.path)), json_of(one.value)});
    static_cast<ChangeRecorder*>(changes->engine)->recorded_.push_back(std::move(to));
    return SLUICE_OK;
  }
  sluice_changes changes_;
  std::vector<Change> recorded_;
};

// The options a test gave, with the declared defaults.
class GivenOptions {
 public:
  GivenOptions(const sluice_component& component, const OptionTexts& given)
      : options_{sizeof options_, text_value, integer_value, number_value, boolean_value, this} {
    for (const auto* spec : std::span(component.options, component.option_count)) {
      const std::string name(view(spec->name));
      const auto found = given.find(name);
      if (found != given.end())
        texts_[name] = found->second;
      else if (spec->default_text.data != nullptr)
        texts_[name] = view(spec->default_text);
      else
        throw std::invalid_argument("the option \"" + name + "\" is required");
    }
    for (const auto& [name, value] : given)
      if (!texts_.contains(name)) throw std::invalid_argument("there is no option \"" + name + '"');
  }
  GivenOptions(const GivenOptions&) = delete;
  GivenOptions& operator=(const GivenOptions&) = delete;
  [[nodiscard]] const sluice_options* c() const noexcept { return &options_; }

 private:
  static const std::string* find(const sluice_options* options, sluice_text name) {
    const auto& texts = static_cast<const GivenOptions*>(options->engine)->texts_;
    const auto found = texts.find(std::string(view(name)));
    return found == texts.end() ? nullptr : &found->second;
  }
  static sluice_status text_value(const sluice_options* options, sluice_text name, sluice_text* value) {
    const std::string* found = find(options, name);
    if (found == nullptr) return SLUICE_REJECTED;
    *value = text(*found);
    return SLUICE_OK;
  }
  // A number and its unit: durations in microseconds, sizes in bytes.
  static sluice_status integer_value(const sluice_options* options, sluice_text name, std::int64_t* value) {
    static const std::map<std::string, double> units{{"", 1},
                                                     {"us", 1},
                                                     {"ms", 1e3},
                                                     {"s", 1e6},
                                                     {"m", 60e6},
                                                     {"h", 3600e6},
                                                     {"B", 1},
                                                     {"kB", 1e3},
                                                     {"MB", 1e6},
                                                     {"GB", 1e9},
                                                     {"KiB", 1024},
                                                     {"MiB", 1024.0 * 1024},
                                                     {"GiB", 1024.0 * 1024 * 1024}};
    const std::string* found = find(options, name);
    if (found == nullptr) return SLUICE_REJECTED;
    double number = 0;
    const auto rest = std::from_chars(found->data(), found->data() + found->size(), number);
    const auto unit = units.find(std::string(rest.ptr, found->data() + found->size()));
    if (rest.ec != std::errc() || unit == units.end())
      throw std::invalid_argument("\"" + *found + "\" is no number, duration or size");
    *value = static_cast<std::int64_t>(number * unit->second);
    return SLUICE_OK;
  }
  static sluice_status number_value(const sluice_options* options, sluice_text name, double* value) {
    const std::string* found = find(options, name);
    if (found == nullptr) return SLUICE_REJECTED;
    *value = std::stod(*found);
    return SLUICE_OK;
  }
  static sluice_status boolean_value(const sluice_options* options, sluice_text name, std::uint32_t* value) {
    const std::string* found = find(options, name);
    if (found == nullptr) return SLUICE_REJECTED;
    *value = *found == "true" ? 1 : 0;
    return SLUICE_OK;
  }
  std::map<std::string, std::string> texts_;
  sluice_options options_;
};

}  // namespace detail

// One instance of a component, as one thread of the engine has it.
class Instance {
 public:
  Instance(const sluice_component& component, const sluice_host& host, const OptionTexts& options)
      : component_(&component) {
    const detail::GivenOptions given(component, options);
    detail::Report report;
    if (component.create(given.c(), &host, &instance_, report.c()) != SLUICE_OK) throw Reject(report.text());
  }
  ~Instance() { component_->destroy(instance_); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  Result handle(const Given& given) {
    if (component_->handle == nullptr) throw std::invalid_argument("this component is a sink: use deliver()");
    const detail::GivenEvent event(given);
    detail::ChangeRecorder changes;
    detail::Report report;
    const sluice_status status = component_->handle(instance_, event.c(), changes.c(), report.c());
    return {detail::to_text(status), report.text(), std::move(changes.recorded())};
  }

  // The results in the order of the events.
  std::vector<Result> deliver(std::span<const Given> batch) {
    if (component_->deliver == nullptr)
      throw std::invalid_argument("this component is a handler: use handle()");
    std::vector<std::unique_ptr<detail::GivenEvent>> events;
    std::vector<std::unique_ptr<detail::Report>> reports;
    std::vector<sluice_delivery> deliveries;
    for (const Given& given : batch) {
      events.push_back(std::make_unique<detail::GivenEvent>(given));
      reports.push_back(std::make_unique<detail::Report>());
      deliveries.push_back({sizeof(sluice_delivery), events.back()->c(), SLUICE_RETRY, *reports.back()->c()});
    }
    std::vector<sluice_delivery*> pointers;
    for (sluice_delivery& delivery : deliveries) pointers.push_back(&delivery);
    detail::Report whole;
    const sluice_status status = component_->deliver(instance_, pointers.data(), pointers.size(), whole.c());
    std::vector<Result> results;
    for (std::size_t i = 0; i < deliveries.size(); ++i)
      results.push_back({detail::to_text(deliveries[i].status),
                         status == SLUICE_OK ? reports[i]->text() : whole.text(),
                         {}});
    return results;
  }

 private:
  const sluice_component* component_;
  void* instance_ = nullptr;
};

class Plugin {
 public:
  explicit Plugin(sluice_plugin_entry_fn entry) : plugin_(entry(&host_)) {
    if (plugin_ == nullptr) throw std::invalid_argument("the plugin refused to start: " + logged_);
  }
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  // Throws Reject when the component's constructor refuses the options.
  [[nodiscard]] std::unique_ptr<Instance> make(std::string_view component,
                                               const OptionTexts& options = {}) const {
    for (const auto* one : std::span(plugin_->components, plugin_->component_count))
      if (detail::view(one->name) == component) return std::make_unique<Instance>(*one, host_, options);
    throw std::invalid_argument("the plugin has no component \"" + std::string(component) + '"');
  }

  // Runs a handler over one event, on a new instance.
  [[nodiscard]] Result handle(std::string_view component, const Given& given,
                              const OptionTexts& options = {}) const {
    return make(component, options)->handle(given);
  }

  // All that was logged, a line each.
  [[nodiscard]] const std::string& logged() const noexcept { return logged_; }

 private:
  static void log(const sluice_host* host, std::uint32_t, sluice_text message) {
    static_cast<Plugin*>(host->engine)->logged_.append(detail::view(message)).append("\n");
  }
  std::string logged_;
  sluice_host host_{sizeof(sluice_host), SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR, log, this};
  const sluice_plugin* plugin_;
};

}  // namespace sluice::testing
