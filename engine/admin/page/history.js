// What a pipeline did over the last hour: one sample for each status, in rings that never grow.

const kept = 3600;

// Times and the values of one curve; the oldest give way to the newest. A value that is not known is NaN.
class Ring {
  #values = new Float64Array(kept);
  #pushed = 0;

  push(value) {
    this.#values[this.#pushed++ % kept] = value;
  }
  get size() {
    return Math.min(this.#pushed, kept);
  }
  // 0 is the oldest that is kept.
  at(index) {
    return this.#values[(this.#pushed - this.size + index) % kept];
  }
}

// The average is told to a microsecond, so the mean of a few events among very many drowns in its rounding: then the mean of
// the last events stands for it.
function meanSince(pipeline, seen) {
  const now = pipeline.latency;
  const events = now === null ? 0 : now.count - seen.count;
  if (events <= 0) return NaN;
  const mean = (now.mean * now.count - seen.mean * seen.count) / events;
  const rounding = (0.0005 * (now.count + seen.count)) / events;
  if (rounding <= mean / 10) return mean;
  const last = pipeline.lastEvents.map((event) => event.latency).filter((ms) => ms !== null);
  return last.length === 0 ? NaN : last.reduce((sum, ms) => sum + ms, 0) / last.length;
}

export class History {
  times = new Ring(); // milliseconds since 1970
  rate = new Ring(); // events per second
  latency = new Ring(); // milliseconds, the mean of the events since the sample before
  lag = new Ring(); // records
  #seen = { count: 0, mean: 0 };

  // Milliseconds from the oldest to the newest.
  get span() {
    return this.times.size === 0 ? 0 : this.times.at(this.times.size - 1) - this.times.at(0);
  }

  add(pipeline, time) {
    const latency = pipeline.latency ?? { count: 0, mean: 0 };
    if (latency.count < this.#seen.count) this.#seen = { count: 0, mean: 0 }; // it was started again
    this.times.push(time);
    this.rate.push(pipeline.rate.now);
    this.latency.push(meanSince(pipeline, this.#seen));
    this.lag.push(pipeline.lag ?? NaN);
    this.#seen = latency;
  }
}
