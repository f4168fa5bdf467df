// The page of a running engine: asks, remembers the last hour, and shows the chosen pipeline.
import { Chart } from "./chart.js";
import { byId, setClass, setText } from "./elements.js";
import { bytes, count, duration, percent, rate, short, span, timeOfDay, words } from "./figures.js";
import { History } from "./history.js";
import { Lists } from "./lists.js";
import { Poller } from "./poller.js";
import { showStages } from "./stages.js";
import { Tabs, tone } from "./tabs.js";
import { switchThemeWith } from "./theme.js";
import { TokenDialog, keptToken } from "./token.js";
import { showTrouble } from "./trouble.js";

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const most = (values) => Math.max(...values);

class Page {
  #status = null;
  #histories = new Map(); // by the pipeline's id; only of pipelines that are there
  #states = new Map(); // what was announced of them
  #silence = null; // {problem, since, timer}
  #lists = new Lists();
  #tabs = new Tabs(() => this.#show());
  #charts = [
    new Chart(byId("throughput"), {
      curve: "rate",
      name: "Throughput",
      value: (value) => `${rate(value)} events/s`,
      axis: short,
      join: mean,
    }),
    new Chart(byId("latency"), { curve: "latency", name: "Latency", value: duration, axis: axisDuration, join: most }),
    new Chart(byId("lag"), {
      curve: "lag",
      name: "Lag",
      value: (value) => `${count(value)} records`,
      axis: short,
      join: most,
    }),
  ];
  #dialog = new TokenDialog((token) => this.#poller.unlock(token));
  #poller = new Poller(this, keptToken());

  start() {
    switchThemeWith(byId("theme"), () => this.#charts.forEach((chart) => chart.draw()));
    byId("window").addEventListener("change", () => this.#show());
    this.#poller.start();
  }

  status(status) {
    const back = this.#silence !== null;
    this.#endSilence();
    const news = this.#status?.time !== status.time || status.time === "";
    this.#status = status;
    if (news) this.#remember(status);
    this.#announce(back ? "The engine answers again." : "");
    this.#show();
  }

  silent(problem, since) {
    if (this.#silence === null) {
      setText(byId("announcement"), `The engine does not answer: ${problem}.`);
      this.#silence = { timer: setInterval(() => this.#showSilence(), 1000) };
    }
    Object.assign(this.#silence, { problem, since });
    this.#showSilence();
  }

  locked(refused) {
    this.#endSilence();
    setText(byId("connection"), "a token is needed");
    this.#dialog.ask(refused);
  }

  #remember({ pipelines, time }) {
    const now = Date.parse(time) || Date.now();
    for (const id of this.#histories.keys()) if (!pipelines.some((one) => one.id === id)) this.#histories.delete(id);
    for (const pipeline of pipelines) {
      if (!this.#histories.has(pipeline.id)) this.#histories.set(pipeline.id, new History());
      this.#histories.get(pipeline.id).add(pipeline, now);
    }
  }

  // Only what has changed is said aloud, not each figure.
  #announce(first) {
    const changes = this.#status.pipelines
      .filter((pipeline) => this.#states.has(pipeline.id) && this.#states.get(pipeline.id) !== pipeline.state)
      .map((pipeline) => `${pipeline.id} is ${words(pipeline.state)}. ${pipeline.reason}`);
    this.#states = new Map(this.#status.pipelines.map((pipeline) => [pipeline.id, pipeline.state]));
    const said = [first, ...changes].filter((text) => text !== "").join(" ");
    if (said !== "") setText(byId("announcement"), said);
  }

  #showSilence() {
    const { problem, since } = this.#silence;
    const text = `No news for ${span((performance.now() - since) / 1000)}: ${problem}. Asking again.`;
    document.body.classList.toggle("stale", this.#status !== null);
    byId("silence").hidden = false;
    setText(byId("silence"), text);
    setText(byId("connection"), "no answer");
    setClass(byId("connection"), "bad");
    if (this.#status === null) setText(byId("nothing"), "Nothing to show yet.");
  }

  #endSilence() {
    if (this.#silence === null) return;
    clearInterval(this.#silence.timer);
    this.#silence = null;
    document.body.classList.remove("stale");
    byId("silence").hidden = true;
  }

  #show() {
    if (this.#status === null) return;
    if (this.#silence === null) {
      setText(byId("connection"), `${timeOfDay(this.#status.time)} UTC`);
      setClass(byId("connection"), "good");
    }
    setText(byId("uptime"), `up ${span(this.#status.uptime)}`);
    this.#tabs.show(this.#status.pipelines);
    const pipeline = this.#tabs.of(this.#status.pipelines);
    byId("pipeline").hidden = pipeline === null;
    byId("nothing").hidden = pipeline !== null;
    if (pipeline === null) setText(byId("nothing"), "This engine has no pipelines.");
    else this.#showPipeline(pipeline);
  }

  #showPipeline(pipeline) {
    const title = `${pipeline.id} ${words(pipeline.state)} – sluice`;
    if (document.title !== title) document.title = title;
    setText(byId("name"), pipeline.id);
    setText(byId("state"), words(pipeline.state));
    setClass(byId("state"), `state ${tone(pipeline)}`);
    showFigures(pipeline);
    showTrouble(pipeline);
    showStages(pipeline);
    this.#lists.show(pipeline);
    const history = this.#histories.get(pipeline.id);
    for (const chart of this.#charts) chart.show(history, spanFor(history, Number(byId("window").value)));
  }
}

// Of a history that has just begun, no more than it fills; in steps, so that curves do not crawl.
function spanFor(history, minutes) {
  const steps = [1, 2, 5, 15, 30, 60].filter((step) => step <= minutes);
  return 60_000 * (steps.find((step) => 60_000 * step >= history.span) ?? minutes);
}

// "20 ms", "2 s": a scale's values are round.
const axisDuration = (ms) => (ms >= 1000 ? `${+(ms / 1000).toPrecision(3)} s` : `${+ms.toPrecision(3)} ms`);

function showFigures(pipeline) {
  const { latency, unfinished } = pipeline;
  const skipped = pipeline.ignored + pipeline.passedOver + pipeline.repeated;
  const figures = {
    total: count(pipeline.total),
    applied: `${count(pipeline.applied)} applied\n${count(skipped)} ignored or passed over`,
    rate: rate(pipeline.rate.now),
    rates: `average ${rate(pipeline.rate.average)}\npeak ${rate(pipeline.rate.peak)}`,
    p50: duration(latency?.p50 ?? null),
    percentiles: `p95 ${duration(latency?.p95 ?? null)}\np99 ${duration(latency?.p99 ?? null)}`,
    lag: count(pipeline.lag),
    unfinished: `${count(unfinished.events)} unfinished\n${bytes(unfinished.bytes)}`,
    waiting: count(pipeline.waiting),
    retries: `for a document to exist\n${count(pipeline.retries.reduce((sum, one) => sum + one.count, 0))} tried again`,
    dead: count(pipeline.deadLetters),
    errors: `${percent(pipeline.deadLetters, pipeline.total)}\nof all events`,
  };
  for (const [name, text] of Object.entries(figures)) setText(byId(`figure-${name}`), text);
  setClass(byId("figure-dead"), pipeline.deadLetters > 0 ? "bad" : "");
  setClass(byId("figure-waiting"), pipeline.waiting > 0 ? "warning" : "");
}

new Page().start();
