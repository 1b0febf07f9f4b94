// Which charts there are: a column each, in groups, and what is constant in a line of text.

import { Chart } from "./chart.js";
import { short } from "./numbers.js";

const LOSS = /loss|perplexity/i;
const STEP_SIZE = /(^|\.)(alpha|lr|step_size|stepsize)/i;
const LEVEL = /(?:^|\W)L(\d+)\./;

export class Charts {
  #place;
  #toggled;
  #charts = new Map();
  #groups = new Map();

  constructor(place, toggled) {
    this.#place = place;
    this.#toggled = toggled;
  }

  /** Shows the columns of runs, each with `name`, `slot`, `tables` and `planned` steps. */
  show(runs, how) {
    const columns = collect(runs);
    const wanted = new Map();
    for (const column of columns.values()) {
      const group = wanted.get(column.group) ?? { charts: [], constants: [] };
      wanted.set(column.group, group);
      if (!how.constant && column.group.startsWith("Level") && column.curves.every(isConstant)) {
        group.constants.push(column);
      } else {
        group.charts.push(column);
      }
    }
    this.#arrange(wanted);
    for (const column of columns.values()) {
      this.#charts.get(column.key)?.show(column.curves, {
        log: how.scales.get(column.key) ?? isLog(column),
        smooth: column.dots || column.group.startsWith("Level") ? 0 : how.smooth,
        progress: how.progress,
        dots: column.dots,
      });
    }
  }

  redraw() {
    this.#charts.forEach((chart) => chart.redraw());
  }

  /** Makes what is new and removes what has gone; what stays is not touched. */
  #arrange(wanted) {
    const keys = new Set();
    const names = [...wanted.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    // Losses first, whatever their group is called.
    names.sort((a, b) => Number(a.startsWith("Level")) - Number(b.startsWith("Level")));
    for (const [name, group] of this.#groups) {
      if (!wanted.has(name)) {
        group.element.remove();
        this.#groups.delete(name);
      }
    }
    names.forEach((name, i) => {
      const { charts, constants } = wanted.get(name);
      const group = this.#group(name);
      if (this.#place.children[i] !== group.element) {
        this.#place.insertBefore(group.element, this.#place.children[i] ?? null);
      }
      tellConstants(group.constants, constants);
      charts.forEach((column, k) => {
        keys.add(column.key);
        let chart = this.#charts.get(column.key);
        if (!chart) {
          chart = new Chart(column.key, this.#toggled);
          this.#charts.set(column.key, chart);
        }
        if (group.grid.children[k] !== chart.element) {
          group.grid.insertBefore(chart.element, group.grid.children[k] ?? null);
        }
      });
    });
    for (const [key, chart] of this.#charts) {
      if (!keys.has(key)) {
        chart.element.remove();
        this.#charts.delete(key);
      }
    }
  }

  #group(name) {
    let group = this.#groups.get(name);
    if (!group) {
      const element = document.createElement("section");
      element.className = "group";
      const title = document.createElement("h2");
      title.textContent = name;
      const constants = document.createElement("p");
      constants.className = "constants";
      const grid = document.createElement("div");
      grid.className = "grid";
      element.append(title, constants, grid);
      group = { element, constants, grid };
      this.#groups.set(name, group);
    }
    return group;
  }
}

function collect(runs) {
  const columns = new Map();
  const add = (run, table, name, key, dots) => {
    const column = columns.get(key) ?? { key, dots, group: groupOf(name), curves: [] };
    columns.set(key, column);
    const { odd, last } = table.columns.get(name);
    const end = Math.max(run.planned ?? 0, run.tables.metrics.x.at(-1) ?? 0, table.x.at(-1) ?? 0) || 1;
    column.curves.push({ name: run.label, slot: run.slot, end, odd, last, rows: table.rows, curve: table.curve(name) });
  };
  const parts = [
    (name) => name === "loss",
    null,
    (name) => name !== "loss",
  ];
  for (const part of parts) {
    for (const run of runs) {
      const table = part ? run.tables.metrics : run.tables.epochs;
      for (const name of table.columns.keys()) {
        if (table.rows > 0 && (!part || part(name))) {
          // Of both tables one may have the other's name.
          const twice = !part && run.tables.metrics.columns.has(name);
          add(run, table, name, twice ? `${name} (epochs)` : name, !part);
        }
      }
    }
  }
  return columns;
}

function groupOf(name) {
  const level = LEVEL.exec(name);
  return level ? `Level ${level[1]}` : "Losses and metrics";
}

function isConstant({ curve }) {
  return curve.y.every((value) => value === curve.y[0]);
}

/** Losses and step sizes are seen by their ratios, where they have some. */
function isLog(column) {
  return (
    (LOSS.test(column.key) || STEP_SIZE.test(column.key)) &&
    column.curves.every(({ curve }) => curve.y.every((value) => value > 0 || !Number.isFinite(value)))
  );
}

function tellConstants(place, constants) {
  place.hidden = constants.length === 0;
  const parts = constants.map((column) => {
    const part = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = column.key;
    const values = column.curves.map((one) => ({ name: one.name, value: short(one.curve.y[0], 6) }));
    const same = new Set(values.map((one) => one.value)).size === 1;
    part.append(name, " " + (same ? values[0].value : values.map((one) => `${one.value} (${one.name})`).join(", ")));
    return part;
  });
  place.replaceChildren("Constant: ", ...parts.flatMap((part, i) => (i === 0 ? [part] : [" · ", part])));
}
