// The people one can be: a list by role with a filter, and the same to choose from by Ctrl+K.

import { avatar, byId, h } from "./dom.js";
import { become, me, page, roleOf } from "./store.js";

const GROUPS = { manager: "Program manager", leader: "Leaders", junior: "Juniors" };
let drawn = "";
let onChosen = () => {};

export function startPeople(chosen) {
  onChosen = chosen;
  byId("people-filter").addEventListener("input", filter);
  byId("people-filter").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    visible()[0]?.focus();
  });
  byId("people-list").addEventListener("keydown", walk);
}

export function drawPeople() {
  const key = page.workspace.people.map((one) => one.id + one.name + one.deleted).join();
  if (key !== drawn) build();
  drawn = key;
  for (const person of page.workspace.people) {
    const row = byId(`person-${person.id}`);
    const badge = row.querySelector(".badge");
    const unread = person.id === page.me ? 0 : person.unread;
    badge.hidden = !unread;
    badge.firstChild.textContent = unread > 99 ? "99+" : String(unread);
    const own = person.id === page.me;
    if (own && !row.hasAttribute("aria-current")) row.scrollIntoView({ block: "nearest" });
    if (own) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    row.tabIndex = own ? 0 : -1;
  }
  if (!visible().some((row) => row.tabIndex === 0) && visible()[0]) visible()[0].tabIndex = 0;
}

function build() {
  const groups = Object.entries(GROUPS).map(([role, title]) => {
    const people = page.workspace.people.filter((person) => roleOf(person) === role);
    const count = h("span", { class: "soft" }, ` ${people.length}`);
    return h(
      "section",
      { hidden: !people.length, "aria-labelledby": `group-${role}` },
      h("h3", { id: `group-${role}` }, title, role === "manager" ? "" : count),
      h("ul", {}, people.map((person) => h("li", {}, personRow(person)))),
    );
  });
  byId("people-list").replaceChildren(...groups);
  filter();
}

function personRow(person) {
  const badge = h("span", { class: "badge", hidden: true }, "0");
  badge.append(h("span", { class: "hidden" }, " unread"));
  return h(
    "button",
    {
      type: "button",
      class: "person",
      id: `person-${person.id}`,
      data: { words: wordsOf(person) },
      on: { click: () => choose(person.id) },
    },
    avatar(person.id, person.name),
    nameAndAbout(person),
    badge,
  );
}

function nameAndAbout({ name, ...person }) {
  const words = about(person);
  return h("span", { class: "person-text", title: words }, h("strong", {}, name),
    h("small", {}, words));
}

/** “Director, level 5, Sales” */
export function about(person) {
  const level = person.level ? `level ${person.level}` : "";
  const left = person.deleted ? "deactivated" : "";
  const title = person.title || (person.is_manager ? "Runs the program" : "");
  return [left, title, level, person.department].filter(Boolean).join(", ");
}

function wordsOf(person) {
  return `${person.name} ${about(person)} ${GROUPS[roleOf(person)]}`.toLowerCase();
}

function choose(id) {
  onChosen();
  return become(id);
}

function rows() {
  return [...byId("people-list").querySelectorAll(".person")];
}

function visible() {
  return rows().filter((row) => !row.parentNode.hidden);
}

function filter() {
  const words = byId("people-filter").value.toLowerCase().split(/\s+/);
  for (const row of rows()) {
    row.parentNode.hidden = !words.every((word) => row.dataset.words.includes(word));
  }
  for (const group of byId("people-list").children) {
    group.hidden = ![...group.querySelectorAll("li")].some((item) => !item.hidden);
  }
  byId("people-none").hidden = visible().length > 0;
}

function walk(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const all = visible();
  const at = all.indexOf(document.activeElement) + step;
  if (at === -1 && step === -1) byId("people-filter").focus();
  else all[Math.max(0, Math.min(all.length - 1, at))]?.focus();
}

/** The dialog of Ctrl+K. */
export function openChooser() {
  const dialog = byId("chooser");
  const input = byId("chooser-input");
  const list = byId("chooser-list");
  if (dialog.open) return;
  let active = 0;
  let fitting = [];

  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/);
    const fits = (person) => words.every((word) => wordsOf(person).includes(word));
    fitting = page.workspace.people.filter(fits).slice(0, 30);
    active = Math.max(0, Math.min(active, fitting.length - 1));
    list.replaceChildren(...fitting.map(option));
    const current = fitting.length ? `chooser-${fitting[active].id}` : "";
    input.setAttribute("aria-activedescendant", current);
    list.children[active]?.scrollIntoView({ block: "nearest" });
    byId("chooser-none").hidden = fitting.length > 0;
  };
  const option = (person, index) =>
    h(
      "li",
      {
        role: "option",
        id: `chooser-${person.id}`,
        class: index === active ? "person active" : "person",
        "aria-selected": String(index === active),
        on: { click: () => take(person) },
      },
      avatar(person.id, person.name),
      nameAndAbout(person),
    );
  const take = (person) => {
    dialog.close();
    choose(person.id);
  };
  input.oninput = () => {
    active = 0;
    draw();
  };
  input.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && fitting.length) {
      event.preventDefault();
      active = (active + step + fitting.length) % fitting.length;
      draw();
    } else if (event.key === "Enter" && fitting[active]) {
      event.preventDefault();
      take(fitting[active]);
    }
  };
  input.value = "";
  draw();
  dialog.showModal();
  input.focus();
}

export function whoLine() {
  const person = me();
  return { name: person.name, about: about(person) };
}
