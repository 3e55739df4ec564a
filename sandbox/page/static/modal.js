// The modal before the person one is. What was typed outlives a change of the view by the app.

import { blockNodes } from "./blocks.js";
import { avatar, byId, h, icon } from "./dom.js";
import { note } from "./facts.js";
import { plain } from "./mrkdwn.js";
import { act, changed, me, page, roleOf } from "./store.js";
import { surface } from "./surfaces.js";
import { valuesOf } from "./values.js";

const drafts = new Map(); // what is filled in, by view id
let shown = { id: null, version: "" };
let errors = {};
let problem = "";

export function startModal() {
  byId("modal").addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false);
  });
  byId("modal").addEventListener("close", closed);
}

export function drawModal() {
  const view = page.seen.modal;
  const dialog = byId("modal");
  if (!view) {
    shown = { id: null, version: "" };
    if (dialog.open) dialog.close();
    return;
  }
  const version = JSON.stringify([view.hash, view.blocks, errors, problem]);
  if (shown.id === view.id && shown.version === version) return;
  const same = shown.id === view.id;
  if (!same) errors = {};
  shown = { id: view.id, version };
  draw(view, same);
  if (!dialog.open) dialog.showModal();
  if (!same) firstField()?.focus();
}

/** Sets fields by block id in the modal that is open, as the tour does. */
export function fillIn(values) {
  const view = page.seen.modal;
  if (!view) return;
  for (const [blockId, value] of Object.entries(values)) {
    const held = drafts.get(view.id)[blockId];
    if (held) held[Object.keys(held)[0]] = value;
  }
  errors = {};
  draw(view, true);
  changed();
}

export function hasField(blockId) {
  return page.seen.modal?.blocks.some((block) => block.block_id === blockId) ?? false;
}

function draw(view, same) {
  if (!drafts.has(view.id)) drafts.set(view.id, {});
  const draft = drafts.get(view.id);
  const values = valuesOf(view);
  for (const [block, held] of Object.entries(values)) {
    for (const action of Object.keys(held)) {
      if (draft[block] && action in draft[block]) held[action] = draft[block][action];
    }
  }
  drafts.set(view.id, values);
  const focused = same ? document.activeElement : null;
  const at = focused && { id: focused.id, start: focused.selectionStart };
  const scrolled = same ? (byId("modal-body")?.scrollTop ?? 0) : 0;
  const here = surface(view.id, { view: view.id }, { values, errors, edited: forgiven,
    problem: showProblem });
  byId("modal").replaceChildren(form(view, here));
  byId("modal-body").scrollTop = scrolled;
  const again = at?.id && byId(at.id);
  if (again) {
    again.focus();
    if (at.start !== null && at.start !== undefined && again.setSelectionRange) {
      try {
        again.setSelectionRange(at.start, at.start);
      } catch {
        // a number or e-mail field has no cursor to set
      }
    }
  }
}

/** A field that is being mended is not called wrong any longer. */
function forgiven(blockId) {
  if (!errors[blockId]) return;
  delete errors[blockId];
  const input = byId("modal").querySelector(`.input.wrong[data-block="${CSS.escape(blockId)}"]`);
  input?.classList.remove("wrong");
  input?.querySelector(".error").remove();
  input?.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
}

function form(view, here) {
  const { app } = page.workspace;
  const send = (event) => {
    event.preventDefault();
    submit(view);
  };
  const stacked = page.seen.depth > 1;
  const back = h("button", { type: "button", class: "button quiet square", "aria-label": "Back",
    on: { click: () => close(false) } }, icon("back"));
  const cross = h("button", { type: "button", class: "button quiet square", "aria-label": "Close",
    on: { click: () => close(true) } }, icon("cross"));
  return h(
    "form",
    { class: "modal-form", novalidate: true, on: { submit: send } },
    h(
      "header",
      {},
      stacked ? back : avatar(app.id, app.name, true),
      h("h2", { id: "modal-title" }, plain(view.title.text)),
      cross,
    ),
    h("aside", { id: "modal-tour", class: "modal-tour", hidden: true,
      "aria-label": "Guided tour" }),
    h("div", { class: "modal-body", id: "modal-body" },
      h("p", { class: "error top", role: "alert", id: "modal-problem" }, problem),
      blockNodes(view.blocks, here)),
    h(
      "footer",
      { class: "dialog-foot" },
      h("button", { type: "button", class: "button", on: { click: () => close(false) } },
        plain(view.close?.text ?? (view.submit ? "Cancel" : "Close"))),
      view.submit &&
        h("button", { type: "submit", class: "button primary", id: "modal-submit",
          disabled: view.submit_disabled === true }, plain(view.submit.text)),
    ),
  );
}

function showProblem(sentence) {
  problem = sentence;
  const line = byId("modal-problem");
  if (line) line.textContent = sentence;
}

async function submit(view) {
  const button = byId("modal-submit");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const role = roleOf(me());
  const sent = drafts.get(view.id);
  const done = await act("submit", { view: view.id, values: sent });
  byId("modal-submit")?.removeAttribute("aria-disabled");
  errors = done.errors ?? {};
  problem = done.ok ? "" : (done.problem ?? "That did not work. Please try again.");
  const missed = Object.keys(errors).length > 0;
  if (done.ok && !missed) {
    // The form that takes its place has its id, and may have been drawn and typed into by now.
    if (drafts.get(view.id) === sent) drafts.delete(view.id);
    note(`${role}:submitted:${view.callback_id}`);
  } else if (page.seen.modal?.id === view.id) {
    drawModal();
    const wrong = byId("modal").querySelector(".input.wrong");
    wrong?.scrollIntoView({ block: "center" });
    const field = wrong?.querySelector("input, textarea, select, button");
    (field ?? byId("modal-submit")).focus({ preventScroll: true });
  }
}

async function close(everything) {
  const view = page.seen.modal;
  if (!view) return byId("modal").close();
  drafts.delete(view.id);
  problem = "";
  const done = await act("close", { view: view.id, all: everything });
  if (!done.ok && page.seen.modal) showProblem(done.problem ?? "The form could not be closed.");
  return undefined;
}

function firstField() {
  const inputs = "input:not([type=hidden]), textarea, .modal-body button";
  return byId("modal-body").querySelector(inputs) ?? byId("modal-submit");
}

/**
 * The dialog has gone. A browser may close one without asking when Esc is pressed twice; the app
 * has to hear of it then. Where the focus would be lost, the line to type in gets it. The form
 * stays in the dialog until the next: Chromium lets nobody type who had the focus given back
 * while what had it before is removed.
 */
function closed() {
  if (byId("modal").open) return;
  if (shown.id && page.seen.modal?.id === shown.id) {
    shown = { id: null, version: "" };
    close(false);
  }
  if (document.activeElement === document.body) byId("composer-text").focus();
}
