// What has happened before the eyes of this tab, for the tour: “junior:submitted:join” and the like,
// each with the demo's time when it happened first. It outlives a reload of the page, not a restart
// of the demo.

const KEY = "turnabout.facts";
const listeners = new Set();
let facts = new Map();
let now = "";
let run = "";

export function onFact(listener) {
  listeners.add(listener);
}

/** `at` is an ISO string for what happened before it was seen. */
export function note(fact, at = now) {
  if (facts.has(fact)) return;
  facts.set(fact, at);
  keep();
  for (const listener of listeners) listener();
}

export function has(fact) {
  return facts.has(fact);
}

/** How many days of the demo ago this happened; -1 when it has not. */
export function daysSince(fact) {
  return facts.has(fact) ? (Date.parse(now) - Date.parse(facts.get(fact))) / 86_400_000 : -1;
}

/** Takes up what this tab has noted in this run of the demo. */
export function recall(id) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  run = id;
  if (kept.run === run) facts = new Map(kept.facts);
}

/** The demo's time, as an ISO string. */
export function atTime(iso) {
  now = iso;
  keep();
  for (const listener of listeners) listener();
}

export function forget() {
  facts.clear();
  keep();
}

function keep() {
  sessionStorage.setItem(KEY, JSON.stringify({ run, facts: [...facts] }));
}
