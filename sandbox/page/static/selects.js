// A select with a box to type into: one choice or several, in groups, thousands if need be.

import { h, icon, newId } from "./dom.js";

const SHOWN = 80;

/**
 * `groups` are [{label, options: [{value, text, note}]}]. `control` is as for inputs: {attributes,
 * value, change}; besides, `several`, `most` (how many), `placeholder` and `emptied` (whether one
 * choice may be taken back).
 */
export function select(groups, control, { several, most, placeholder, emptied }) {
  const options = groups.flatMap((group) => group.options);
  const chosen = () => options.filter((option) => held.includes(option.value));
  let held = [control.value ?? []].flat();
  let active = -1;
  const listId = newId("list");
  const { id, ...named } = control.attributes;
  const input = h("input", {
    ...named,
    id,
    class: "select-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    placeholder,
  });
  const list = h("div", {
    class: "options",
    role: "listbox",
    id: listId,
    popover: "manual",
    "aria-label": "Choices",
    "aria-multiselectable": several ? "true" : null,
  });
  const chips = h("span", { class: "chips" });
  const box = h("span", { class: "select" }, chips, input, icon("down"), list);

  const rows = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => input.getAttribute("aria-expanded") === "true";

  function open() {
    fill();
    if (isOpen()) return;
    input.setAttribute("aria-expanded", "true");
    list.showPopover();
    place();
  }

  function close() {
    if (!isOpen()) return;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    list.hidePopover();
  }

  function place() {
    const { left, top, bottom, width } = box.getBoundingClientRect();
    const below = window.innerHeight - bottom - 12;
    const up = below < 180 && top > below;
    const room = Math.max(120, Math.min(300, up ? top - 12 : below));
    list.style.setProperty("left", `${left}px`);
    list.style.setProperty("width", `${width}px`);
    list.style.setProperty("max-height", `${room}px`);
    list.style.setProperty("top", up ? "auto" : `${bottom + 4}px`);
    list.style.setProperty("bottom", up ? `${window.innerHeight - top + 4}px` : "auto");
  }

  function fill() {
    const typed = input.dataset.typed === "yes" ? input.value.trim().toLowerCase() : "";
    const fits = ({ text, note = "" }) => `${text} ${note}`.toLowerCase().includes(typed);
    let room = SHOWN;
    const nodes = groups.map(({ label, options: all }) => {
      const fitting = all.filter(fits).slice(0, room);
      room -= fitting.length;
      if (!label || !fitting.length) return fitting.map(row);
      const name = h("div", { class: "options-label", "aria-hidden": "true" }, label);
      return h("div", { role: "group", "aria-label": label }, name, fitting.map(row));
    });
    list.replaceChildren(...nodes.flat());
    if (room === SHOWN) list.append(h("div", { class: "options-none" }, "Nothing like that here"));
    if (room === 0) list.append(h("div", { class: "options-none" }, "Type to see more"));
    const first = rows().findIndex((one) => one.getAttribute("aria-selected") === "true");
    activate(first >= 0 && !typed ? first : 0);
  }

  function row(option) {
    const selected = held.includes(option.value);
    const note = option.note && h("small", {}, option.note);
    const node = h(
      "div",
      { class: "option", role: "option", id: newId("option"), "aria-selected": String(selected) },
      h("span", {}, option.text, note),
      selected && icon("check"),
    );
    node.dataset.value = option.value;
    node.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(option.value);
    });
    return node;
  }

  function activate(index) {
    const all = rows();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((one, at) => one.classList.toggle("active", at === active));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(value) {
    if (!several) held = [value];
    else if (held.includes(value)) held = held.filter((one) => one !== value);
    else if (!most || held.length < most) held = [...held, value];
    input.value = "";
    input.dataset.typed = "no";
    show();
    if (several) fill();
    else close();
    control.change(several ? held : value);
  }

  function drop(value) {
    held = held.filter((one) => one !== value);
    show();
    control.change(several ? held : null);
  }

  function show() {
    if (!several) {
      input.value = chosen()[0]?.text ?? "";
      return;
    }
    const chip = (option) => {
      const remove = () => {
        drop(option.value);
        input.focus();
      };
      const label = `Remove ${option.text}`;
      const cross = h("button", { type: "button", "aria-label": label, on: { click: remove } });
      cross.append(icon("cross"));
      return h("span", { class: "chip" }, option.text, cross);
    };
    chips.replaceChildren(...chosen().map(chip));
    input.placeholder = held.length ? "" : (placeholder ?? "");
  }

  function pressed(event) {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (isOpen()) activate(active + (key === "ArrowDown" ? 1 : -1));
      else open();
    } else if (key === "Enter") {
      event.preventDefault();
      if (isOpen()) rows()[active]?.dataset.value && choose(rows()[active].dataset.value);
      else open();
    } else if (key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (key === "Backspace" && several && !input.value && held.length) {
      drop(held.at(-1));
    }
  }

  function left() {
    close();
    if (!several && emptied && input.dataset.typed === "yes" && !input.value) drop(held[0]);
    input.value = "";
    input.dataset.typed = "no";
    show();
  }

  input.addEventListener("keydown", pressed);
  input.addEventListener("blur", left);
  input.addEventListener("click", open);
  input.addEventListener("input", () => {
    input.dataset.typed = "yes";
    open();
  });
  input.addEventListener("focus", () => !several && input.select());
  box.addEventListener("click", (event) => event.target.closest("button") || input.focus());
  show();
  return box;
}
