// Puts the page together: starts the rooms, listens to the server, draws when something changed.

import * as api from "./api.js";
import { drawChats, startChats, titleOf } from "./chats.js";
import { announce, castTold, clockTold, drawClock, startClock } from "./clock.js";
import { drawComposer, startComposer } from "./composer.js";
import { drawConversation, focusTalk, startConversation } from "./conversation.js";
import { avatar, byId } from "./dom.js";
import { atTime, recall } from "./facts.js";
import { drawModal, startModal } from "./modal.js";
import { drawPeople, openChooser, startPeople, whoLine } from "./people.js";
import {
  PERSON,
  become,
  conversation,
  forgetOtherRun,
  heard,
  loadWorkspace,
  ofRun,
  onChange,
  open,
  page,
  personOf,
  refresh,
} from "./store.js";
import { addEntry, loadStrip } from "./strip.js";
import { startTheme } from "./theme.js";
import { drawTour, startTour } from "./tour.js";

const root = document.documentElement;
let greeted = null; // the person who has been told who they are

/** Which part is in front where they do not fit side by side: people, chats, talk or strip. */
function front(pane) {
  root.dataset.front = pane;
  for (const tab of document.querySelectorAll("[data-pane]")) {
    const own = tab.dataset.pane === pane;
    if (own) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

function startPanes() {
  for (const tab of document.querySelectorAll("[data-pane]")) {
    tab.addEventListener("click", () =>
      front(root.dataset.front === tab.dataset.pane ? "talk" : tab.dataset.pane),
    );
  }
  front("talk");
  const strip = byId("strip-toggle");
  const show = (on) => {
    root.classList.toggle("no-strip", !on);
    strip.setAttribute("aria-pressed", String(on));
    localStorage.setItem("turnabout.strip", on ? "on" : "off");
  };
  strip.addEventListener("click", () => show(root.classList.contains("no-strip")));
  byId("strip-hide").addEventListener("click", () => {
    show(false);
    front("talk");
    strip.focus();
  });
  show(localStorage.getItem("turnabout.strip") !== "off");
}

function startKeys() {
  byId("who").addEventListener("click", openChooser);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!byId("modal").open) openChooser();
    } else if (event.key === "Escape" && root.dataset.front !== "talk") front("talk");
  });
  byId("chooser").addEventListener("click", (event) => {
    if (event.target === byId("chooser")) byId("chooser").close();
  });
}

function draw() {
  byId("lost").hidden = !page.lost;
  if (!page.workspace || !page.seen) return;
  const { name, about } = whoLine();
  byId("who-name").textContent = name;
  byId("who-about").textContent = about;
  byId("who-avatar").replaceChildren(avatar(page.me, name));
  byId("workspace-name").textContent = page.workspace.name;
  byId("made-up").textContent = page.workspace.company.made_up;
  document.title = `${name} · Turnabout demo`;
  drawClock();
  drawPeople();
  drawChats();
  drawConversation();
  drawComposer();
  if (greeted !== page.me) greet();
  drawModal();
  drawTour();
}

/** Whoever becomes somebody else hears of it, and can type or read at once. */
function greet() {
  if (greeted) {
    const one = conversation();
    announce(`You are ${whoLine().name}. ${one ? `${titleOf(one)}.` : ""}`);
    focusTalk();
  }
  greeted = page.me;
}

function told(event) {
  if (event.type === "run") ofRun(event.run);
  else if (event.type === "changed") heard(event);
  else if (event.type === "clock") clockTold(event);
  else if (event.type === "cast") castTold(event);
  else addEntry(event);
}

/** The person and conversation in the address, #/U…/C…. */
function addressed() {
  const [, person, channel] = location.hash.split("/");
  return { person, channel };
}

async function goToAddress() {
  const { person, channel } = addressed();
  if (person === page.me) await open(channel);
  else if (personOf(person)) await become(person, channel || null);
}

async function start() {
  startTheme();
  startPanes();
  startKeys();
  if (!(await loadWorkspace())) {
    byId("lost").hidden = false;
    setTimeout(start, 2000);
    return;
  }
  const anew = forgetOtherRun();
  recall(page.workspace.run);
  atTime(page.workspace.now);
  startPeople(() => front("talk"));
  startChats(() => front("talk"));
  startConversation();
  startComposer();
  startModal();
  startClock();
  onChange(draw);
  const { person, channel } = anew ? {} : addressed();
  const first = [person, localStorage.getItem(PERSON)].find(personOf);
  await become(first ?? page.workspace.people[0].id, channel || null);
  window.addEventListener("popstate", goToAddress);
  const back = async () => {
    await loadWorkspace();
    if (personOf(page.me)) await refresh();
    else await become(page.workspace.people[0].id);
    await loadStrip();
  };
  const lost = () => {
    page.lost = true;
    draw();
  };
  api.listen({ onEvent: told, onLost: lost, onBack: back });
  await loadStrip();
  await startTour(() => front("talk"));
  root.classList.add("ready");
}

start();
