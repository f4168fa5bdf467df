// One tab for each pipeline, with what matters at a glance; the chosen one is named in the address.
import { byId, fill, make, setClass, setText } from "./elements.js";
import { rate, short, words } from "./figures.js";

export function tone(pipeline) {
  if (pipeline.endedBadly) return "bad";
  if (pipeline.state === "running") return pressed(pipeline) ? "warning" : "good";
  return pipeline.state === "drained" ? "done" : "warning";
}

const pressed = (pipeline) =>
  pipeline.stalled.length > 0 ||
  pipeline.retrying.length > 0 ||
  pipeline.targets.some((target) => target.retryingSince !== "");

function inAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

export class Tabs {
  #list = byId("tabs");
  #chosen = inAddress();
  #pipelines = [];
  #changed;

  // changed() is called when somebody chooses another one.
  constructor(changed) {
    this.#changed = changed;
    this.#list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) this.#choose([...this.#list.children].indexOf(tab));
    });
    this.#list.addEventListener("keydown", (event) => this.#press(event));
    window.addEventListener("hashchange", () => {
      this.#chosen = inAddress();
      this.#changed();
    });
  }

  // The chosen one, or the first; null when there are none.
  of(pipelines) {
    return pipelines.find((pipeline) => pipeline.id === this.#chosen) ?? pipelines[0] ?? null;
  }

  show(pipelines) {
    this.#pipelines = pipelines;
    const chosen = this.of(pipelines);
    this.#list.hidden = pipelines.length < 2;
    if (this.#list.hidden) byId("pipeline").removeAttribute("role");
    else byId("pipeline").setAttribute("role", "tabpanel");
    fill(this.#list, pipelines, makeTab, (tab, pipeline) => updateTab(tab, pipeline, pipeline === chosen));
  }

  #choose(index) {
    this.#chosen = this.#pipelines[index].id;
    history.replaceState(null, "", `#${encodeURIComponent(this.#chosen)}`);
    this.#changed();
  }

  #press(event) {
    const here = this.#pipelines.indexOf(this.of(this.#pipelines));
    const last = this.#pipelines.length - 1;
    const to = {
      ArrowRight: here === last ? 0 : here + 1,
      ArrowDown: here === last ? 0 : here + 1,
      ArrowLeft: here === 0 ? last : here - 1,
      ArrowUp: here === 0 ? last : here - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#choose(to);
    this.#list.children[to].focus();
  }
}

function makeTab(index) {
  const tab = make(
    "button",
    "",
    make("span", "dot"),
    make("strong"),
    make("span", "tab-state"),
    make("span", "tab-figures"),
  );
  tab.type = "button";
  tab.id = `tab-${index}`;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", "pipeline");
  return tab;
}

function updateTab(tab, pipeline, chosen) {
  const [dot, name, state, figures] = tab.children;
  setClass(dot, `dot ${tone(pipeline)}`);
  setText(name, pipeline.id);
  setText(state, words(pipeline.state));
  const lag = pipeline.lag === null ? "" : ` · lag ${short(pipeline.lag)}`;
  const dead = pipeline.deadLetters === 0 ? "" : ` · ${short(pipeline.deadLetters)} dead`;
  setText(figures, `${rate(pipeline.rate.now)}/s${lag}${dead}`);
  tab.setAttribute("aria-selected", String(chosen));
  tab.tabIndex = chosen ? 0 : -1;
  if (chosen) byId("pipeline").setAttribute("aria-labelledby", tab.id);
}
