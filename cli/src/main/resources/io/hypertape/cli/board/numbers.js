// Numbers as people read them, and the places of an axis' ticks.

/** A value in at most `digits` digits. */
export function short(value, digits = 4) {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  }
  const size = Math.abs(value);
  if (value === 0) {
    return "0";
  }
  if (size < 1e-3 || size >= 1e6) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e").replace("-", "−").replace("e-", "e−");
  }
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/** A number of steps, with its thousands apart. */
export function count(value) {
  return Math.round(value).toLocaleString("en");
}

/** A step on an axis: 20k, 1.5M. */
export function brief(value) {
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (Math.abs(value) >= size) {
      return Number((value / size).toPrecision(4)) + unit;
    }
  }
  return String(Number(value.toPrecision(4)));
}

/** Round numbers between two, about as many as asked for. */
export function ticks(low, high, wanted) {
  const rough = (high - low) / Math.max(1, wanted);
  if (!(rough > 0)) {
    return [low];
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    found.push(i * step);
  }
  return found;
}

/** The same on a logarithmic axis: powers of ten, or 1, 2, 5, or round numbers where it is short. */
export function logTicks(low, high, wanted) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) {
    return ticks(low, high, wanted).filter((tick) => tick > 0);
  }
  const leading = decades > 2.2 ? [1] : decades > 1.3 ? [1, 3] : [1, 2, 3, 5];
  const every = Math.max(1, Math.ceil(decades / wanted));
  const found = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const f of leading) {
      const tick = f * 10 ** e;
      if (tick >= low * 0.9999 && tick <= high * 1.0001 && e % every === 0) {
        found.push(tick);
      }
    }
  }
  return found;
}

/**
 * Ticks' texts, with as many digits as tell them apart; where those were many, how far the ticks
 * are from a round `base`.
 */
export function tickLabels(all) {
  const distinct = (values) => {
    for (let digits = 2; digits <= 5; digits++) {
      const labels = values.map((value) => short(value, digits));
      if (new Set(labels).size === values.length) {
        return labels;
      }
    }
    return null;
  };
  const plain = distinct(all);
  if (plain) {
    return { labels: plain, base: null };
  }
  const base = Number(all[0].toPrecision(3));
  const least = Math.abs(all.at(-1) - all[0]) * 1e-6;
  const apart = all.map((tick) => (Math.abs(tick - base) < least ? 0 : Number((tick - base).toPrecision(6))));
  const labels = distinct(apart) ?? apart.map((value) => short(value, 6));
  return { labels: labels.map((label, i) => (apart[i] > 0 ? "+" + label : label)), base };
}

/**
 * An exponential moving average over points that are unevenly apart, without the pull of its first
 * value; `reach` is the distance along x at which a value's weight has fallen to 1/e.
 */
export function smoothed(x, y, reach) {
  const out = new Float64Array(y.length);
  const usual = (x[y.length - 1] - x[0]) / Math.max(1, y.length - 1);
  let sum = 0;
  let weight = 0;
  let before = x[0] - usual;
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) {
      out[i] = NaN;
      continue;
    }
    const kept = Math.exp(-(x[i] - before) / reach);
    sum = sum * kept + y[i] * (1 - kept);
    weight = weight * kept + (1 - kept);
    before = x[i];
    out[i] = weight > 0 ? sum / weight : y[i];
  }
  return out;
}

/** The index of the number in an ascending list that is nearest. */
export function nearest(list, value) {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && value - list[low - 1] < list[low] - value ? low - 1 : low;
}
