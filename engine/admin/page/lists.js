// The tables of a pipeline: partitions, types, writers, last events, dead letters.
import { byId } from "./elements.js";
import { count, duration, percent, timeOfDay, words } from "./figures.js";
import { Table } from "./table.js";

const number = "number";
const wide = "number wide"; // left out where there is no room
const greatest = (items, of) => items.reduce((most, item) => Math.max(most, of(item) ?? 0), 0);

export class Lists {
  #most = { lag: 0, events: 0, code: 0 };

  #partitions = new Table(
    byId("partitions"),
    [
      {
        title: "Partition",
        text: (one) => (one.paused ? `${one.name} ‖ paused` : one.name),
        className: "name",
        order: (one) => one.name,
      },
      { title: "Safe", text: (one) => count(one.safe), className: number, order: (one) => one.safe },
      { title: "Next", text: (one) => count(one.next), className: wide, order: (one) => one.next },
      { title: "End", text: (one) => count(one.end), className: wide, order: (one) => one.end },
      { title: "Unfinished", text: (one) => count(one.unfinished), className: wide, order: (one) => one.unfinished },
      { title: "Waiting", text: (one) => count(one.waiting), className: wide, order: (one) => one.waiting },
      { title: "Lag", text: (one) => count(one.lag), className: number, order: (one) => one.lag },
      { title: "", share: (one) => one.lag / this.#most.lag, tone: (one) => (one.paused ? "warning" : "") },
    ],
    "No partition is assigned.",
  );

  #types = new Table(
    byId("types"),
    [
      { title: "Type", text: (one) => one.name, className: "name", order: (one) => one.name },
      { title: "Events", text: (one) => count(one.count), className: number, order: (one) => one.count },
      { title: "Share", text: (one) => percent(one.count, this.#most.events), className: "number medium" },
      { title: "", share: (one) => one.count / this.#most.events, className: "medium" },
      {
        title: "Dead letters",
        text: (one) => count(one.deadLetters),
        className: number,
        tone: (one) => (one.deadLetters > 0 ? "bad" : "quiet"),
        order: (one) => one.deadLetters,
      },
    ],
    "No event yet.",
  );

  #writers = new Table(
    byId("writers"),
    [
      { title: "Store or sink", text: (one) => one.name, className: "name" },
      { title: "Busy", text: (one) => `${count(one.busy)} of ${count(one.writers)}`, className: number },
      {
        title: "",
        share: (one) => one.busy / one.writers,
        className: "medium",
        tone: (one) => (one.retryingSince === "" ? "" : "warning"),
      },
      { title: "Queued", text: (one) => count(one.queued), className: "number medium" },
      { title: "Sent", text: (one) => count(one.in_flight), className: number },
      {
        title: "Waiting",
        text: (one) => count(one.waiting),
        className: number,
        tone: (one) => (one.waiting > 0 ? "warning" : ""),
      },
      { title: "Writes", text: (one) => count(one.writes), className: wide },
      {
        title: "Writes a batch",
        text: (one) => (one.batches === 0 ? "–" : (one.writes / one.batches).toFixed(1)),
        className: wide,
      },
      { title: "Batch time", text: (one) => (one.batches === 0 ? "–" : duration(one.batch_ms)), className: wide },
    ],
    "None.",
  );

  #events = new Table(
    byId("events"),
    [
      { title: "Time, UTC", text: (one) => timeOfDay(one.time), className: "time" },
      { title: "Type", text: (one) => one.type, className: "name" },
      { title: "Event", text: (one) => one.label, className: "cut medium" },
      {
        title: "Outcome",
        text: (one) => words(one.outcome) + (one.code === "" ? "" : `: ${one.code}`),
        tone: (one) => (one.outcome === "dead_letter" ? "bad" : one.outcome === "applied" ? "good" : "quiet"),
      },
      { title: "T0→T5", text: (one) => duration(one.latency), className: number },
    ],
    "No event yet.",
  );

  #codes = new Table(
    byId("codes"),
    [
      { title: "Code", text: (one) => one.code, className: "name" },
      { title: "Letters", text: (one) => count(one.count), className: number },
      { title: "", share: (one) => one.count / this.#most.code, tone: () => "bad" },
    ],
    "None.",
  );

  #errors = new Table(
    byId("errors"),
    [
      { title: "Time, UTC", text: (one) => timeOfDay(one.time), className: "time" },
      { title: "Code", text: (one) => one.code, className: "medium" },
      { title: "Reason", text: (one) => one.reason, className: "reason" },
      { title: "Type", text: (one) => one.type, className: "name" },
      { title: "Event", text: (one) => one.id, className: "cut wide" },
      { title: "Record", text: (one) => one.place, className: "wide" },
    ],
    "None.",
  );

  show(pipeline) {
    this.#most = {
      lag: greatest(pipeline.partitions, (one) => one.lag),
      events: pipeline.types.reduce((sum, one) => sum + one.count, 0),
      code: greatest(pipeline.errors, (one) => one.count),
    };
    this.#partitions.show(pipeline.partitions);
    this.#types.show(pipeline.types);
    this.#writers.show(pipeline.targets);
    this.#events.show(pipeline.lastEvents);
    this.#codes.show(pipeline.errors);
    this.#errors.show(pipeline.lastErrors);
  }
}
