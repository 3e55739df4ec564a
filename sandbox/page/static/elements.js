// Interactive elements of Block Kit.
//
// `surface` is where they stand (a message, modal or Home): {id, names, people, conversations,
// values, errors, change(block, element, value), act(block, element, value)}.

import { h, icon, newId } from "./dom.js";
import { picked, ticked, typed } from "./inputs.js";
import { follow, plain, textOf } from "./mrkdwn.js";
import { image } from "./images.js";
import { select } from "./selects.js";
import { initialValue, isSeveral } from "./values.js";

const CONVERSATION_KINDS = { public: "public", private: "private", im: "im", mpim: "mpim" };

/** `named` are attributes that give the element its accessible name. */
export function elementNode(element, block, surface, named = {}) {
  switch (element.type) {
    case "button":
    case "workflow_button":
      return button(element, block, surface);
    case "overflow":
      return overflow(element, block, surface);
    case "image":
      return image(element, surface);
    case "feedback_buttons":
      return [element.positive_button, element.negative_button].map((one) =>
        button({ ...element, ...one }, block, surface, "quiet"),
      );
    case "icon_button":
      return button({ ...element, icon: element.icon }, block, surface, "quiet");
    default:
      return field(element, block, surface, named);
  }
}

function button(element, block, surface, more = "") {
  const text = plain(element.text?.text ?? "");
  const go = (event) => {
    if (element.url) follow(element.url);
    surface.act(block, element, element.value ?? null, event.currentTarget);
  };
  return h(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""} ${more}`,
      "aria-label": element.accessibility_label ?? null,
      id: elementId(surface, block, element, element.value),
      on: { click: go },
    },
    element.icon === "trash" ? icon("trash") : null,
    text,
    element.url && icon("away"),
  );
}

function overflow(element, block, surface) {
  const menuId = newId("menu");
  const items = element.options.map((option) => {
    const choose = (event) => {
      menu.hidePopover();
      opener.focus();
      if (option.url) follow(option.url);
      surface.act(block, element, option.value, event.currentTarget);
    };
    const words = plain(option.text.text);
    return h("button", { type: "button", role: "menuitem", on: { click: choose } }, words);
  });
  const menu = h("div", { class: "menu", role: "menu", id: menuId, popover: "auto" }, items);
  const opener = h("button", {
    type: "button",
    class: "button quiet square",
    "aria-label": "More choices",
    "aria-haspopup": "menu",
    popovertarget: menuId,
  });
  opener.append(icon("dots"));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    const { left, bottom, right } = opener.getBoundingClientRect();
    const inside = Math.min(left, window.innerWidth - menu.offsetWidth - 8);
    menu.style.setProperty("left", `${Math.max(8, Math.min(inside, right))}px`);
    menu.style.setProperty("top", `${bottom + 4}px`);
    items[0].focus();
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = items.indexOf(document.activeElement) + step;
    items[(at + items.length) % items.length].focus();
  });
  return h("span", { class: "overflow" }, opener, menu);
}

export function elementId(surface, block, element, value = "") {
  return `${surface.id}-${block.block_id}-${element.action_id}-${value ?? ""}`.replace(/\s/g, "_");
}

/** Anything that holds a value. */
function field(element, block, surface, named) {
  const inForm = block.type === "input";
  const held = surface.values?.[block.block_id]?.[element.action_id];
  const control = {
    attributes: { id: elementId(surface, block, element), ...named },
    value: held === undefined ? initialValue(element) : held,
    change: (value) => {
      surface.change?.(block, element, value);
      if (inForm ? block.dispatch_action && !isTyped(element) : !isTyped(element)) {
        surface.act(block, element, value);
      }
    },
    enter: inForm && !block.dispatch_action ? null : (value) => surface.act(block, element, value),
  };
  if (!named["aria-labelledby"] && !inForm) {
    control.attributes["aria-label"] = plain(element.placeholder?.text ?? "Choose");
  }
  if (isTyped(element)) return typed(element, control);
  if (/^(date|time|datetime)picker$/.test(element.type)) {
    return picked(element, control, surface.names.zone);
  }
  if (element.type === "checkboxes" || element.type === "radio_buttons") {
    return ticked(element, control, surface.names);
  }
  const groups = choices(element, surface);
  if (!groups) return note(`This form asks for ${element.type}, which the demo does not have.`);
  return select(groups, control, {
    several: isSeveral(element),
    most: element.max_selected_items,
    placeholder: plain(element.placeholder?.text ?? "Choose…"),
    emptied: block.optional === true,
  });
}

function isTyped(element) {
  return element.type.endsWith("_input") && !/^(rich_text|file)_input$/.test(element.type);
}

/** What a select offers, in groups; null for an element that is no select. */
function choices(element, surface) {
  const kind = element.type.replace(/^multi_/, "");
  const asChoice = (option) => ({
    value: option.value,
    text: plain(option.text.text),
    note: option.description && plain(option.description.text),
  });
  switch (kind) {
    case "static_select":
      return (element.option_groups ?? [{ options: element.options }]).map((group) => ({
        label: group.label && plain(group.label.text),
        options: group.options.map(asChoice),
      }));
    case "users_select":
      return [{ options: surface.people }];
    case "channels_select":
      return [{ options: surface.conversations.filter(({ kind: one }) => one === "public") }];
    case "conversations_select":
      return [{ options: surface.conversations.filter((one) => included(one, element.filter)) }];
    default:
      return null;
  }
}

function included({ kind }, filter) {
  return !filter?.include || filter.include.includes(CONVERSATION_KINDS[kind]);
}

export function note(text) {
  return h("p", { class: "unknown" }, text);
}

/** The label, hint and error of an input block around its element. */
export function inputBlock(block, surface) {
  const { element, label, hint } = block;
  const id = elementId(surface, block, element);
  const error = surface.errors?.[block.block_id];
  const grouped = element.type === "checkboxes" || element.type === "radio_buttons";
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const named = {
    "aria-describedby": described || null,
    "aria-invalid": error ? "true" : null,
    "aria-labelledby": `${id}-label`,
    "aria-required": !block.optional && !grouped ? "true" : null,
  };
  const words = [
    textOf(label, surface.names),
    block.optional && h("span", { class: "optional" }, " (optional)"),
  ].filter(Boolean);
  return h(
    "div",
    { class: error ? "input wrong" : "input", data: { block: block.block_id } },
    h(grouped ? "span" : "label", { class: "label", id: `${id}-label`, for: grouped ? null : id },
      words),
    elementNode(element, block, surface, named),
    error && h("p", { class: "error", id: `${id}-error` }, icon("alert"), error),
    hint && h("p", { class: "hint", id: `${id}-hint` }, textOf(hint, surface.names)),
  );
}
