// The page: the list of runs, the legend, the controls, and the address that keeps what is chosen.

import { swatch } from "./chart.js";
import { Charts } from "./charts.js";
import { ask, Feed } from "./feed.js";
import { count, short } from "./numbers.js";

const MOST_SHOWN = 24;
const MOST_LISTED = 500;
const FIRST_SHOWN = 5;

const $ = (id) => document.getElementById(id);

/** What the address says behind its #. Without runs the newest are shown, as they come. */
const state = { runs: null, hidden: new Set(), filter: "", smooth: 0, x: "step", constant: false, differing: true, scales: new Map() };
const slots = new Map();
const items = new Map();
const configs = new Map();
let legendOf = "";
let configOf = "";

const feed = new Feed(chosen, {
  list: () => {
    show();
    feedAgain();
  },
  rows: showCharts,
  state: (lost, failure) => {
    $("state").className = lost ? "lost" : "";
    const text = lost ? "no answer from the server; trying again" : "live";
    if ($("state").textContent !== text) {
      $("state").textContent = text;
      $("state").title = failure ? String(failure) : "";
    }
  },
});
const charts = new Charts($("charts"), (column, isLog) => {
  state.scales.set(column, isLog);
  changed();
});

/** The newest run first. */
function newest() {
  return [...feed.runs.values()].sort((a, b) => (b.begun ?? b.changed) - (a.begun ?? a.changed) || (a.name < b.name ? 1 : -1));
}

function chosen() {
  return state.runs ?? newest().slice(0, FIRST_SHOWN).map((run) => run.name);
}

function label(name) {
  return name || feed.folder.split(/[\\/]/).filter(Boolean).pop() || "run";
}

/** A run keeps its line as long as it is shown. */
function assignSlots() {
  const names = chosen();
  for (const name of slots.keys()) {
    if (!names.includes(name)) {
      slots.delete(name);
    }
  }
  const used = new Set(slots.values());
  for (const name of names) {
    if (!slots.has(name)) {
      let slot = 0;
      while (used.has(slot)) {
        slot++;
      }
      used.add(slot);
      slots.set(name, slot);
    }
  }
}

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  state.runs = said.has("run") ? said.getAll("run") : said.has("none") ? [] : null;
  state.hidden = new Set(said.getAll("hide"));
  state.filter = said.get("filter") ?? "";
  state.smooth = Math.min(20, Math.max(0, Number(said.get("smooth")) || 0));
  state.x = said.get("x") === "progress" ? "progress" : "step";
  state.constant = said.has("constant");
  state.differing = said.get("configs") !== "all";
  state.scales = new Map([...said.getAll("log").map((c) => [c, true]), ...said.getAll("linear").map((c) => [c, false])]);
  $("filter").value = state.filter;
  $("smooth").value = state.smooth;
  document.querySelector(`input[name=x][value=${state.x}]`).checked = true;
  $("constant").checked = state.constant;
  $("differing").checked = state.differing;
}

function writeAddress() {
  const said = new URLSearchParams();
  if (state.runs?.length === 0) {
    said.set("none", "");
  }
  state.runs?.forEach((name) => said.append("run", name));
  state.hidden.forEach((name) => said.append("hide", name));
  if (state.filter) said.set("filter", state.filter);
  if (state.smooth) said.set("smooth", state.smooth);
  if (state.x !== "step") said.set("x", state.x);
  if (state.constant) said.set("constant", "");
  if (!state.differing) said.set("configs", "all");
  state.scales.forEach((isLog, column) => said.append(isLog ? "log" : "linear", column));
  history.replaceState(null, "", "#" + said);
}

function changed() {
  writeAddress();
  show();
  feedAgain();
}

/** Shown runs whose rows are not there yet are asked for at once. */
function feedAgain() {
  if (chosen().some((name) => feed.runs.has(name) && !feed.tables(name))) {
    feed.poll();
  }
}

function show() {
  assignSlots();
  $("folder").textContent = feed.folder;
  $("smooth-value").textContent = state.smooth > 0 ? `${state.smooth} % of axis` : "none";
  showList();
  showLegend();
  showCharts();
  showConfigs();
}

function matching() {
  const words = state.filter.toLowerCase().split(/\s+/).filter(Boolean);
  return newest().filter((run) => {
    const text = [label(run.name), run.model, run.data, run.optimizer, run.command].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function showList() {
  const found = matching();
  const listed = found.slice(0, MOST_LISTED);
  const wanted = new Set(listed.map((run) => run.name));
  for (const [name, item] of items) {
    if (!wanted.has(name)) {
      item.element.remove();
      items.delete(name);
    }
  }
  listed.forEach((run, i) => {
    const item = itemOf(run.name);
    fill(item, run);
    if ($("runs").children[i] !== item.element) {
      $("runs").insertBefore(item.element, $("runs").children[i] ?? null);
    }
  });
  const all = feed.runs.size;
  const more = found.length - listed.length;
  $("count").textContent = feed.problem
    || (found.length === all ? `${count(all)} ${all === 1 ? "run" : "runs"}` : `${count(found.length)} of ${count(all)} runs`)
      + (more > 0 ? `; the newest ${count(listed.length)} are listed` : "");
  $("count").className = feed.problem ? "problem" : "";
}

function itemOf(name) {
  let item = items.get(name);
  if (!item) {
    const element = document.createElement("li");
    const line = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => choose(name, box.checked));
    line.append(box);
    element.append(line);
    item = { element, line, box, revision: -1, slot: -2 };
    items.set(name, item);
  }
  return item;
}

function fill(item, run) {
  const slot = slots.get(run.name) ?? -1;
  const problems = problemsOf(run);
  const at = run.revision + " " + problems.join();
  item.box.checked = slot >= 0;
  if (item.at === at && item.slot === slot) {
    return;
  }
  item.at = at;
  item.slot = slot;
  const parts = [text("span", "name", label(run.name))];
  parts.push(text("span", "what", [run.optimizer ?? run.command, run.model, run.data].filter(Boolean).join(" · ")));
  const steps = run.steps === undefined ? "no rows yet" : `${count(run.steps)}${run.planned ? " of " + count(run.planned) : ""} steps`;
  const where = text("span", "at", steps + (run.loss === undefined ? "" : `, loss ${short(Number(run.loss))}`));
  if (run.running) {
    where.prepend(text("span", "live", "running"), " ");
  }
  parts.push(where, ...problems.map((problem) => text("span", "problem", "⚠ " + problem)));
  item.line.replaceChildren(item.box, swatch(slot), ...parts);
}

function problemsOf(run) {
  const tables = feed.tables(run.name);
  const inside = tables ? [tables.metrics.problem, tables.epochs.problem].filter(Boolean) : [];
  // Of a table that is read whole, more is known than of its end.
  const ends = run.problems.filter((problem) => !inside.some((one) => one.split(" ")[0] === problem.split(" ")[0]));
  return [...ends, ...inside];
}

function text(tag, kind, content) {
  const element = document.createElement(tag);
  element.className = kind;
  element.textContent = content;
  return element;
}

function choose(name, on) {
  const names = chosen().filter((one) => one !== name);
  state.runs = on ? [...names, name] : names;
  state.hidden.delete(name);
  changed();
}

function showLegend() {
  const now = JSON.stringify([...slots].map(([name, slot]) => [name, slot, state.hidden.has(name)]));
  if (now === legendOf) {
    return;
  }
  legendOf = now;
  const focused = document.activeElement?.dataset?.run;
  $("legend").replaceChildren(
    ...[...slots].map(([name, slot]) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.run = name;
      button.setAttribute("aria-pressed", !state.hidden.has(name));
      button.title = label(name);
      button.append(swatch(slot), text("span", "name", label(name)));
      button.addEventListener("click", () => {
        if (!state.hidden.delete(name)) {
          state.hidden.add(name);
        }
        changed();
      });
      item.append(button);
      return item;
    }),
  );
  if (focused !== undefined) {
    [...$("legend").querySelectorAll("button")].find((button) => button.dataset.run === focused)?.focus();
  }
}

function showCharts() {
  const shown = [];
  for (const [name, slot] of slots) {
    const tables = feed.tables(name);
    const run = feed.runs.get(name);
    if (tables && run && !state.hidden.has(name)) {
      shown.push({ label: label(name), slot, tables, planned: run.planned });
    }
  }
  charts.show(shown, { smooth: state.smooth / 100, progress: state.x === "progress", constant: state.constant, scales: state.scales });
  $("empty").textContent = emptiness(shown);
  // What is wrong inside a table is known once it was read.
  showList();
}

function emptiness(shown) {
  if (feed.folder === "") {
    return "Asking for runs…";
  }
  if (feed.runs.size === 0) {
    return feed.problem || `No runs in ${feed.folder} yet. What hypertape train begins there appears here by itself.`;
  }
  if (slots.size === 0) {
    return "No run is chosen: tick some in the list.";
  }
  const rows = shown.some((run) => run.tables.metrics.rows + run.tables.epochs.rows > 0);
  return rows || shown.length < slots.size ? "" : "The chosen runs have no rows yet.";
}

async function showConfigs() {
  const names = [...slots.keys()].filter((name) => feed.runs.has(name));
  const now = JSON.stringify([names, state.differing, names.map((name) => feed.runs.get(name).begun)]);
  $("configs").hidden = names.length === 0;
  if (now === configOf) {
    return;
  }
  configOf = now;
  for (const name of names) {
    const begun = feed.runs.get(name)?.begun;
    if (configs.get(name)?.begun !== begun || !configs.has(name)) {
      try {
        const answer = await ask("api/config?" + new URLSearchParams({ run: name }));
        configs.set(name, { begun, values: flattened(answer?.config ?? {}) });
      } catch {
        // The next change of the list asks again.
        configOf = "";
        return;
      }
    }
    if (now !== configOf) {
      return;
    }
  }
  fillConfigs(names);
}

/** An entry a line: what is inside an object by its path, a list as its text. */
function flattened(config, before = "", into = new Map()) {
  for (const [key, value] of Object.entries(config)) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      flattened(value, `${before}${key} `, into);
    } else {
      into.set(before + key, Array.isArray(value) ? value.join(", ") : String(value));
    }
  }
  return into;
}

function fillConfigs(names) {
  const keys = new Set();
  names.forEach((name) => configs.get(name).values.forEach((_, key) => keys.add(key)));
  const table = $("configs").querySelector("table");
  const head = document.createElement("thead");
  const first = head.insertRow();
  first.append(text("th", "", ""));
  for (const name of names) {
    const cell = text("th", "", " " + label(name));
    cell.scope = "col";
    cell.prepend(swatch(slots.get(name)));
    first.append(cell);
  }
  const body = document.createElement("tbody");
  for (const key of keys) {
    const values = names.map((name) => configs.get(name).values.get(key) ?? "");
    // A run whose configuration cannot be read does not differ in everything.
    const differs = new Set(values.filter((_, i) => configs.get(names[i]).values.size > 0)).size > 1;
    if (state.differing && names.length > 1 && !differs) {
      continue;
    }
    const row = body.insertRow();
    row.className = differs ? "differs" : "";
    const cell = text("th", "", key);
    cell.scope = "row";
    row.append(cell);
    values.forEach((value) => row.append(text("td", "", value)));
  }
  table.replaceChildren(head, body);
}

function listen() {
  $("filter").addEventListener("input", () => {
    state.filter = $("filter").value;
    changed();
  });
  $("all").addEventListener("click", () => {
    state.runs = matching().slice(0, MOST_SHOWN).map((run) => run.name);
    changed();
  });
  $("none").addEventListener("click", () => {
    state.runs = [];
    changed();
  });
  $("smooth").addEventListener("input", () => {
    state.smooth = Number($("smooth").value);
    changed();
  });
  document.querySelectorAll("input[name=x]").forEach((radio) =>
    radio.addEventListener("change", () => {
      state.x = radio.value;
      changed();
    }),
  );
  $("constant").addEventListener("change", () => {
    state.constant = $("constant").checked;
    changed();
  });
  $("differing").addEventListener("change", () => {
    state.differing = $("differing").checked;
    changed();
  });
  window.addEventListener("hashchange", () => {
    readAddress();
    show();
    feedAgain();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.redraw());
}

readAddress();
listen();
show();
feed.poll();
