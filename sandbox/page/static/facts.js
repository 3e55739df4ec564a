// What has happened in this tab, for the tour: “junior:submitted:join” and the like, each with the
// demo's time when it happened first. It outlives a reload of the page, not a restart of the demo.

const KEY = "turnabout.facts";
const listeners = new Set();
let facts = null;
let now = "";

export function onFact(listener) {
  listeners.add(listener);
}

export function note(fact) {
  if (facts.has(fact)) return;
  facts.set(fact, now);
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

/** The demo's time, as an ISO string: when it has gone back, the demo was started anew. */
export function atTime(iso) {
  if (facts === null) recall();
  if (Date.parse(iso) < Date.parse(now)) facts.clear();
  now = iso;
  keep();
  for (const listener of listeners) listener();
}

export function forget() {
  facts.clear();
  keep();
}

function keep() {
  sessionStorage.setItem(KEY, JSON.stringify({ now, facts: [...facts] }));
}

function recall() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  now = kept.now ?? "";
  facts = new Map(kept.facts ?? []);
}
