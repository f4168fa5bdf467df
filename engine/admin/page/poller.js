// Asks for /status once a second while somebody looks, less often while the engine is away, and not at all while the page
// is hidden or the token is missing.
import { parseStatus } from "./status.js";

const period = 1000; // ms
const longestWait = 10_000;
const patience = 5000;
const oldAfter = 3000; // an engine renews its status four times a second

// The listener has status(status), silent(problem, since, wait) and locked(refused). Times are of performance.now().
export class Poller {
  #listener;
  #token;
  #timer = 0;
  #asking = false;
  #locked = false;
  #failures = 0;
  #silentSince = 0;
  #lastTime = "";
  #lastNews = 0;

  constructor(listener, token) {
    this.#listener = listener;
    this.#token = token;
    document.addEventListener("visibilitychange", () => this.#ask());
  }

  start() {
    this.#ask();
  }

  unlock(token) {
    this.#token = token;
    this.#locked = false;
    this.#ask();
  }

  async #ask() {
    clearTimeout(this.#timer);
    if (document.hidden || this.#asking || this.#locked) return;
    this.#asking = true;
    const answer = await this.#answer();
    this.#asking = false;
    if (answer.locked) {
      this.#locked = true;
      this.#listener.locked(this.#token !== "");
      return;
    }
    const wait = this.#take(answer);
    this.#timer = setTimeout(() => this.#ask(), wait);
  }

  async #answer() {
    try {
      const headers = this.#token === "" ? {} : { Authorization: `Bearer ${this.#token}` };
      const response = await fetch("status", { headers, cache: "no-store", signal: AbortSignal.timeout(patience) });
      if (response.status === 401) return { locked: true };
      return parseStatus(await response.json().catch(() => null));
    } catch (error) {
      return {
        problem: error.name === "TimeoutError" ? `it did not answer within ${patience / 1000} s` : "it cannot be reached",
      };
    }
  }

  // How long to wait until the next question.
  #take({ status, problem }) {
    const now = performance.now();
    const ended = status?.pipelines.every((pipeline) => pipeline.ended);
    const news = status && (status.time !== this.#lastTime || status.time === "");
    if (news) {
      this.#lastTime = status.time;
      this.#lastNews = now;
    } else if (status && !ended && now - this.#lastNews > oldAfter) {
      problem = "its status does not change any more";
    }
    if (problem === undefined) {
      this.#failures = 0;
      this.#listener.status(status);
      return period;
    }
    if (this.#failures === 0) this.#silentSince = status ? this.#lastNews : now;
    const wait = Math.min(period * 2 ** this.#failures, longestWait);
    ++this.#failures;
    this.#listener.silent(problem, this.#silentSince, wait);
    return wait;
  }
}
