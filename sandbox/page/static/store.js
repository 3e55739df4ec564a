// What the page knows, and how it learns of changes. Rooms read `page` and draw when told to.

import * as api from "./api.js";
import { note } from "./facts.js";
import { ofTs } from "./time.js";

export const page = {
  workspace: null,
  me: null, // the id of the person one is
  seen: null, // what /demo/people/{id} says
  channel: null, // the id of the conversation that is open
  tab: "messages", // or "home", in the DM with the app
  messages: [],
  freshFrom: null, // the ts of the first message that was unread when the conversation was opened
  lost: false, // whether the server went away
  problem: "", // why what one did last in the conversation came to nothing
};

const RUN = "turnabout.run";
export const PERSON = "turnabout.person";
const CHANNEL = "turnabout.channel.";
const listeners = new Set();
let drawing = false;

/** `draw` is called, at most once a frame, after anything has changed. */
export function onChange(draw) {
  listeners.add(draw);
}

export function changed() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    for (const draw of listeners) draw();
  });
}

export const personOf = (id) => page.workspace.people.find((person) => person.id === id);
export const me = () => personOf(page.me);
export const conversation = () =>
  page.seen?.conversations.find((one) => one.id === page.channel) ?? null;

/** manager, leader or junior. Leaders are about the upper third by level, as the app suggests. */
export function roleOf(person) {
  if (person.is_manager) return "manager";
  return person.level !== null && person.level >= leadersFrom() ? "leader" : "junior";
}

function leadersFrom() {
  const { people } = page.workspace;
  if (page.leadersOf !== people.length) {
    const levels = people.map((person) => person.level).filter((level) => level > 0);
    const choices = [...new Set(levels)].sort((one, other) => one - other).slice(1);
    const share = (from) => levels.filter((level) => level >= from).length / levels.length;
    const distance = (from) => Math.abs(share(from) - 1 / 3);
    choices.sort((one, other) => distance(one) - distance(other) || one - other);
    page.leadersOf = people.length;
    page.leadersFrom = choices[0] ?? Infinity;
  }
  return page.leadersFrom;
}

/** Who stands for ids, for a reader at `me`'s desk. */
export function names() {
  const { users } = page.workspace;
  const own = page.seen?.conversations ?? [];
  const channels = { ...page.workspace.channels };
  for (const { id, kind, name } of own) if (kind === "private") channels[id] = name;
  return { users, channels, me: page.me, zone: me()?.time_zone ?? "UTC" };
}

/** A demo that was started anew is another one: nothing of the one before holds any longer. */
export function ofRun(run) {
  if (page.workspace && page.workspace.run !== run) location.replace("/");
}

export async function loadWorkspace() {
  const found = await api.workspace();
  if (found.people) {
    ofRun(found.run);
    page.workspace = found;
  }
  page.lost = !found.people;
  changed();
  return Boolean(found.people);
}

let turns = 0; // counts what was asked for, so that an answer that comes late changes nothing

/** Becomes a person; without a channel, the one they had open last, or a likely one. */
export async function become(id, channel = null) {
  const turn = ++turns;
  const seen = await api.person(id);
  if (seen.conversations) await show(turn, id, seen, channel ?? remembered(id));
}

/** Opens a conversation of the person one is. */
export async function open(channel, tab = "messages") {
  await show(++turns, page.me, page.seen, channel, tab);
}

/** Changes person and conversation at once, so that nobody asks for what another one sees. */
async function show(turn, id, seen, wanted, tab = "messages") {
  const find = (channel) => seen.conversations.find((one) => one.id === channel);
  const one = find(wanted) ?? find(likely(id, seen));
  const unread = one?.unread ?? 0;
  const said = one ? await api.messages(id, one.id) : {};
  if (turn !== turns) return;
  const messages = said.messages ?? [];
  const others = messages.filter((message) => message.user !== id);
  const freshFrom = unread && unread < others.length ? others.at(-unread).ts : null;
  const channel = one?.id ?? null;
  Object.assign(page, { me: id, seen, channel, messages, freshFrom });
  page.tab = one?.is_app ? tab : "messages";
  localStorage.setItem(PERSON, id);
  if (one) localStorage.setItem(`${CHANNEL}${id}`, one.id);
  const address = `#/${id}/${channel ?? ""}`;
  if (location.hash !== address) history.pushState(null, "", address);
  note(`was:${id}`);
  if (page.tab === "home") await api.act(id, "home", {});
  observe();
  changed();
  await refresh();
}

function remembered(id) {
  return localStorage.getItem(`${CHANNEL}${id}`);
}

/** Forgets who one was in another run of the demo; true when there was another. */
export function forgetOtherRun() {
  const { run } = page.workspace;
  const before = localStorage.getItem(RUN);
  localStorage.setItem(RUN, run);
  if (before === run) return false;
  for (const key of Object.keys(localStorage)) {
    if (key === PERSON || key.startsWith(CHANNEL)) localStorage.removeItem(key);
  }
  return before !== null;
}

function likely(id, seen) {
  const open = seen.conversations.filter((one) => !one.archived);
  const team = personOf(id).is_manager && open.find((one) => one.kind === "private");
  const unread = open.find((one) => one.unread > 0);
  return (team || unread || open.find((one) => one.is_app) || open[0])?.id;
}

let asked = 0; // counts the times something was fetched anew
let newest = 0; // the last of them that is shown

/** Fetches anew what the person sees; answers that come late are dropped: for another person, or
 * after those to a later request. */
export async function refresh() {
  const turn = ++asked;
  const { me: id } = page;
  const channel = conversation()?.id; // while one becomes somebody, what is open is not theirs yet
  const [seen, said] = await Promise.all([
    api.person(id),
    channel ? api.messages(id, channel) : { messages: [] },
  ]);
  if (page.me !== id || !seen.conversations || turn < newest) return;
  newest = turn;
  page.seen = seen;
  const open = seen.conversations.find((one) => one.id === page.channel);
  if (open) open.unread = 0; // the fetch of its messages has read it
  if (page.channel === channel && said.messages) page.messages = said.messages;
  observe();
  changed();
}

/** Runs `work` after `pause` milliseconds, and once more if it was asked for meanwhile. */
function soon(work, pause) {
  let waiting = false;
  let again = false;
  return async function run() {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, pause));
    again = false;
    await work();
    waiting = false;
    if (again) run();
  };
}

const refreshSoon = soon(refresh, 80);
const loadWorkspaceSoon = soon(loadWorkspace, 1000);

/** Hears that something changed on the server: one's own soon, the others' unread counts later. */
export function heard(change) {
  if (change.people.includes(page.me) || change.channels.includes(page.channel)) refreshSoon();
  loadWorkspaceSoon();
}

/** Notes for the tour what the visitor has before their eyes. */
function observe() {
  const role = roleOf(me());
  const open = conversation();
  if (open?.is_app) note(`${role}:dm`);
  if (isPair(open)) note(`${role}:pair`);
  if (page.seen.modal) note(`${role}:modal:${page.seen.modal.callback_id}`);
  for (const message of page.messages) {
    const at = ofTs(message.ts).toISOString();
    for (const block of message.blocks ?? []) {
      if (block.type !== "actions") continue;
      for (const element of block.elements) note(`${role}:seen:${element.action_id}`, at);
    }
  }
}

/** A private channel of two people and the app. */
export function isPair(one) {
  const app = page.workspace.app.id;
  return one?.kind === "private" && one.with.length === 2 && one.with.includes(app);
}

/** Does something as the person one is, and shows what came of it at once. */
export async function act(kind, body) {
  const done = await api.act(page.me, kind, body);
  if (done.ok) page.problem = "";
  await refresh();
  return done;
}
