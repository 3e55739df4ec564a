// The guided tour. What its steps say and when each is done stands in tour.json; a step is done by
// what happened, in whatever order, so that nobody who strays is stuck.

import * as api from "./api.js";
import { fill, knowCommands } from "./composer.js";
import { byId, h, icon } from "./dom.js";
import { daysSince, forget, has, note, onFact } from "./facts.js";
import { fillIn, hasField } from "./modal.js";
import { mrkdwn } from "./mrkdwn.js";
import { become, conversation, isPair, names, open, page, personOf, roleOf } from "./store.js";

const ON = "turnabout.tour";
let steps = [];
let drawn = "";
let onFocus = () => {};

/** `focusPane` brings the conversation into view where not everything fits on the screen. */
export async function startTour(focusPane) {
  onFocus = focusPane;
  const file = await api.tour();
  steps = file.steps ?? [];
  knowCommands(file.commands);
  onFact(drawTour);
  byId("tour-toggle").addEventListener("click", () => show(byId("tour").hidden));
  show(localStorage.getItem(ON) !== "off");
}

function show(on) {
  localStorage.setItem(ON, on ? "on" : "off");
  byId("tour").hidden = !on;
  byId("tour-toggle").setAttribute("aria-pressed", String(on));
  drawn = "";
  drawTour();
}

/** A fact, or “later:6:fact” for one that happened at least six days ago. */
function holds(condition) {
  const [, days, fact] = /^later:([\d.]+):(.+)$/.exec(condition) ?? [];
  return fact ? daysSince(fact) >= Number(days) : has(condition);
}

function current() {
  return steps.findIndex((step, index) => !has(`skip:${index}`) && !step.done.some(holds));
}

export function drawTour() {
  if (!steps.length || !page.seen) return;
  const at = byId("tour").hidden ? -1 : current();
  drawInModal(steps[at]);
  if (byId("tour").hidden) return;
  if (drawn === String(at)) return;
  drawn = String(at);
  byId("tour").replaceChildren(...(at < 0 ? theEnd() : card(steps[at], at)));
}

/** A modal keeps the rest of the page out of reach, so the help with a form stands in it. */
function drawInModal(step) {
  const place = byId("modal-tour");
  if (!place) return;
  const fills = (step?.help ?? []).filter((help) => help.fill);
  place.hidden = !fills.length || !Object.keys(fills[0].fill).some(hasField);
  if (place.dataset.title === step?.title) return;
  place.dataset.title = step?.title ?? "";
  place.replaceChildren(icon("flag"), h("span", {}, step?.title ?? ""), ...fills.map(helpButton));
}

function helpButton(help) {
  return h("button", { type: "button", class: "button", on: { click: () => lend(help) } },
    help.label);
}

function card(step, at) {
  const helps = (step.help ?? []).filter((help) => !help.fill).map(helpButton);
  for (const button of helps) button.classList.add("primary");
  const skip = () => note(`skip:${at}`);
  return [
    head(`${step.chapter} · ${at + 1} of ${steps.length}`, at),
    h("h3", {}, step.title),
    h("div", { class: "text" }, mrkdwn(step.say, names())),
    step.look && h("div", { class: "look" }, icon("eye"), h("div", {}, mrkdwn(step.look, names()))),
    h("div", { class: "actions" }, helps,
      h("button", { type: "button", class: "button quiet", on: { click: skip } }, "Skip")),
  ].filter(Boolean);
}

function head(words, at) {
  const leave = h("button", { type: "button", class: "button quiet square",
    "aria-label": "Leave the tour", on: { click: () => show(false) } }, icon("cross"));
  const bar = h("progress", { max: steps.length, "aria-label": "Steps done" });
  bar.value = at;
  return h("div", { class: "tour-head" }, h("h2", {}, words), bar, leave);
}

function theEnd() {
  const again = () => {
    forget();
    drawn = "";
    drawTour();
  };
  return [
    head("That is the tour", steps.length),
    h("div", { class: "text" }, "Look around as whoever you like. Move the weeks on and see what " +
      "people hear, or turn the cast off and play everybody yourself."),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button", on: { click: again } }, "Once more")),
  ];
}

/** Does a simple part of a step for the visitor; pressing and sending stay theirs. */
async function lend(help) {
  if (help.fill) {
    fillIn(help.fill);
    return;
  }
  if (help.note) note(help.note);
  const who = (help.who && (await someone(help.who))) || page.me;
  const seen = await api.person(who);
  const place = help.in && seen.conversations?.find((one) => stands(one, help.in));
  if (who !== page.me) await become(who, place?.id ?? null);
  else if (place) await open(place.id);
  onFocus();
  if (help.type) requestAnimationFrame(() => requestAnimationFrame(() => fill(help.type)));
}

function stands(one, place) {
  if (place === "app") return one.is_app;
  return place === "pair" ? isPair(one) : one.name === place;
}

/** The id of a manager, junior or leader; “… with a partner” looks for one who has one. */
async function someone(wanted) {
  const [role, paired] = wanted.split(" with ");
  const people = page.workspace.people.filter((one) => roleOf(one) === role && !one.deleted);
  if (!paired) return people.at(-1)?.id;
  const partner = isPair(conversation()) && conversation().with.map(personOf).find(
    (one) => one && roleOf(one) === role,
  );
  if (partner) return partner.id;
  const own = people.filter((one) => has(`was:${one.id}`));
  for (const { id } of [...own, ...people]) {
    const seen = await api.person(id);
    if (seen.conversations?.some(isPair)) return id;
  }
  return people.at(-1)?.id;
}
