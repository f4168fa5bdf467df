// Where the time goes between T0 and T5: a bar for each kind of figure, and the figures themselves.
import { byId, fill, make, setText, setWidth } from "./elements.js";
import { duration } from "./figures.js";
import { stageNames } from "./status.js";

const meanings = [
  "row written → captured (T0→T1)",
  "captured → in the log (T1→T2)",
  "in the log → taken up (T2→T3)",
  "taken up → settled (T3→T5)",
];
const kinds = ["mean", "p50", "p95", "p99"];
const columns = [...kinds, "max"];

function makeBar() {
  const segments = stageNames.map((name) => make("i", name));
  return make("div", "stage-bar", make("span", "kind"), make("div", "segments", ...segments), make("span", "sum"));
}

// Shares of the sum of the stages: a percentile of the whole is not the sum of those of its parts.
function updateBar(bar, kind, pipeline) {
  const [name, segments, sum] = bar.children;
  const times = pipeline.stages.map((stage) => stage?.[kind] ?? 0);
  const all = times.reduce((total, time) => total + time, 0);
  setText(name, kind);
  times.forEach((time, index) => setWidth(segments.children[index], all === 0 ? 0 : time / all));
  setText(sum, duration(pipeline.latency?.[kind] ?? null));
}

function makeRow(index) {
  const name = make("th", "name", make("i", `swatch ${stageNames[index] ?? ""}`), make("span"), make("small", "quiet"));
  name.scope = "row";
  return make("tr", "", name, ...columns.map((column) => make("td", column === "max" ? "number medium" : "number")));
}

function updateRow(row, { name, meaning, figures }, index) {
  row.firstElementChild.firstElementChild.className = `swatch ${name}`;
  setText(row.firstElementChild.children[1], name);
  setText(row.firstElementChild.children[2], meaning);
  columns.forEach((column, at) => setText(row.children[at + 1], duration(figures?.[column] ?? null)));
}

export function showStages(pipeline) {
  const known = stageNames
    .map((name, index) => ({ name, meaning: meanings[index], figures: pipeline.stages[index] }))
    .filter((stage) => stage.figures !== null);
  byId("stages-figures").hidden = known.length === 0;
  byId("stages-none").hidden = known.length > 0;
  const rows = pipeline.latency === null ? known : [...known, { name: "total", meaning: "", figures: pipeline.latency }];
  fill(byId("stages-bars"), known.length === 0 ? [] : kinds, makeBar, (bar, kind) => updateBar(bar, kind, pipeline));
  fill(byId("stages-rows"), rows, makeRow, updateRow);
}
