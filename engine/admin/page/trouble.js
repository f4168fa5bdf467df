// What keeps a pipeline from getting on, the most pressing first.
import { byId, fill, make, setClass, setText } from "./elements.js";
import { bytes, count, counted, timeOfDay, words } from "./figures.js";

const mostDocuments = 20;

const retryText = ({ what, since, reason }) => `${words(what)} is tried again since ${timeOfDay(since)}: ${reason}`;

// The source and dead letters, then stores and sinks.
const retried = (pipeline) => [
  ...pipeline.retrying,
  ...pipeline.targets
    .filter((target) => target.retryingSince !== "")
    .map((target) => ({ what: target.name, since: target.retryingSince, reason: target.retryReason })),
];

// What the notice above the figures says.
export function pressing(pipeline) {
  const found = [];
  if (pipeline.reason !== "")
    found.push({
      tone: pipeline.endedBadly ? "bad" : "warning",
      text: (pipeline.endedBadly && pipeline.code ? `${pipeline.code}: ` : "") + pipeline.reason,
    });
  for (const one of retried(pipeline))
    if (one.reason === "" || !pipeline.reason.includes(one.reason)) found.push({ tone: "warning", text: retryText(one) });
  for (const stall of pipeline.stalled) found.push({ tone: "bad", text: `Stalled: ${stall}` });
  return found;
}

function breakerText({ letters, window, ratio }) {
  const share = `${counted(letters, "dead letter", "dead letters")} among the last ${counted(window, "event", "events")}`;
  return `Breaker: ${share}; it opens at ${+(100 * ratio).toPrecision(3)} %`;
}

function lines(pipeline) {
  const found = pressing(pipeline);
  const { letters, window, ratio } = pipeline.breaker;
  if (letters > 0)
    found.push({ tone: letters > (window * ratio) / 2 ? "warning" : "", text: breakerText(pipeline.breaker) });
  if (pipeline.readingPaused)
    found.push({
      tone: "warning",
      text: `Full: reading pauses at ${count(pipeline.unfinished.events)} unfinished events, ${bytes(pipeline.unfinished.bytes)}`,
    });
  for (const { code, count: times } of pipeline.retries)
    found.push({ tone: "", text: `${code}: ${counted(times, "change", "changes")} tried again` });
  if (pipeline.waiting > 0)
    found.push({
      tone: "warning",
      text: `${counted(pipeline.waiting, "change waits", "changes wait")} for a document to exist`,
    });
  for (const one of pipeline.waitingFor.slice(0, mostDocuments))
    found.push({ tone: "quiet", text: `${one.document} is waited for since ${timeOfDay(one.since)}` });
  return found;
}

const makeLine = () => make("li");
function updateLine(line, { tone, text }) {
  setClass(line, tone);
  setText(line, text);
}

export function showTrouble(pipeline) {
  const found = lines(pipeline);
  fill(byId("notices"), pressing(pipeline).slice(0, 3), makeLine, updateLine);
  fill(byId("trouble-lines"), found, makeLine, updateLine);
  byId("trouble-none").hidden = found.length > 0;
}
