// The developer strip: what Slack sent to the app and what the app called, the newest first.

import * as api from "./api.js";
import { byId, h, icon, newId } from "./dom.js";
import { me, page } from "./store.js";
import { exactTime } from "./time.js";

const MOST = 200;
const numbers = new Set();
let waiting = [];

export async function loadStrip() {
  const { entries } = await api.stripEntries();
  for (const entry of entries ?? []) addEntry(entry);
}

/** Entries come in bursts when the clock is moved; they are drawn together. */
export function addEntry(entry) {
  if (entry.number !== undefined) {
    if (numbers.has(entry.number)) return;
    numbers.add(entry.number);
  }
  if (!waiting.length) requestAnimationFrame(draw);
  waiting.push(entry);
}

function draw() {
  const list = byId("strip-list");
  const fresh = waiting.slice(-MOST);
  waiting = [];
  list.prepend(...fresh.reverse().map(entryNode));
  while (list.children.length > MOST) list.lastChild.remove();
  byId("strip-none").hidden = list.children.length > 0;
}

/** Names where a text has ids. */
function named(text) {
  const { users } = page.workspace;
  return (text ?? "").replace(/<@(\w+)>/g, (typed, id) => (users[id] ? `@${users[id]}` : typed));
}

function json(title, body) {
  const titleId = newId("strip");
  const text = body === null || body === undefined ? "nothing" : JSON.stringify(body, null, 2);
  return [h("h3", { id: titleId }, title),
    h("pre", { tabindex: "0", role: "group", "aria-labelledby": titleId }, h("code", {}, text))];
}

function entryNode(entry) {
  const sent = entry.type === "payload";
  const outcome = sent ? named(entry.answer) : entry.ok ? "ok" : entry.error;
  const took = entry.ms === undefined || entry.ms === null ? "" : `${Math.round(entry.ms)} ms`;
  const zone = me()?.time_zone ?? "UTC";
  const way = sent ? "Slack to the app" : "the app to Slack";
  const summary = h(
    "summary",
    {},
    h("span", { class: sent ? "way in" : "way out", title: way },
      icon(sent ? "in" : "out"), h("span", { class: "hidden" }, `${way}: `)),
    h("span", { class: "strip-what" },
      h("code", {}, sent ? entry.kind : entry.method), " ",
      named(sent ? entry.what : entry.summary)),
    h("span", { class: entry.ok ? "outcome" : "outcome failed" },
      entry.ok ? "" : "✕ ", outcome, took && h("span", { class: "soft" }, ` ${took}`)),
  );
  const details = h("details", { class: "entry" }, summary);
  details.addEventListener("toggle", () => {
    if (details.children.length > 1) return;
    const at = `${exactTime(new Date(entry.at), zone)} in the demo`;
    details.append(h("p", { class: "soft" }, at),
      ...json("Sent", sent ? entry.payload : entry.args),
      ...json("Answered", entry.response));
  });
  return h("li", {}, details);
}
