// Numbers, times and texts as people read them: the same forms as `sluice top`.

const grouping = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export const none = "–";

// "12,345"; what is not known is a dash.
export const count = (value) => (value === null ? none : grouping.format(value));

// "1 dead letter", "2 dead letters".
export const counted = (value, one, many) => `${count(value)} ${value === 1 ? one : many}`;

// "11,873", below ten "1.5".
export function rate(value) {
  if (!(value > 0)) return "0";
  return value < 9.95 ? value.toFixed(1) : count(Math.round(value));
}

// "12.3 k", for where a figure must be short.
export function short(value) {
  const units = ["", " k", " M", " G", " T"];
  let unit = 0;
  for (; value >= 999.5 && unit + 1 < units.length; ++unit) value /= 1000;
  const digits = unit === 0 && (Number.isInteger(value) || value >= 99.5) ? 0 : value < 9.95 ? 1 : 0;
  return value.toFixed(digits).replace(/\.0$/, "") + units[unit];
}

// Milliseconds: "0.42 ms", "24.2 ms", "1.50 s", "2:05 min".
export function duration(ms) {
  if (ms === null) return none;
  if (ms >= 60_000) return span(ms / 1000);
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms.toFixed(ms >= 10 ? 1 : 2)} ms`;
}

// Seconds: "0:59", "1:02:03", "3d 04:05:06".
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days > 0) return `${days}d ${two(hours)}:${two(minutes)}:${two(whole % 60)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  return `${minutes}:${two(whole % 60)}`;
}

// "1.7 %". A few are not none, and all but a few are not all.
export function percent(part, whole) {
  if (!(part > 0 && whole > 0)) return "0 %";
  const share = (100 * part) / whole;
  if (share < 0.1) return "<0.1 %";
  if (part < whole && share > 99.9) return ">99.9 %";
  return `${share.toFixed(1)} %`;
}

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; value >= 1024 && unit + 1 < units.length; ++unit) value /= 1024;
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

// "08:00:01" of an ISO 8601 time, which is in UTC; the text itself if it is none.
export const timeOfDay = (time) => /T(\d\d:\d\d:\d\d)/.exec(time)?.[1] ?? time;
export const timeOfMilliseconds = (ms) => timeOfDay(new Date(ms).toISOString());

// "breaker open" of "breaker_open".
export const words = (name) => name.replaceAll("_", " ");

// Text of records: without characters that steer terminals or turn the direction of what follows, and bounded.
export function printable(text, longest = 400) {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu, "·");
}
