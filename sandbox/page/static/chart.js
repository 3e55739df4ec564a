// data_visualization blocks: bar, line, area and pie as SVG, with the figures as a table beside it.

import { h, svg } from "./dom.js";

const WIDTH = 440;
const HEIGHT = 220;
const EDGE = { left: 44, right: 8, top: 10, bottom: 44 };
const INNER = { width: WIDTH - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };

export function chart(block) {
  const { title, chart: spec } = block;
  const pie = spec.type === "pie";
  const picture = pie ? pieOf(spec.segments) : plotOf(spec);
  const names = pie ? spec.segments.map((one) => one.label) : spec.series.map((one) => one.name);
  const key = (name, index) =>
    h("li", {}, h("span", { class: `swatch tone-${index % 6}` }), name);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, title),
    svg(
      "svg",
      {
        viewBox: pie ? "0 0 220 220" : `0 0 ${WIDTH} ${HEIGHT}`,
        class: pie ? "pie" : "",
        role: "img",
        "aria-label": `${title}: a ${spec.type} chart. Its figures are in the table below.`,
      },
      picture,
    ),
    names.length > 1 && h("ul", { class: "key" }, names.map(key)),
    h("details", {}, h("summary", {}, "Show the figures"), figures(spec)),
  );
}

/** The figures as a table; a pie has one column of them. */
function figures(spec) {
  const head = (cells) => h("tr", {}, cells.map((one) => h("th", { scope: "col" }, one)));
  const row = (name, cells) =>
    h("tr", {}, h("th", { scope: "row" }, name), cells.map((one) => h("td", {}, String(one))));
  if (spec.type === "pie") {
    const rows = spec.segments.map(({ label, value }) => row(label, [value]));
    return h("table", {}, h("thead", {}, head(["What", "How much"])), h("tbody", {}, rows));
  }
  const names = spec.series.map((one) => one.name);
  const rows = categories(spec).map((category) =>
    row(category, spec.series.map((series) => valueAt(series, category) ?? "–")),
  );
  const corner = spec.axis_config?.x_label ?? "";
  return h("table", {}, h("thead", {}, head([corner, ...names])), h("tbody", {}, rows));
}

function categories(spec) {
  return spec.axis_config?.categories ?? spec.series[0].data.map((point) => point.label);
}

function valueAt(series, category) {
  return series.data.find((point) => point.label === category)?.value;
}

function plotOf(spec) {
  const names = categories(spec);
  const values = spec.series.flatMap((series) => series.data.map((point) => point.value));
  const top = niceTop(Math.max(0, ...values));
  const bottom = Math.min(0, ...values) < 0 ? -niceTop(-Math.min(...values)) : 0;
  const y = (value) => EDGE.top + (1 - (value - bottom) / (top - bottom)) * INNER.height;
  const step = INNER.width / names.length;
  const x = (index) => EDGE.left + (index + 0.5) * step;
  const draw = { bar: bars, line: lines, area: areas }[spec.type];
  return [...grid(bottom, top, y), ...draw(spec, names, x, y, step), ...axis(spec, names, x)];
}

/** The next of 1, 2, 5, 10, 20, ... that holds the value. */
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= value);
}

function grid(bottom, top, y) {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const value = bottom + share * (top - bottom);
    const at = y(value);
    const said = Number(value.toPrecision(3)).toLocaleString("en-GB");
    return [
      svg("line", { class: "grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: at, y2: at }),
      svg("text", { x: EDGE.left - 6, y: at + 4, "text-anchor": "end" }, said),
    ];
  });
}

function axis(spec, names, x) {
  const every = Math.ceil(names.length / 8);
  const label = spec.axis_config?.x_label;
  const ticks = names.map((name, index) =>
    index % every
      ? null
      : svg("text", { x: x(index), y: HEIGHT - 26, "text-anchor": "middle" }, cut(name)),
  );
  const middle = EDGE.left + INNER.width / 2;
  const title = label && svg("text", { x: middle, y: HEIGHT - 6, "text-anchor": "middle" }, label);
  return [...ticks, title];
}

function cut(name) {
  return name.length > 10 ? `${name.slice(0, 9)}…` : name;
}

function bars(spec, names, x, y, step) {
  const width = Math.min(36, (step * 0.72) / spec.series.length);
  return spec.series.flatMap((series, at) =>
    names.map((name, index) => {
      const value = valueAt(series, name);
      if (value === undefined) return null;
      const left = x(index) + (at - spec.series.length / 2) * width;
      const [high, low] = [y(Math.max(0, value)), y(Math.min(0, value))];
      const bar = { x: left + 1, y: high, width: width - 2, height: low - high, rx: 2 };
      return svg("rect", { class: `tone-${at % 6}`, ...bar });
    }),
  );
}

function points(series, names, x, y) {
  return names
    .map((name, index) => [valueAt(series, name), index])
    .filter(([value]) => value !== undefined)
    .map(([value, index]) => [x(index), y(value)]);
}

function lines(spec, names, x, y) {
  return spec.series.flatMap((series, at) => {
    const dots = points(series, names, x, y);
    const path = `M${dots.map((dot) => dot.join(" ")).join("L")}`;
    const circle = ([cx, cy]) => svg("circle", { class: `tone-${at % 6}`, cx, cy, r: 3 });
    return [svg("path", { class: `line tone-${at % 6}`, d: path }), ...dots.map(circle)];
  });
}

function areas(spec, names, x, y) {
  const filled = spec.series.map((series, at) => {
    const dots = points(series, names, x, y);
    const path = dots.map((dot) => dot.join(" ")).join("L");
    const floor = y(0);
    const around = `M${dots[0][0]} ${floor}L${path}L${dots.at(-1)[0]} ${floor}Z`;
    return svg("path", { class: `area tone-${at % 6}`, d: around });
  });
  return [...filled, ...lines(spec, names, x, y)];
}

function pieOf(segments) {
  const whole = segments.reduce((sum, one) => sum + one.value, 0);
  const spot = (share) => {
    const angle = 2 * Math.PI * share - Math.PI / 2;
    return `${110 + 100 * Math.cos(angle)} ${110 + 100 * Math.sin(angle)}`;
  };
  let from = 0;
  return segments.map((one, index) => {
    const share = one.value / whole;
    const to = from + share;
    const tone = `slice tone-${index % 6}`;
    const arc = `M110 110L${spot(from)}A100 100 0 ${share > 0.5 ? 1 : 0} 1 ${spot(to)}Z`;
    from = to;
    if (share === 1) return svg("circle", { class: tone, cx: 110, cy: 110, r: 100 });
    return svg("path", { class: tone, d: arc });
  });
}
