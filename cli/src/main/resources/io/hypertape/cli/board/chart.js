// One chart: a column of all shown runs, on a canvas, with what it says in words beside.

import { brief, count, logTicks, nearest, short, smoothed, tickLabels, ticks } from "./numbers.js";

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 24;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
const MOST_TOLD = 14;
const DOTS = 60;

/** How a run's line looks: six colours that differ for all eyes, then the same dashed. */
export function lineOf(slot) {
  return { color: `var(--run-${slot % 6})`, dash: DASHES[Math.floor(slot / 6) % DASHES.length] };
}

/** A short line as a picture, for lists. */
export function swatch(slot) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 22 10");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  if (slot >= 0) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const { color, dash } = lineOf(slot);
    for (const [name, value] of Object.entries({ x1: 0, x2: 22, y1: 5, y2: 5, "stroke-dasharray": dash.join(" ") })) {
      line.setAttribute(name, value);
    }
    line.style.stroke = color;
    svg.append(line);
  }
  return svg;
}

export class Chart {
  element = document.createElement("figure");
  #canvas = document.createElement("canvas");
  #title = document.createElement("span");
  #note = document.createElement("span");
  #log = document.createElement("button");
  #tip = document.createElement("div");
  #column;
  #told = "";
  #curves = [];
  #how = {};
  #frame = 0;
  #pointer = null;
  #seen = true;

  /** `title` names the column; `toggled(title, isLog)` is told of the user's choice of scale. */
  constructor(title, toggled) {
    this.#column = title;
    this.#title.className = "title";
    this.#title.textContent = title;
    this.#note.className = "note";
    this.#log.type = "button";
    this.#log.textContent = "log";
    this.#log.setAttribute("aria-label", `${title}: logarithmic`);
    this.#log.addEventListener("click", () => toggled(title, this.#log.getAttribute("aria-pressed") !== "true"));
    const caption = document.createElement("figcaption");
    caption.append(this.#title, this.#note, this.#log);
    this.#canvas.setAttribute("role", "img");
    this.#canvas.tabIndex = 0;
    this.#tip.className = "tip";
    this.#tip.setAttribute("role", "status");
    this.#tip.hidden = true;
    this.element.dataset.column = title;
    this.element.append(caption, this.#canvas, this.#tip);
    this.#listen();
  }

  #listen() {
    this.#canvas.addEventListener("pointermove", (e) => this.#point(e.offsetX, e.offsetY));
    this.#canvas.addEventListener("pointerleave", () => this.#point(null));
    this.#canvas.addEventListener("blur", () => this.#point(null));
    this.#canvas.addEventListener("keydown", (e) => {
      const width = this.#canvas.clientWidth - LEFT - RIGHT;
      const now = this.#pointer?.x ?? LEFT + width;
      const step = width / (e.shiftKey ? 20 : 100);
      const to = { ArrowLeft: now - step, ArrowRight: now + step, Home: LEFT, End: LEFT + width, Escape: null }[e.key];
      if (to !== undefined) {
        e.preventDefault();
        this.#point(to === null ? null : Math.min(LEFT + width, Math.max(LEFT, to)), TOP + 40);
      }
    });
    new ResizeObserver(() => this.redraw()).observe(this.#canvas);
    // Of hundreds of charts those are drawn that can be seen.
    new IntersectionObserver((entries) => {
      this.#seen = entries.at(-1).isIntersecting;
      if (this.#seen) {
        this.redraw();
      }
    }, { rootMargin: "200px" }).observe(this.element);
  }

  #point(x, y) {
    this.#pointer = x === null ? null : { x, y };
    this.redraw();
  }

  /**
   * Shows curves: each of a run's `name`, `slot`, `end` (the x that counts as all of it) and
   * `curve`; `how` has `log`, `smooth` (a share of the axis), `progress`, `dots`.
   */
  show(curves, how) {
    this.#curves = curves;
    this.#how = how;
    this.#log.setAttribute("aria-pressed", how.log);
    const odd = curves.reduce((sum, one) => sum + one.odd, 0);
    const lost = how.log ? curves.filter((one) => one.curve.y.some((v) => v <= 0)).length : 0;
    this.#told = [
      odd > 0 ? `${count(odd)} ${odd === 1 ? "value is" : "values are"} no finite number` : "",
      lost > 0 ? "values ≤ 0 are not shown" : "",
    ].filter(Boolean).join("; ");
    const told = curves.map((one) => `${one.name}: ${count(one.rows)} points, last ${short(one.last)}`);
    this.#canvas.setAttribute(
      "aria-label",
      `${this.#column}, ${how.log ? "logarithmic" : "linear"}. ${told.join("; ") || "no points"}. Arrow keys read values.`,
    );
    this.redraw();
  }

  redraw() {
    if (this.#frame === 0 && this.#seen) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#draw();
      });
    }
  }

  #draw() {
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    if (width < LEFT + RIGHT + 10 || height < 60) {
      return;
    }
    const scale = window.devicePixelRatio || 1;
    if (this.#canvas.width !== Math.round(width * scale) || this.#canvas.height !== Math.round(height * scale)) {
      this.#canvas.width = Math.round(width * scale);
      this.#canvas.height = Math.round(height * scale);
    }
    const g = this.#canvas.getContext("2d");
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, width, height);
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const lines = this.#lines();
    const axes = this.#axes(lines, width, height);
    this.#grid(g, axes, width, height, color);
    g.save();
    g.beginPath();
    g.rect(LEFT - 1, TOP - 1, width - LEFT - RIGHT + 2, height - TOP - BOTTOM + 2);
    g.clip();
    for (const line of lines) {
      this.#line(g, line, axes, color);
    }
    g.restore();
    this.element.dataset.drawn = lines.map((line) => line.drawn).join(" ");
    this.#tell(g, lines, axes, width, height, color);
  }

  /** What is drawn of each run: its points, and if wanted a smooth line through them. */
  #lines() {
    const { progress, smooth, log } = this.#how;
    const farthest = Math.max(...this.#curves.map((one) => (progress ? 1 : one.curve.x.at(-1) ?? 0)), 0);
    return this.#curves.map((one) => {
      const { color, dash } = lineOf(one.slot);
      const place = progress ? (x) => x / one.end : (x) => x;
      const x = progress ? one.curve.x.map(place) : one.curve.x;
      const meanX = progress ? one.curve.meanX.map(place) : one.curve.meanX;
      const mean = smooth > 0 ? smoothed(meanX, one.curve.mean, smooth * farthest) : null;
      return { ...one, x, y: one.curve.y, meanX, mean, color, dash, ok: log ? (v) => v > 0 && v < Infinity : Number.isFinite };
    });
  }

  #axes(lines, width, height) {
    let low = Infinity;
    let high = -Infinity;
    let left = Infinity;
    let right = -Infinity;
    for (const line of lines) {
      for (let i = 0; i < line.y.length; i++) {
        if (line.ok(line.y[i])) {
          low = Math.min(low, line.y[i]);
          high = Math.max(high, line.y[i]);
        }
      }
      if (line.x.length > 0) {
        left = Math.min(left, line.x[0]);
        right = Math.max(right, line.x.at(-1));
      }
    }
    const { log, progress } = this.#how;
    const empty = !(low <= high);
    if (empty) {
      [low, high] = log ? [0.1, 1] : [0, 1];
    }
    const change = log ? Math.log(high / low) : (high - low) / (Math.abs(high) + Math.abs(low) || 1);
    if (change < 1e-9) {
      // Of a constant the line lies in the middle.
      [low, high] = log ? [low / 2, high * 2] : low === 0 ? [-1, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
    }
    if (!(left < right)) {
      [left, right] = Number.isFinite(left) && !progress ? [Math.min(0, left), left + 1] : [0, 1];
    }
    if (progress) {
      [left, right] = [0, Math.max(1, right)];
    }
    const f = log ? Math.log : (v) => v;
    const margin = (f(high) - f(low)) * 0.05;
    const bottom = f(low) - margin;
    const span = f(high) - f(low) + 2 * margin;
    const inner = height - TOP - BOTTOM;
    return {
      empty, low, high, left, right, log,
      least: log ? Math.exp(bottom) : bottom,
      most: log ? Math.exp(bottom + span) : bottom + span,
      x: (v) => LEFT + ((v - left) / (right - left)) * (width - LEFT - RIGHT),
      y: (v) => TOP + inner - ((f(v) - bottom) / span) * inner,
      back: (pixel) => left + ((pixel - LEFT) / (width - LEFT - RIGHT)) * (right - left),
    };
  }

  #grid(g, axes, width, height, color) {
    g.font = "11px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";
    g.lineWidth = 1;
    g.fillStyle = color("--quiet");
    g.strokeStyle = color("--grid");
    const wanted = Math.max(2, Math.floor((height - TOP - BOTTOM) / 42));
    const all = axes.log ? logTicks(axes.least, axes.most, wanted) : ticks(axes.least, axes.most, wanted);
    const { labels, base } = tickLabels(all);
    g.textAlign = "right";
    g.textBaseline = "middle";
    all.forEach((tick, i) => {
      const y = Math.round(axes.y(tick)) + 0.5;
      stroke(g, LEFT, y, width - RIGHT, y);
      g.fillText(labels[i], LEFT - 6, y);
    });
    g.textBaseline = "top";
    const above = base === null ? "" : `distance from ${short(base)}`;
    this.#note.textContent = [above, this.#told].filter(Boolean).join("; ");
    for (const tick of ticks(axes.left, axes.right, Math.max(2, Math.floor(width / 110)))) {
      const x = Math.round(axes.x(tick)) + 0.5;
      stroke(g, x, TOP, x, height - BOTTOM);
      g.textAlign = x > width - 30 ? "right" : "center";
      g.fillText(this.#how.progress ? `${Math.round(tick * 100)} %` : brief(tick), Math.min(x, width - 2), height - BOTTOM + 6);
    }
    g.textAlign = "right";
    g.fillText(this.#how.progress ? "done" : "step", LEFT - (this.#how.progress ? 14 : 6), height - BOTTOM + 6);
    g.strokeStyle = color("--line");
    stroke(g, LEFT, height - BOTTOM + 0.5, width - RIGHT, height - BOTTOM + 0.5);
    if (axes.empty) {
      g.textAlign = "center";
      g.fillText("no points yet", (LEFT + width - RIGHT) / 2, height / 2);
    }
  }

  #line(g, line, axes, color) {
    g.strokeStyle = color(line.color.slice(4, -1));
    g.fillStyle = g.strokeStyle;
    g.lineJoin = "round";
    g.setLineDash(line.dash);
    g.globalAlpha = line.mean ? 0.28 : 1;
    g.lineWidth = line.mean ? 1 : 1.6;
    line.drawn = path(g, line.x, line.y, line.ok, axes);
    if (line.mean) {
      g.globalAlpha = 1;
      g.lineWidth = 2;
      path(g, line.meanX, line.mean, line.ok, axes);
    }
    g.setLineDash([]);
    if (this.#how.dots && line.x.length <= DOTS || line.drawn === 1) {
      for (let i = 0; i < line.x.length; i++) {
        if (line.ok(line.y[i])) {
          g.beginPath();
          g.arc(axes.x(line.x[i]), axes.y(line.y[i]), 2.6, 0, 7);
          g.fill();
        }
      }
    }
    g.globalAlpha = 1;
  }

  /** The values of all runs at the pointer. */
  #tell(g, lines, axes, width, height, color) {
    const at = this.#pointer;
    const inside = at && at.x >= LEFT - 4 && at.x <= width - RIGHT + 4 && lines.length > 0 && !axes.empty;
    this.#tip.hidden = !inside;
    if (!inside) {
      return;
    }
    const x = Math.min(axes.right, Math.max(axes.left, axes.back(at.x)));
    const pixel = Math.round(axes.x(x)) + 0.5;
    g.strokeStyle = color("--quiet");
    stroke(g, pixel, TOP, pixel, height - BOTTOM);
    const told = [];
    for (const line of lines) {
      // A run that has not come so far has no value here.
      if (line.meanX.length === 0 || x > line.x.at(-1) + (axes.right - axes.left) * 0.01) {
        continue;
      }
      const i = nearest(line.meanX, x);
      const value = line.mean ? line.mean[i] : line.curve.mean[i];
      const range = line.curve.low && !line.mean ? `${short(line.curve.low[i], 3)} to ${short(line.curve.high[i], 3)}` : "";
      told.push({ line, value, range: line.curve.low?.[i] === line.curve.high?.[i] ? "" : range });
      if (line.ok(value)) {
        g.beginPath();
        g.fillStyle = color(line.color.slice(4, -1));
        g.arc(axes.x(line.meanX[i]), axes.y(value), 3.5, 0, 7);
        g.fill();
      }
    }
    told.sort((a, b) => (b.value > a.value ? 1 : b.value < a.value ? -1 : 0));
    this.#fill(told, x);
    const leftwards = at.x > width / 2;
    this.#tip.style.left = leftwards ? "" : `${at.x + 14}px`;
    this.#tip.style.right = leftwards ? `${width - at.x + 14}px` : "";
    this.#tip.style.top = `${Math.max(30, Math.min(at.y + 30, height - this.#tip.offsetHeight + 26))}px`;
  }

  #fill(told, x) {
    const table = document.createElement("table");
    const averaged = told.some((one) => one.line.curve.low || one.line.mean);
    const where = this.#how.progress ? `${(x * 100).toFixed(1)} % of the run` : `step ${count(x)}`;
    table.createCaption().textContent = where + (this.#how.smooth > 0 ? ", smoothed" : averaged ? ", means" : "");
    for (const { line, value, range } of told.slice(0, MOST_TOLD)) {
      const row = table.insertRow();
      row.insertCell().append(swatch(line.slot));
      for (const [kind, text] of [["value", short(value, 5)], ["range", range], ["name", line.name]]) {
        const cell = row.insertCell();
        cell.className = kind;
        cell.textContent = text;
      }
    }
    if (told.length > MOST_TOLD) {
      table.insertRow().insertCell().textContent = "…";
    }
    this.#tip.replaceChildren(table);
  }
}

function stroke(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}

/** Draws a line with gaps where there is no number; tells how many points it has. */
function path(g, xs, ys, ok, axes) {
  let drawn = 0;
  let down = false;
  g.beginPath();
  for (let i = 0; i < ys.length; i++) {
    if (!ok(ys[i])) {
      down = false;
      continue;
    }
    const x = axes.x(xs[i]);
    const y = axes.y(ys[i]);
    if (down) {
      g.lineTo(x, y);
    } else {
      g.moveTo(x, y);
    }
    down = true;
    drawn++;
  }
  g.stroke();
  return drawn;
}
