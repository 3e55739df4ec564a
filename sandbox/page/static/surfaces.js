// Where interactive elements stand, and what using one of them does.

import { h, newId } from "./dom.js";
import { note } from "./facts.js";
import { plain, textOf } from "./mrkdwn.js";
import { act, me, names, page, roleOf } from "./store.js";

const underWay = new Set(); // what was pressed and is not answered yet

/**
 * `source` says what is acted in ({channel, ts} or {view}), `values` holds a view's form by block
 * and action, `problem(sentence)` shows why something did not work.
 */
export function surface(id, source, { values = null, errors = null, edited = null, problem }) {
  const here = {
    id,
    names: names(),
    get people() {
      return peopleChoices();
    },
    get conversations() {
      return conversationChoices();
    },
    values,
    errors,
    change(block, element, value) {
      if (!values) return;
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = value;
      edited?.(block.block_id);
    },
    async act(block, element, value, pressed = null) {
      const { action_id, type } = element;
      const what = { action_id, block_id: block.block_id, value };
      const press = JSON.stringify([source, what]);
      if (underWay.has(press)) return;
      if (element.confirm && !(await confirmed(element.confirm, here.names))) return;
      underWay.add(press);
      pressed?.setAttribute("aria-disabled", "true");
      const done = await act("click", { ...source, ...(source.view ? { values } : {}), ...what });
      pressed?.removeAttribute("aria-disabled");
      underWay.delete(press);
      if (done.ok) note(`${roleOf(me())}:clicked:${action_id}`);
      problem(done.ok ? "" : (done.problem ?? `That ${type} did nothing.`));
    },
  };
  return here;
}

function peopleChoices() {
  const { people } = page.workspace;
  return people
    .filter((person) => !person.deleted)
    .map(({ id, name, title }) => ({ value: id, text: name, note: title }));
}

function conversationChoices() {
  return page.seen.conversations
    .filter((one) => !one.archived)
    .map((one) => {
      const people = one.with.map((id) => page.workspace.users[id]).join(", ");
      const channel = one.kind === "public" || one.kind === "private";
      return { value: one.id, kind: one.kind, text: channel ? `#${one.name}` : people };
    });
}

/** Asks what the app wants asked before an action; true for yes. */
function confirmed(spec, readers) {
  const titleId = newId("confirm");
  const dialog = h("dialog", { class: "confirm", "aria-labelledby": titleId });
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      resolve(yes);
    };
    const style = spec.style === "danger" ? "danger" : "primary";
    dialog.append(
      h("h2", { id: titleId }, plain(spec.title.text)),
      h("div", { class: "text" }, textOf(spec.text, readers)),
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "button", on: { click: () => answer(false) } },
          plain(spec.deny.text)),
        h("button", { type: "button", class: `button ${style}`, on: { click: () => answer(true) } },
          plain(spec.confirm.text)),
      ),
    );
    dialog.addEventListener("cancel", () => resolve(false));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
}
