// The line one types into: messages where one may write, slash commands everywhere.

import { byId, h, newId } from "./dom.js";
import { note } from "./facts.js";
import { act, changed, conversation, me, page, roleOf } from "./store.js";

const drafts = new Map();
const sent = [];
let active = -1;
let recalled = 0;
let place = "";
let offered = [];
let extra = []; // commands the tour's file knows of beyond the manifest's usage hints

export function startComposer() {
  const box = byId("composer-text");
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener("input", () => {
    drafts.set(place, box.value);
    suggest();
  });
  box.addEventListener("keydown", pressed);
  box.addEventListener("blur", () => hide());
  byId("slash").addEventListener("click", () => fill("/"));
}

export function knowCommands(commands) {
  extra = commands ?? [];
}

export function drawComposer() {
  const one = conversation();
  const box = byId("composer-text");
  const here = `${page.me} ${page.channel}`;
  if (here !== place) {
    place = here;
    box.value = drafts.get(place) ?? "";
    page.problem = "";
    hide();
  }
  if (byId("problem").textContent !== page.problem) byId("problem").textContent = page.problem;
  const readOnly = one?.is_app;
  const command = page.workspace.commands[0]?.command ?? "/";
  byId("composer").hidden = !one || page.tab === "home";
  byId("read-only").hidden = !readOnly;
  byId("read-only").textContent =
    `${page.workspace.app.name} writes to you here and cannot read what you would answer, so ` +
    "only commands work.";
  box.placeholder = readOnly ? `A command, such as ${command}` : `A message, or ${command}`;
  byId("composer-label").textContent = readOnly ? "Type a command" : "Type a message or a command";
  box.disabled = Boolean(one?.archived);
  if (one?.archived) box.placeholder = "This channel is archived.";
}

/** Puts text into the line and the cursor behind it, as the tour does. */
export function fill(text) {
  const box = byId("composer-text");
  box.value = text;
  drafts.set(place, text);
  box.focus();
  suggest();
}

export function showProblem(sentence) {
  page.problem = sentence;
  changed();
}

function pressed(event) {
  if (event.isComposing) return;
  const open = offered.length > 0;
  const { key } = event;
  if (open && (key === "ArrowDown" || key === "ArrowUp")) {
    event.preventDefault();
    activate(active + (key === "ArrowDown" ? 1 : -1));
  } else if (open && key === "Escape") {
    event.preventDefault();
    hide();
  } else if (open && key === "Tab" && !event.shiftKey && active >= 0) {
    event.preventDefault();
    take(offered[active]);
  } else if (key === "Enter") {
    event.preventDefault();
    if (open && active >= 0 && offered[active].text !== byId("composer-text").value.trim()) {
      take(offered[active]);
    } else send();
  } else if (key === "ArrowUp" && !byId("composer-text").value && sent.length) {
    event.preventDefault();
    recalled = sent.length - 1;
    fill(sent[recalled]);
  }
}

/** The manifest's commands, one line for each word of its usage hint. */
function known() {
  const lines = page.workspace.commands.flatMap(({ command, usage_hint: hint, description }) => {
    const words = (hint ?? "").split("|").map((word) => word.trim()).filter(Boolean);
    const about = (text) => extra.find((one) => one.text === text)?.about ?? description;
    const texts = words.length ? words.map((word) => `${command} ${word}`) : [command];
    return texts.map((text) => ({ text, about: about(text) }));
  });
  const role = roleOf(me());
  const more = extra.filter(
    (one) => one.who === role && !lines.some((line) => line.text === one.text),
  );
  return [...lines, ...more];
}

function suggest() {
  const typed = byId("composer-text").value.trimStart().toLowerCase();
  offered = typed.startsWith("/")
    ? known().filter(({ text }) => text.startsWith(typed.trimEnd()) && text !== typed)
    : [];
  const list = byId("suggestions");
  list.replaceChildren(...offered.map(row));
  list.hidden = !offered.length;
  list.style.setProperty("--room", `${byId("composer").offsetTop - 8}px`);
  byId("composer-text").setAttribute("aria-expanded", String(offered.length > 0));
  active = -1;
  byId("composer-text").removeAttribute("aria-activedescendant");
}

function row(one) {
  const node = h(
    "div",
    { class: "option", role: "option", id: newId("suggestion"), "aria-selected": "false" },
    h("span", {}, h("code", {}, one.text), h("small", {}, one.about)),
  );
  node.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(one);
  });
  return node;
}

function activate(index) {
  const rows = [...byId("suggestions").children];
  active = (index + rows.length) % rows.length;
  rows.forEach((node, at) => node.setAttribute("aria-selected", String(at === active)));
  byId("composer-text").setAttribute("aria-activedescendant", rows[active].id);
  rows[active].scrollIntoView({ block: "nearest" });
}

function take(one) {
  fill(one.text);
  hide();
}

function hide() {
  offered = [];
  active = -1;
  byId("suggestions").hidden = true;
  byId("composer-text").setAttribute("aria-expanded", "false");
}

async function send() {
  const box = byId("composer-text");
  const text = box.value.trim();
  hide();
  if (!text || byId("composer").getAttribute("aria-busy") === "true") return;
  const command = text.startsWith("/");
  if (!command && conversation().is_app) {
    showProblem("Here only commands work. They begin with a slash, such as /mentoring help.");
    return;
  }
  const word = text.split(/\s/)[0];
  if (command && !page.workspace.commands.some((one) => one.command === word)) {
    showProblem(`There is no command ${word} in this workspace. Type / to see those there are.`);
    return;
  }
  byId("composer").setAttribute("aria-busy", "true");
  const from = place;
  const done = await act(command ? "command" : "say", { channel: page.channel, text });
  byId("composer").removeAttribute("aria-busy");
  if (!done.ok) {
    showProblem(done.problem ?? "That did not work.");
    return;
  }
  sent.push(text);
  drafts.delete(from);
  if (from === place) box.value = "";
  if (command) note(`${roleOf(me())}:command:${text.replace(/^\/\S+\s*/, "").toLowerCase()}`);
  changed();
}
