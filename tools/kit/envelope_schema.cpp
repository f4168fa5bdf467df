#include "kit/envelope_schema.hpp"

#include <initializer_list>
#include <string_view>

namespace sluice::kit {
namespace {

enum class Presence { needed, optional };

std::string optional_member(Presence presence) {
  return presence == Presence::optional ? R"("optional":true)" : R"("optional":false)";
}

// `more` are further members, such as a semantic name; each ends with a comma.
std::string field(std::string_view type, std::string_view name, Presence presence = Presence::needed,
                  std::string_view more = {}) {
  std::string text = R"({"type":")";
  text.append(type).append("\",").append(optional_member(presence)).append(",").append(more);
  return text.append(R"("field":")").append(name).append("\"}");
}

std::string semantic(std::string_view name) {
  return R"("name":")" + std::string(name) + R"(","version":1,)";
}

std::string structure(std::initializer_list<std::string> fields, Presence presence, std::string_view end) {
  std::string text = R"({"type":"struct","fields":[)";
  for (const std::string& one : fields) text.append(one).append(",");
  text.back() = ']';
  return text.append(",").append(optional_member(presence)).append(",").append(end).append("}");
}

std::string row(std::string_view name) {
  return structure(
      {field("string", "event_id", Presence::needed, semantic("io.debezium.data.Uuid")),
       field("string", "aggregate_type"), field("string", "aggregate_id"), field("string", "event_type"),
       field("string", "payload", Presence::needed, semantic("io.debezium.data.Json")),
       field("string", "created_at", Presence::needed,
             semantic("io.debezium.time.ZonedTimestamp") + R"("default":"1970-01-01T00:00:00.000000Z",)")},
      Presence::optional,
      R"("name":"postgres.activity.event_outbox.Value","field":")" + std::string(name) + '"');
}

std::string source() {
  constexpr std::string_view snapshots =
      R"("parameters":{"allowed":"true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"},"default":"false",)";
  return structure(
      {field("string", "version"), field("string", "connector"), field("string", "name"),
       field("int64", "ts_ms"),
       field("string", "snapshot", Presence::optional,
             semantic("io.debezium.data.Enum") + std::string(snapshots)),
       field("string", "db"), field("string", "sequence", Presence::optional),
       field("int64", "ts_us", Presence::optional), field("int64", "ts_ns", Presence::optional),
       field("string", "schema"), field("string", "table"), field("int64", "txId", Presence::optional),
       field("int64", "lsn", Presence::optional), field("int64", "xmin", Presence::optional)},
      Presence::needed, R"("name":"io.debezium.connector.postgresql.Source","field":"source")");
}

std::string transaction() {
  return structure(
      {field("string", "id"), field("int64", "total_order"), field("int64", "data_collection_order")},
      Presence::optional, R"("name":"event.block","version":1,"field":"transaction")");
}

}  // namespace

std::string value_schema() {
  return structure({row("before"), row("after"), source(), transaction(), field("string", "op"),
                    field("int64", "ts_ms", Presence::optional), field("int64", "ts_us", Presence::optional),
                    field("int64", "ts_ns", Presence::optional)},
                   Presence::needed, R"("name":"postgres.activity.event_outbox.Envelope","version":2)");
}

std::string key_schema() {
  return structure({field("string", "aggregate_id")}, Presence::needed,
                   R"("name":"postgres.activity.event_outbox.Key")");
}

}  // namespace sluice::kit
