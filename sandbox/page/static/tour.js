// The guided tour. What its steps say and when each is done stands in tour.json; a step is done by
// what happened, in whatever order, so that nobody who strays is stuck. “is:junior” counts only once
// the step is reached: who was a junior before has yet to be one now.

import * as api from "./api.js";
import { fill, knowCommands } from "./composer.js";
import { byId, h, icon } from "./dom.js";
import { daysSince, forget, has, note, onFact } from "./facts.js";
import { fillIn, hasField } from "./modal.js";
import { mrkdwn } from "./mrkdwn.js";
import { become, conversation, isPair, me, names, open, page, personOf, roleOf } from "./store.js";
import { ofTs } from "./time.js";

const ON = "turnabout.tour";
let steps = [];
let signs = []; // what stands in messages of the app, and the fact that it tells of
let drawn = "";
let folded = false; // to a line, on a small screen
let drawing = false;
let onFocus = () => {};

/** `focusPane` brings the conversation into view where not everything fits on the screen. */
export async function startTour(focusPane) {
  onFocus = focusPane;
  const file = await api.tour();
  steps = file.steps ?? [];
  signs = file.signs ?? [];
  knowCommands(file.commands);
  onFact(drawTour);
  byId("tour-toggle").addEventListener("click", () => show(byId("tour").hidden));
  for (const turned of ["click", "wheel", "touchmove"]) {
    document.addEventListener(turned, turnedAway, { passive: true });
  }
  show(localStorage.getItem(ON) !== "off");
}

/** Who turns to the page has read the step. */
function turnedAway(event) {
  const own = [byId("tour"), byId("tour-toggle")];
  if (!event.composedPath().some((node) => own.includes(node))) fold(true);
}

function fold(on) {
  folded = on;
  byId("tour").classList.toggle("folded", on);
}

function show(on) {
  localStorage.setItem(ON, on ? "on" : "off");
  byId("tour").hidden = !on;
  byId("tour-toggle").setAttribute("aria-pressed", String(on));
  drawn = "";
  drawTour();
}

/** A fact, “later:6:fact” for one that happened at least six days ago, or “is:junior”. */
function holds(condition) {
  if (condition.startsWith("is:")) return condition === `is:${roleOf(me())}`;
  const [, days, fact] = /^later:([\d.]+):(.+)$/.exec(condition) ?? [];
  return fact ? daysSince(fact) >= Number(days) : has(condition);
}

/** Where one is in the tour; a step that is past stays past. -1 is the end. */
function current() {
  return steps.findIndex((step, index) => {
    if (has(`past:${index}`)) return false;
    if (step.done.some(holds)) note(`past:${index}`);
    return !has(`past:${index}`);
  });
}

/** Notes what the app says before one's eyes, so that the tour can be taken up late. */
function readSigns() {
  for (const { says, fact } of signs) {
    if (has(fact)) continue;
    const found = page.messages.find((one) => JSON.stringify([one.text, one.blocks]).includes(says));
    if (found) note(fact, ofTs(found.ts).toISOString());
  }
}

export function drawTour() {
  if (!steps.length || !page.seen || drawing) return;
  drawing = true; // what is noted on the way calls for a drawing, too
  readSigns();
  const at = byId("tour").hidden ? -1 : current();
  drawing = false;
  drawInModal(steps[at]);
  if (byId("tour").hidden) return;
  const helps = at < 0 ? [] : offered(steps[at]);
  const looks = JSON.stringify([at, helps]);
  if (drawn === looks) return;
  if (!drawn.startsWith(`[${at},`)) fold(false);
  drawn = looks;
  byId("tour").replaceChildren(...(at < 0 ? theEnd() : card(steps[at], at, helps)));
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

/** What helps beside the page: filling in has its place in the form, and opens no second one. */
function offered(step) {
  const open = Boolean(page.seen.modal);
  return (step.help ?? []).filter((help) => !help.fill && !(help.type && open));
}

function card(step, at, offers) {
  const helps = offers.map(helpButton);
  for (const button of helps) button.classList.add("primary");
  const skip = () => note(`past:${at}`);
  return [
    head(`${step.chapter} · ${at + 1} of ${steps.length}`, at),
    h("h3", { on: { click: () => fold(false) } }, step.title),
    h("button", { type: "button", class: "button quiet square unfold",
      "aria-label": "Read this step", on: { click: () => fold(false) } }, icon("down")),
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
  fold(true);
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

/** The id of a manager, junior or leader; “… with a partner” looks for one who has one. Who is one
 * already stays who they are. */
async function someone(wanted) {
  const [role, paired] = wanted.split(" with ");
  const fits = !paired || page.seen.conversations.some(isPair);
  if (roleOf(me()) === role && fits) return page.me;
  const people = page.workspace.people.filter((one) => roleOf(one) === role && !one.deleted);
  const own = people.filter((one) => has(`was:${one.id}`));
  if (!paired) return (own.at(-1) ?? people.at(-1))?.id;
  const partner = isPair(conversation()) && conversation().with.map(personOf).find(
    (one) => one && roleOf(one) === role,
  );
  if (partner) return partner.id;
  for (const { id } of [...own, ...people]) {
    const seen = await api.person(id);
    if (seen.conversations?.some(isPair)) return id;
  }
  return people.at(-1)?.id;
}
