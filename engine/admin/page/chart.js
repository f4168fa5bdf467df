// A curve over time on a canvas, as sharp as the screen, with a value to read under the pointer or the arrow keys.
import { setText } from "./elements.js";
import { timeOfMilliseconds } from "./figures.js";

const gap = 3500; // ms without a sample: nobody looked, so no line
const least = { row: 4, column: 2 }; // pixels

// The next of 1, 2, 5, 10, 20 …: the scale does not move with each sample.
function scaleFor(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

export class Chart {
  #canvas;
  #readout;
  #spec;
  #points = []; // {time, value} from the left; a value of NaN breaks the line
  #scale = 1;
  #span = 0;
  #end = 0;
  #marked = null; // time that is read

  // The spec has curve (the name of a ring in History), name, value(number) for people, axis(number) for the scale, and
  // join, which makes one value of those that fall on one point.
  constructor(figure, spec) {
    this.#canvas = figure.querySelector("canvas");
    this.#readout = figure.querySelector(".readout");
    this.#spec = spec;
    this.#canvas.addEventListener("pointermove", (event) => this.#mark(this.#timeAt(event.offsetX)));
    this.#canvas.addEventListener("pointerleave", () => this.#mark(null));
    this.#canvas.addEventListener("blur", () => this.#mark(null));
    this.#canvas.addEventListener("keydown", (event) => this.#step(event));
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
  }

  // span in milliseconds, up to the newest sample.
  show(history, span) {
    this.#span = span;
    this.#end = history.times.size === 0 ? 0 : history.times.at(history.times.size - 1);
    this.#points = this.#joined(history, Math.max(1000, (span / this.#canvas.clientWidth) * least.column));
    const values = this.#points.map((point) => point.value).filter((value) => !Number.isNaN(value));
    this.#scale = scaleFor(Math.max(0, ...values));
    const last = values.at(-1);
    this.#canvas.setAttribute(
      "aria-label",
      last === undefined
        ? `${this.#spec.name}: nothing yet`
        : `${this.#spec.name} over ${span / 60_000} minutes: now ${this.#spec.value(last)}, least ` +
            `${this.#spec.value(Math.min(...values))}, most ${this.#spec.value(Math.max(...values))}`,
    );
    this.draw();
  }

  #joined(history, width) {
    const ring = history[this.#spec.curve];
    const points = [];
    let values = [];
    let slot = NaN;
    const close = (time) => points.push({ time, value: values.length === 0 ? NaN : this.#spec.join(values) });
    let before = NaN;
    for (let i = 0; i < ring.size; ++i) {
      const time = history.times.at(i);
      if (!(time >= this.#end - this.#span)) continue;
      if (Math.floor(time / width) !== slot) {
        if (!Number.isNaN(slot)) close(before);
        if (time - before > Math.max(gap, 2 * width)) points.push({ time: (time + before) / 2, value: NaN });
        slot = Math.floor(time / width);
        values = [];
      }
      if (!Number.isNaN(ring.at(i))) values.push(ring.at(i));
      before = time;
    }
    if (!Number.isNaN(slot)) close(before);
    return points;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = this.#canvas.getContext("2d");
    if (width === 0 || context === null) return;
    const dense = window.devicePixelRatio;
    const [columns, rows] = [Math.round(width * dense), Math.round(height * dense)];
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== rows) this.#canvas.height = rows;
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    const style = getComputedStyle(this.#canvas);
    const text = parseFloat(style.fontSize);
    const box = { left: 4 * text, right: width, top: text + least.row, bottom: height - text - 2 * least.row };
    this.#drawGrid(context, style, box, text);
    this.#drawCurve(context, style.color, box);
    this.#drawMark(context, style, box);
  }

  #drawGrid(context, style, box, text) {
    context.font = `${text}px ${style.fontFamily}`;
    context.strokeStyle = style.borderTopColor;
    context.fillStyle = style.outlineColor;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(box.bottom - share * (box.bottom - box.top)) + 0.5;
      context.beginPath();
      context.moveTo(box.left, y);
      context.lineTo(box.right, y);
      context.stroke();
      context.fillText(share === 0 ? "0" : this.#spec.axis(share * this.#scale), 0, y);
    }
    context.textBaseline = "top";
    context.fillText(`${this.#span / 60_000} min ago`, box.left, box.bottom + least.row);
    context.textAlign = "right";
    context.fillText("now", box.right, box.bottom + least.row);
  }

  #drawCurve(context, color, box) {
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = 1.75;
    context.lineJoin = "round";
    let part = [];
    const finish = () => {
      if (part.length > 0) this.#drawPart(context, part, box);
      part = [];
    };
    for (const point of this.#points) {
      if (Number.isNaN(point.value)) finish();
      else part.push([this.#x(point.time, box), this.#y(point.value, box)]);
    }
    finish();
  }

  #drawPart(context, part, box) {
    const line = new Path2D();
    part.forEach(([x, y], index) => (index === 0 ? line.moveTo(x, y) : line.lineTo(x, y)));
    if (part.length === 1) {
      context.fillRect(part[0][0] - 1.5, part[0][1] - 1.5, 3, 3);
      return;
    }
    const area = new Path2D(line);
    area.lineTo(part.at(-1)[0], box.bottom);
    area.lineTo(part[0][0], box.bottom);
    context.globalAlpha = 0.14;
    context.fill(area);
    context.globalAlpha = 1;
    context.stroke(line);
  }

  #drawMark(context, style, box) {
    const point = this.#nearest();
    setText(this.#readout, point === null ? "" : `${this.#spec.value(point.value)} at ${timeOfMilliseconds(point.time)}`);
    if (point === null) return;
    const [x, y] = [this.#x(point.time, box), this.#y(point.value, box)];
    context.strokeStyle = style.outlineColor;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, box.top);
    context.lineTo(x, box.bottom);
    context.stroke();
    context.fillStyle = style.color;
    context.beginPath();
    context.arc(x, y, 3.5, 0, 2 * Math.PI);
    context.fill();
  }

  #x(time, box) {
    return box.right - 2 - ((this.#end - time) / this.#span) * (box.right - box.left - 4);
  }
  #y(value, box) {
    return box.bottom - (value / this.#scale) * (box.bottom - box.top);
  }
  #timeAt(x) {
    const left = 4 * parseFloat(getComputedStyle(this.#canvas).fontSize);
    return this.#end - (1 - (x - left) / (this.#canvas.clientWidth - left)) * this.#span;
  }

  #read() {
    return this.#points.filter((point) => !Number.isNaN(point.value));
  }
  #nearest() {
    if (this.#marked === null) return null;
    const away = (point) => Math.abs(point.time - this.#marked);
    return this.#read().reduce((best, point) => (best === null || away(point) < away(best) ? point : best), null);
  }
  #mark(time) {
    this.#marked = time;
    this.draw();
  }
  #step(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const points = this.#read();
    if (points.length === 0) return;
    const here = this.#marked === null ? points.length : points.indexOf(this.#nearest());
    this.#mark(points[Math.min(points.length - 1, Math.max(0, here + by))].time);
  }
}
