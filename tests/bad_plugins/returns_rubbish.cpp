// Handlers that each return another kind of rubbish, and go on as if nothing were wrong.
#include <array>
#include <cstdint>

#include "plain.hpp"

PLAIN_MANIFEST("returns_rubbish", SLUICE_ABI_MAJOR);

namespace {

constexpr std::array<std::uint8_t, 6> seven{3, 0, 0, 0, '7', 0};  // the text "7" with a length that is wrong
constexpr std::array<std::uint8_t, 5> empty{5, 0, 0, 0, 0};
constexpr std::array<std::uint8_t, 4> one{1, 0, 0, 0};

// A change that would do.
sluice_change good_change() {
  sluice_change change{};
  change.size = sizeof change;
  change.kind = SLUICE_PATCH;
  change.collection = plain::text("users");
  change.id = {0x10, one.data(), one.size()};
  return change;
}

using Spoil = void (*)(sluice_change&);

// Adds a good change, then a spoiled one, and hides that it was refused.
template <Spoil spoil>
sluice_status handle(void*, const sluice_event*, sluice_changes* changes, sluice_report*) {
  sluice_change change = good_change();
  spoil(change);
  changes->add(changes, &change);
  return SLUICE_OK;
}

template <int status>
sluice_status answer(void*, const sluice_event*, sluice_changes*, sluice_report*) {
  return status;
}

sluice_status add_null(void*, const sluice_event*, sluice_changes* changes, sluice_report*) {
  changes->add(changes, nullptr);
  return SLUICE_OK;
}

sluice_status ignore_unreadable(void*, const sluice_event* event, sluice_changes* changes, sluice_report*) {
  const std::uint8_t* document = nullptr;
  event->payload(event, &document);
  const sluice_change change = good_change();
  changes->add(changes, &change);
  return SLUICE_OK;
}

void kind_99(sluice_change& change) { change.kind = 99; }
void strange_flags(sluice_change& change) { change.flags = 0x80; }
void small_struct(sluice_change& change) { change.size = 16; }
void null_collection(sluice_change& change) { change.collection = {nullptr, 5}; }
void no_id(sluice_change& change) { change.id = {}; }
void null_id(sluice_change& change) { change.id = {0x10, nullptr, 4}; }
void strange_id(sluice_change& change) { change.id.type = 0x7f; }
void lying_id(sluice_change& change) { change.id = {0x02, seven.data(), seven.size()}; }
void endless_id(sluice_change& change) { change.id = {0x05, one.data(), SIZE_MAX}; }
void null_document(sluice_change& change) { change.kind = SLUICE_INSERT; }
void document_of_a_patch(sluice_change& change) {
  change.document = empty.data();
  change.document_size = empty.size();
}
void lying_document(sluice_change& change) {
  static constexpr std::array<std::uint8_t, 5> huge{0xff, 0xff, 0xff, 0x7f, 0};
  change.kind = SLUICE_REPLACE;
  change.document = huge.data();
  change.document_size = huge.size();
}
void null_operations(sluice_change& change) { change.operation_count = 3; }
void countless_operations(sluice_change& change) {
  static const sluice_operation operation{SLUICE_UNSET, plain::text("a"), {}};
  change.operations = &operation;
  change.operation_count = SIZE_MAX;
}
void operator_42(sluice_change& change) {
  static const sluice_operation operation{42, plain::text("a"), {0x10, one.data(), one.size()}};
  change.operations = &operation;
  change.operation_count = 1;
}
void lying_value(sluice_change& change) {
  static const sluice_operation operation{SLUICE_SET, plain::text("a"), {0x12, one.data(), one.size()}};
  change.operations = &operation;
  change.operation_count = 1;
}
void null_path(sluice_change& change) {
  static const sluice_operation operation{SLUICE_SET, {nullptr, 3}, {0x10, one.data(), one.size()}};
  change.operations = &operation;
  change.operation_count = 1;
}
void null_conditions(sluice_change& change) { change.condition_count = 1; }
void condition_9(sluice_change& change) {
  static const sluice_condition condition{9, plain::text("a"), {}};
  change.conditions = &condition;
  change.condition_count = 1;
}

#define RUBBISH(name) constexpr sluice_component name##_component = plain::handler(#name, handle<name>)
RUBBISH(kind_99);
RUBBISH(strange_flags);
RUBBISH(small_struct);
RUBBISH(null_collection);
RUBBISH(no_id);
RUBBISH(null_id);
RUBBISH(strange_id);
RUBBISH(lying_id);
RUBBISH(endless_id);
RUBBISH(null_document);
RUBBISH(document_of_a_patch);
RUBBISH(lying_document);
RUBBISH(null_operations);
RUBBISH(countless_operations);
RUBBISH(operator_42);
RUBBISH(lying_value);
RUBBISH(null_path);
RUBBISH(null_conditions);
RUBBISH(condition_9);
constexpr sluice_component add_null_component = plain::handler("add_null", add_null);
constexpr sluice_component ignore_unreadable_component =
    plain::handler("ignore_unreadable", ignore_unreadable);
constexpr sluice_component status_77_component = plain::handler("status_77", answer<77>);
constexpr sluice_component status_retry_component = plain::handler("status_retry", answer<SLUICE_RETRY>);
constexpr sluice_component status_unreadable_component =
    plain::handler("status_unreadable", answer<SLUICE_UNREADABLE>);

// Says that a delivery has the status 77, and that all went well.
sluice_status deliver(void*, sluice_delivery* const* deliveries, size_t count, sluice_report*) {
  for (size_t i = 0; i < count; ++i) deliveries[i]->status = 77;
  return SLUICE_OK;
}
constexpr sluice_component sink_component = [] {
  sluice_component made = plain::handler("sink", nullptr);
  made.kind = SLUICE_SINK;
  made.deliver = deliver;
  return made;
}();

// Says that it was made, and gives nothing.
sluice_status create_nothing(const sluice_options*, const sluice_host*, void**, sluice_report*) {
  return SLUICE_OK;
}
constexpr sluice_component never_made_component = [] {
  sluice_component made = plain::handler("never_made");
  made.create = create_nothing;
  return made;
}();

constexpr const sluice_component* components[] = {&kind_99_component,
                                                  &strange_flags_component,
                                                  &small_struct_component,
                                                  &null_collection_component,
                                                  &no_id_component,
                                                  &null_id_component,
                                                  &strange_id_component,
                                                  &lying_id_component,
                                                  &endless_id_component,
                                                  &null_document_component,
                                                  &document_of_a_patch_component,
                                                  &lying_document_component,
                                                  &null_operations_component,
                                                  &countless_operations_component,
                                                  &operator_42_component,
                                                  &lying_value_component,
                                                  &null_path_component,
                                                  &null_conditions_component,
                                                  &condition_9_component,
                                                  &add_null_component,
                                                  &ignore_unreadable_component,
                                                  &status_77_component,
                                                  &status_retry_component,
                                                  &status_unreadable_component,
                                                  &sink_component,
                                                  &never_made_component};
constexpr sluice_plugin plugin = plain::plugin("returns_rubbish", components, std::size(components));

}  // namespace
PLAIN_ENTRY(plugin);
