// The status of a process as JSON, version 1: what --status-file holds and what pages and dashboards read.
// Fields are only ever added; a change of meaning raises the version.
//
//   {"version":1,"time":"2026-…Z","uptime_s":12.5,"pipelines":[{"id":"activity","state":"running","reason":"",
//     "events":{"applied":…,"dead_letters":…,"ignored":…,"passed_over":…,"repeated":…,"total":…},
//     "rates":{"now":…,"average":…,"peak":…},                          events per second
//     "types":{"UserCreated":{"count":…,"dead_letters":…}},
//     "latency_ms":{"capture":{"count","p50","p95","p99","min","avg","max"},"delivery":…,"lag":…,
//                   "processing":…,"total":…},                         a stage without a count is not there
//     "partitions":[{"topic","partition","next","safe","end","lag","unfinished","waiting","paused","read",
//                    "handled"}],     end and lag (records not settled) may be null; records since assigned
//     "targets":[{"name","writers","busy","queued","in_flight","waiting","batches","writes","changes",
//                 "batch_ms","retrying_since","retry_reason",          the last two only while it retries
//                 "busy_since","last_reason"}],    of the oldest batch out; of a change tried again; optional
//     "waiting":[{"target","collection","document","event","topic","partition","position","since"}],
//                                                 documents that changes have waited for longest
//     "stalled":[{"kind":"partition","topic","partition","safe","since","reason","text"},
//                {"kind":"writer","target","change","since","reason","text"}],
//     "retrying":{"source":{"since","reason"},"dead_letters":…,"start":…},    those that are tried again
//     "breaker":{"open":false,"letters":…,"window":…,"ratio":…},              null: switched off
//     "unfinished":{"events":…,"bytes":…},"reading_paused":false,"retries":{"store.unavailable":…},
//     "last_events":[{"type","id","outcome","latency_ms","time"}],     newest first
//     "last_errors":[{"code","reason","type","id","topic","partition","position","time"}],   newest first
//     "errors":{"handler.rejected":…}}]}                               dead letters by code
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "observe/report.hpp"

namespace sluice::engine {

[[nodiscard]] nlohmann::ordered_json pipeline_json(const PipelineReport& report);
[[nodiscard]] nlohmann::ordered_json status_json(std::span<const PipelineReport> reports, Timestamp time,
                                                 microseconds uptime);

// One line; text that is not UTF-8 (it may come from a record) has its bad bytes replaced.
[[nodiscard]] std::string json_line(const nlohmann::ordered_json& json);

}  // namespace sluice::engine
