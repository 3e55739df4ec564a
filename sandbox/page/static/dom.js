// Elements without markup: what people typed only ever becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. `attributes` may hold `class`, `on` (listeners by event), `data` (data-* values) and
 * any attribute; false, null and undefined leave it out (a child too), true sets it empty.
 */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, { on, data, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, String(value));
    }
  }
  for (const [event, listener] of Object.entries(on ?? {})) node.addEventListener(event, listener);
  Object.assign(node.dataset, data);
  node.append(...children.flat(Infinity).filter((child) => child || child === 0 || child === ""));
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}

let counted = 0;

/** An id nobody else on the page has. */
export function newId(prefix) {
  counted += 1;
  return `${prefix}-${counted}`;
}

/** A line icon from the end of index.html; decoration, so it is hidden from screen readers. */
export function icon(name) {
  const use = svg("use", { href: `#icon-${name}` });
  return svg("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, use);
}

/** A name as up to two letters on one of ten colours, always the same for the same person. */
export function avatar(id, name, isApp = false) {
  if (isApp) return h("img", { class: "avatar", src: "/static/icon.svg", alt: "" });
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.[0] ?? "");
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.codePointAt(0)) % 9973;
  const initials = letters.join("").toUpperCase() || "?";
  return h("span", { class: `avatar hue-${sum % 10}`, "aria-hidden": "true" }, initials);
}
