// The status of an engine as the page knows it, read from the JSON of /status, version 1. Every field may be missing or of
// another type, of an older engine or a newer one: it is then empty here. All text is printable.
import { printable } from "./figures.js";

export const stageNames = ["capture", "delivery", "lag", "processing"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const member = (object, name) => (isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined);
const object = (from, name) => (isObject(member(from, name)) ? member(from, name) : {});
const list = (from, name) => (Array.isArray(member(from, name)) ? member(from, name).filter(isObject) : []);
const known = (from, name) => (Number.isFinite(member(from, name)) ? Math.max(0, member(from, name)) : null);
const number = (from, name) => known(from, name) ?? 0;
const flag = (from, name) => member(from, name) === true;
const text = (from, name) => (typeof member(from, name) === "string" ? printable(member(from, name)) : "");
const sum = (items, of) => items.reduce((total, item) => total + (of(item) ?? 0), 0);

function latency(json) {
  if (number(json, "count") === 0) return null;
  const found = { count: number(json, "count"), mean: number(json, "avg") };
  for (const name of ["p50", "p95", "p99", "min", "max"]) found[name] = number(json, name);
  return found;
}

function partition(json) {
  const [safe, end] = [known(json, "safe"), known(json, "end")];
  return {
    name: `${text(json, "topic")}/${number(json, "partition")}`,
    safe,
    next: known(json, "next"),
    end,
    lag: known(json, "lag") ?? (end === null || safe === null ? null : Math.max(0, end - safe)),
    unfinished: number(json, "unfinished"),
    waiting: number(json, "waiting"),
    paused: flag(json, "paused"),
  };
}

function target(json) {
  const found = {
    name: text(json, "name"),
    retryingSince: text(json, "retrying_since"),
    retryReason: text(json, "retry_reason"),
  };
  for (const name of ["writers", "busy", "queued", "in_flight", "waiting", "batches", "writes", "changes", "batch_ms"])
    found[name] = number(json, name);
  return found;
}

const event = (json) => ({
  time: text(json, "time"),
  type: text(json, "type"),
  label: text(json, "label") || text(json, "id"),
  outcome: text(json, "outcome"),
  code: text(json, "code"),
  latency: known(json, "latency_ms"),
});

const error = (json) => ({
  time: text(json, "time"),
  code: text(json, "code"),
  reason: text(json, "reason"),
  type: text(json, "type"),
  id: text(json, "id"),
  place: text(json, "topic") && `${text(json, "topic")}/${number(json, "partition")} at ${number(json, "position")}`,
});

const waitingFor = (json) => ({
  document: `${text(json, "collection")}/${text(json, "document")}`,
  event: text(json, "event"),
  since: text(json, "since"),
});

const entries = (json, name) => Object.entries(object(json, name)).map(([key, value]) => [printable(key), value]);

const codes = (json, name) =>
  entries(json, name)
    .filter(([, times]) => Number.isFinite(times))
    .map(([code, times]) => ({ code, count: times }))
    .sort((one, other) => other.count - one.count);

const types = (json) =>
  entries(json, "types")
    .map(([name, counts]) => ({ name, count: number(counts, "count"), deadLetters: number(counts, "dead_letters") }))
    .sort((one, other) => other.count - one.count);

function breaker(json) {
  const found = object(json, "breaker");
  return { letters: number(found, "letters"), window: number(found, "window"), ratio: number(found, "ratio") };
}

function pipeline(json) {
  const [events, rates, latencies, unfinished] = ["events", "rates", "latency_ms", "unfinished"].map((name) =>
    object(json, name),
  );
  const partitions = list(json, "partitions").map(partition);
  const targets = list(json, "targets").map(target);
  const state = text(json, "state");
  return {
    id: text(json, "id"),
    state,
    endedBadly: state === "failed" || state === "breaker_open",
    ended: state === "drained" || state === "failed" || state === "breaker_open",
    code: text(json, "code"),
    reason: text(json, "reason"),
    total: number(events, "total"),
    applied: number(events, "applied"),
    deadLetters: number(events, "dead_letters"),
    ignored: number(events, "ignored"),
    passedOver: number(events, "passed_over"),
    repeated: number(events, "repeated"),
    rate: { now: number(rates, "now"), average: number(rates, "average"), peak: number(rates, "peak") },
    stages: stageNames.map((name) => latency(object(latencies, name))),
    latency: latency(object(latencies, "total")),
    types: types(json),
    partitions,
    lag: partitions.every((one) => one.lag === null) ? null : sum(partitions, (one) => one.lag),
    targets,
    waiting: sum(targets, (one) => one.waiting),
    waitingFor: list(json, "waiting").map(waitingFor),
    unfinished: { events: number(unfinished, "events"), bytes: number(unfinished, "bytes") },
    readingPaused: flag(json, "reading_paused"),
    retries: codes(json, "retries"),
    errors: codes(json, "errors"),
    lastErrors: list(json, "last_errors").map(error),
    lastEvents: list(json, "last_events").map(event),
    stalled: list(json, "stalled")
      .map((one) => text(one, "text"))
      .filter((what) => what !== ""),
    retrying: entries(json, "retrying")
      .filter(([, one]) => isObject(one))
      .map(([what, one]) => ({ what, since: text(one, "since"), reason: text(one, "reason") })),
    breaker: breaker(json),
  };
}

// {status} or {problem}: why there is none.
export function parseStatus(json) {
  if (!isObject(json) || !Array.isArray(json.pipelines))
    return { problem: text(json, "error") || "what it answers is not the status of a sluice engine" };
  if (json.version !== 1)
    return {
      problem: `its status is of version ${printable(String(json.version))}, this page reads version 1; load it again`,
    };
  return {
    status: { time: text(json, "time"), uptime: number(json, "uptime_s"), pipelines: list(json, "pipelines").map(pipeline) },
  };
}
