// The conversation that is open: who is in it, what was said, and the app's Home tab.

import { blockNodes, messageBody } from "./blocks.js";
import { sign, titleOf } from "./chats.js";
import { showProblem } from "./composer.js";
import { avatar, byId, h, icon } from "./dom.js";
import { conversation, me, names, open, page } from "./store.js";
import { surface } from "./surfaces.js";
import { city, clockTime, day, ofTs, shortDay } from "./time.js";
import { valuesOf } from "./values.js";

const NEAR = 120; // pixels from the end within which new messages are scrolled to
const TOGETHER = 5 * 60; // seconds within which messages of one author stand together

let following = true; // whether the end of the log is to be kept in view
let drawn = { key: "", nodes: new Map(), home: "" };

export function startConversation() {
  byId("log").addEventListener("scroll", () => {
    following = atEnd();
    if (following) byId("newer").classList.add("gone");
  });
  new ResizeObserver(() => following && toEnd()).observe(byId("log"));
  byId("newer").addEventListener("click", toEnd);
  for (const tab of ["messages", "home"]) {
    byId(`tab-${tab}`).addEventListener("click", () => open(page.channel, tab));
    byId(`tab-${tab}`).addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const other = tab === "home" ? "messages" : "home";
      byId(`tab-${other}`).focus();
      open(page.channel, other);
    });
  }
}

/** Puts the focus into the line, or where there is none, or it would call up a keyboard that covers
 * half of a small screen, on what is there to read. */
export function focusTalk() {
  const line = byId("composer-text");
  line.focus();
  const covers = matchMedia("(pointer: coarse)").matches;
  if (covers || document.activeElement !== line) byId(page.tab === "home" ? "home" : "log").focus();
}

export function drawConversation() {
  const one = conversation();
  drawHead(one);
  const home = page.tab === "home";
  byId("log").hidden = home;
  byId("home").hidden = !home;
  if (home) drawHome();
  else drawMessages();
}

function drawHead(one) {
  const title = one ? titleOf(one) : "Nothing open";
  byId("conversation-title").replaceChildren(one ? sign(one) : "", h("span", {}, title));
  const zone = `Times in ${city(me().time_zone)}`;
  const about = [one && membersOf(one), zone].filter(Boolean);
  byId("conversation-about").textContent = about.join(" · ");
  byId("tabs").hidden = !one?.is_app;
  for (const tab of ["messages", "home"]) {
    const selected = page.tab === tab;
    byId(`tab-${tab}`).setAttribute("aria-selected", String(selected));
    byId(`tab-${tab}`).tabIndex = selected ? 0 : -1;
  }
}

function membersOf(one) {
  if (one.kind === "im") return "";
  const others = one.with.map((id) => page.workspace.users[id] ?? id);
  const listed = others.length > 4 ? [...others.slice(0, 3), `${others.length - 3} more`] : others;
  return `You, ${listed.join(", ")}`;
}

function drawMessages() {
  const key = `${page.me} ${page.channel}`;
  const anew = key !== drawn.key;
  if (anew) following = true;
  if (anew) {
    drawn = { key, nodes: new Map(), home: "" };
    byId("messages").replaceWith(h("div", { id: "messages", role: "log", "aria-live": "polite",
      "aria-label": "Messages" }));
  }
  const before = new Set(drawn.nodes.keys());
  const wanted = items();
  const focused = document.activeElement?.id;
  place(wanted);
  if (focused && focused !== document.activeElement?.id) byId(focused)?.focus();
  const added = page.messages.some((message) => !before.has(`m-${message.ts}`));
  if (following) toEnd();
  else if (added) byId("newer").classList.remove("gone");
}

/** What stands in the log, in order, as {key, version, make}. */
function items() {
  const { zone, channels } = names();
  const called = JSON.stringify(channels);
  const list = [];
  let last = null;
  if (!page.messages.length) list.push({ key: "empty", version: "", make: nothingYet });
  for (const message of page.messages) {
    const date = day(ofTs(message.ts), zone);
    const fresh = message.ts === page.freshFrom;
    if (!last || day(ofTs(last.ts), zone) !== date) {
      list.push({ key: `d-${date}`, version: "", make: () => line("day", date) });
      last = null;
    }
    if (fresh) list.push({ key: "fresh", version: "", make: () => line("fresh", "New") });
    const joined = !fresh && last?.user === message.user && last.ephemeral === message.ephemeral &&
      Number(message.ts) - Number(last.ts) < TOGETHER;
    const said = JSON.stringify(message);
    const naming = /<#|"channel_id"/.test(said) ? called : ""; // a name that comes later is drawn
    const author = page.workspace.users[message.user];
    const version = JSON.stringify([said, joined, author, zone, naming]);
    list.push({ key: `m-${message.ts}`, version, make: () => messageNode(message, joined, zone) });
    last = message;
  }
  return list;
}

/** Leaves nodes that are still right where they are, so that focus and reading place stay. */
function place(list) {
  const log = byId("messages");
  const nodes = new Map();
  let at = log.firstChild;
  for (const { key, version, make } of list) {
    const kept = drawn.nodes.get(key);
    const node = kept?.version === version ? kept.node : make();
    nodes.set(key, { node, version });
    if (kept && kept.node !== node) {
      if (at === kept.node) at = node;
      kept.node.replaceWith(node);
    }
    if (node === at) at = at.nextSibling;
    else log.insertBefore(node, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
  drawn.nodes = nodes;
}

function line(kind, words) {
  return h("div", { class: kind }, h("span", {}, words));
}

function nothingYet() {
  const one = conversation();
  const words = !one
    ? "Choose a conversation."
    : one.is_app
      ? `Nothing from ${page.workspace.app.name} yet. Type /mentoring below to see what it can do.`
      : "Nothing has been said here yet.";
  return h("p", { class: "empty" }, words);
}

function messageNode(message, joined, zone) {
  const author = page.workspace.users[message.user] ?? message.user;
  const isApp = Boolean(message.bot_id);
  const at = ofTs(message.ts);
  const title = `${shortDay(at, zone)}, ${city(zone)}`;
  const time = h("time", { datetime: at.toISOString(), title }, clockTime(at, zone));
  const here = surface(`m-${message.ts}`, { channel: page.channel, ts: message.ts }, {
    problem: showProblem,
  });
  const head = h("div", { class: joined ? "author hidden" : "author" }, h("strong", {}, author),
    isApp && h("span", { class: "tag" }, "App"), joined ? "" : time);
  const classes = ["message", joined && "joined", message.ephemeral && "ephemeral"];
  return h(
    "article",
    { class: classes.filter(Boolean).join(" "), "aria-label": `${author}, ${clockTime(at, zone)}` },
    h("div", { class: "gutter" }, joined ? time : avatar(message.user, author, isApp)),
    h(
      "div",
      { class: "said" },
      message.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      head,
      messageBody(message, here),
      message.edited && h("span", { class: "edited" }, "(edited)"),
    ),
  );
}

function drawHome() {
  const { home } = page.seen;
  const version = JSON.stringify([page.me, home]);
  if (version === drawn.home) return;
  drawn.home = version;
  if (!home) {
    const words = `${page.workspace.app.name} shows nothing on its Home tab yet.`;
    byId("home").replaceChildren(h("p", { class: "empty" }, words));
    return;
  }
  const form = { values: valuesOf(home), problem: showProblem };
  const here = surface(home.id, { view: home.id }, form);
  byId("home").replaceChildren(h("div", { class: "home-view" }, blockNodes(home.blocks, here)));
}

function atEnd() {
  const log = byId("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
}

function toEnd() {
  byId("log").scrollTop = byId("log").scrollHeight;
  byId("newer").classList.add("gone");
}
