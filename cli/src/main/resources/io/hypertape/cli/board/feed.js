// What the server knows, as it grows: the list of runs, and the tables of those that are shown.

const EVERY = 1000;
const AFTER_FAILURE = 2000;
const AT_ONCE = 4;

/** A table of a run: rows, or buckets of neighbouring rows with their extremes and their mean. */
class Table {
  state = "";
  stride = 1;
  rows = 0;
  x = [];
  begin = [];
  columns = new Map();
  problem = "";

  /** Takes what the server answered; whether anything is new. */
  take(answer) {
    if (answer.state === undefined) {
      const had = this.state !== "";
      Object.assign(this, new Table());
      return had;
    }
    const changed = answer.rows !== this.rows || answer.stride !== this.stride || answer.from === 0;
    this.stride = answer.stride;
    this.rows = answer.rows;
    this.problem = answer.problem ?? "";
    put(this.x, answer.from, answer.x);
    put(this.begin, answer.from, answer.begin);
    if (answer.from === 0) {
      this.columns.clear();
    }
    for (const sent of answer.columns) {
      let column = this.columns.get(sent.name);
      if (!column) {
        column = { y: [] };
        this.columns.set(sent.name, column);
      }
      column.odd = sent.odd;
      column.first = Number(sent.first);
      column.last = Number(sent.last);
      column.curve = null;
      // What is no finite number comes as a text.
      put(column.y, answer.from * (answer.stride === 1 ? 1 : 5), sent.y.map(Number));
    }
    this.state = answer.state;
    return changed;
  }

  /** The points of a column, and the means that stand for them where there are fewer. */
  curve(name) {
    const column = this.columns.get(name);
    if (!column) {
      return null;
    }
    column.curve ??= this.stride === 1 ? this.whole(column) : this.thinned(column);
    return column.curve;
  }

  whole(column) {
    return { x: this.x, y: column.y, meanX: this.x, mean: column.y, low: null, high: null };
  }

  thinned(column) {
    const n = this.x.length;
    const y = column.y;
    const curve = { x: [this.begin[0]], y: [column.first], meanX: [], mean: [], low: [], high: [] };
    for (let i = 0; i < n; i++) {
      curve.x.push(y[5 * i], y[5 * i + 2]);
      curve.y.push(y[5 * i + 1], y[5 * i + 3]);
      curve.meanX.push((this.begin[i] + this.x[i]) / 2);
      curve.mean.push(y[5 * i + 4]);
      curve.low.push(Math.min(y[5 * i + 1], y[5 * i + 3]));
      curve.high.push(Math.max(y[5 * i + 1], y[5 * i + 3]));
    }
    curve.x.push(this.x[n - 1]);
    curve.y.push(column.last);
    return curve;
  }
}

function put(list, from, more) {
  list.length = from;
  for (const value of more) {
    list.push(value);
  }
}

export class Feed {
  runs = new Map();
  folder = "";
  problem = "";
  #board = "";
  #revision = 0;
  #chosen = () => [];
  #told = {};
  #tables = new Map();
  #timer = 0;
  #polling = false;
  #again = false;

  /** `chosen` names the runs whose tables are wanted; `told` has list(), rows() and state(lost). */
  constructor(chosen, told) {
    this.#chosen = chosen;
    this.#told = told;
    // A page that nobody sees asks nothing, and catches up when it is looked at.
    document.addEventListener("visibilitychange", () => this.poll());
  }

  tables(name) {
    return this.#tables.get(name);
  }

  async poll() {
    clearTimeout(this.#timer);
    if (this.#polling) {
      this.#again = true;
      return;
    }
    if (document.hidden && this.#board !== "") {
      return;
    }
    this.#polling = true;
    let wait = EVERY;
    try {
      await this.#list();
      if (await this.#rows()) {
        wait = 0;
      }
      this.#told.state(false);
    } catch (failure) {
      this.#told.state(true, failure);
      wait = AFTER_FAILURE;
    }
    this.#polling = false;
    if (this.#again) {
      this.#again = false;
      wait = 0;
    }
    this.#timer = setTimeout(() => this.poll(), wait);
  }

  async #list() {
    const query = new URLSearchParams({ board: this.#board, since: this.#revision });
    const answer = await ask("api/runs?" + query);
    if (answer.whole) {
      this.runs.clear();
    }
    for (const run of answer.runs) {
      this.runs.set(run.name, run);
    }
    const changed = answer.whole || answer.runs.length > 0 || (answer.problem ?? "") !== this.problem;
    if (answer.board !== this.#board) {
      // Another server counts anew.
      this.#tables.forEach((known) => (known.at = -1));
    }
    this.#board = answer.board;
    this.#revision = answer.revision;
    this.folder = answer.folder;
    this.problem = answer.problem ?? "";
    if (changed) {
      this.#told.list();
    }
  }

  /** Brings the tables of the chosen runs up to date; whether there is more at once. */
  async #rows() {
    const chosen = this.#chosen().filter((name) => this.runs.has(name));
    for (const name of this.#tables.keys()) {
      if (!chosen.includes(name)) {
        this.#tables.delete(name);
      }
    }
    const due = chosen.filter((name) => {
      const known = this.#tables.get(name);
      return !known || known.more || known.at !== this.runs.get(name).revision;
    });
    let more = false;
    let changed = false;
    while (due.length > 0) {
      const together = due.splice(0, AT_ONCE).map((name) => this.#bring(name));
      for (const result of await Promise.all(together)) {
        more ||= result.more;
        changed ||= result.changed;
      }
    }
    if (changed) {
      this.#told.rows();
    }
    return more;
  }

  async #bring(name) {
    const at = this.runs.get(name).revision;
    const known = this.#tables.get(name) ?? { metrics: new Table(), epochs: new Table() };
    const query = new URLSearchParams({ run: name, metrics: known.metrics.state, epochs: known.epochs.state });
    const answer = await ask("api/rows?" + query);
    if (answer === null) {
      // It has gone since the list was made.
      return { more: false, changed: false };
    }
    const isNew = !this.#tables.has(name);
    const metrics = known.metrics.take(answer.metrics);
    const epochs = known.epochs.take(answer.epochs);
    known.more = Boolean(answer.metrics.more || answer.epochs.more);
    known.at = at;
    this.#tables.set(name, known);
    return { more: known.more, changed: isNew || metrics || epochs };
  }
}

/** A JSON answer; null where there is no such run. */
export async function ask(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (response.status === 404) {
    return null;
  }
  if (!response.ok) {
    throw new Error(path + ": " + response.status + " " + (await response.text()));
  }
  return response.json();
}
