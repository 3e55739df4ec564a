// The demo's clock and its cast.

import * as api from "./api.js";
import { byId } from "./dom.js";
import { atTime } from "./facts.js";
import { changed, me, page } from "./store.js";
import { city, clockTime, shortDay } from "./time.js";

let share = 0;
let asking = false;

export function startClock() {
  byId("next-day").addEventListener("click", () => move(1));
  byId("next-week").addEventListener("click", () => move(7));
  byId("cast").addEventListener("click", async () => {
    const acting = !page.workspace.acting;
    const done = await api.setCast(acting);
    if (done.ok) page.workspace.acting = acting;
    changed();
  });
}

export function clockTold(told) {
  const arrived = page.workspace.moving && !told.moving;
  page.workspace.now = told.now;
  page.workspace.moving = told.moving;
  share = told.share ?? 0;
  if (told.moving) page.problem = "";
  atTime(told.now);
  if (arrived) announce(`It is now ${shortDay(new Date(told.now), zone())}.`);
  changed();
}

export function castTold(told) {
  page.workspace.acting = told.acting;
  changed();
}

export function drawClock() {
  const { now, moving, acting } = page.workspace;
  const at = new Date(now);
  const time = byId("now");
  time.dateTime = now;
  time.replaceChildren(shortDay(at, zone()), " ");
  const small = document.createElement("small");
  small.textContent = `${clockTime(at, zone())} in ${city(zone())}`;
  time.append(small);
  for (const id of ["next-day", "next-week"]) byId(id).disabled = moving || asking;
  byId("moving").hidden = !moving;
  byId("moving").value = share;
  byId("cast").setAttribute("aria-checked", String(acting));
}

export function announce(sentence) {
  byId("announce").textContent = sentence;
}

function zone() {
  return me()?.time_zone ?? "UTC";
}

async function move(days) {
  if (asking || page.workspace.moving) return;
  asking = true;
  drawClock();
  const done = await api.moveClock(days);
  asking = false;
  if (done.ok) {
    page.workspace.moving = true;
    page.problem = "";
    share = 0;
  } else announce(done.problem);
  changed();
}
