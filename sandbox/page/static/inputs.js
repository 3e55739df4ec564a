// Form elements that are typed into, picked from a calendar, or ticked.
//
// Each takes the element as the app gave it and `control`: {attributes} for its accessible name,
// the `value` it holds, `change(value)` for every change, `enter()` where Enter tells the app.

import { h } from "./dom.js";
import { plain, textOf } from "./mrkdwn.js";
import { toLocal, toUnix } from "./time.js";

const TYPES = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
};

export function typed(element, control) {
  const attributes = {
    ...control.attributes,
    class: "field",
    placeholder: element.placeholder ? plain(element.placeholder.text) : null,
    autocomplete: "off",
    maxlength: element.max_length ?? null,
    minlength: element.min_length ?? null,
    min: element.min_value ?? null,
    max: element.max_value ?? null,
    step: element.type === "number_input" && element.is_decimal_allowed ? "any" : null,
    on: {
      input: (event) => control.change(event.target.value || null),
      keydown: (event) => {
        if (event.key === "Enter" && control.enter && !event.isComposing) {
          event.preventDefault();
          control.enter(event.target.value || null);
        }
      },
    },
  };
  const input = element.multiline
    ? h("textarea", { ...attributes, rows: 3 })
    : h("input", { ...attributes, type: TYPES[element.type] ?? "text" });
  input.value = control.value ?? "";
  return input;
}

/** A date, a time of day, or (as Unix seconds) a moment in the person's own zone. */
export function picked(element, control, zone) {
  const [type, show, read] = {
    datepicker: ["date", (value) => value, (text) => text],
    timepicker: ["time", (value) => value, (text) => text],
    datetimepicker: [
      "datetime-local",
      (value) => toLocal(Number(value), zone),
      (text) => toUnix(text, zone),
    ],
  }[element.type];
  const change = (event) => control.change(event.target.value ? read(event.target.value) : null);
  const input = h("input", { ...control.attributes, class: "field", type, on: { change } });
  input.value = control.value ? show(control.value) : "";
  return input;
}

/** Checkboxes or radio buttons. */
export function ticked(element, control, names) {
  const several = element.type === "checkboxes";
  const held = new Set(several ? (control.value ?? []) : [control.value]);
  const { id, ...attributes } = control.attributes;
  const choose = (option, on) => {
    if (!several) held.clear();
    if (on) held.add(option.value);
    else held.delete(option.value);
    const order = element.options.map(({ value }) => value).filter((value) => held.has(value));
    control.change(several ? order : (order[0] ?? null));
  };
  const choice = (option, index) => {
    const input = h("input", {
      type: several ? "checkbox" : "radio",
      name: id,
      id: `${id}-${index}`,
      on: { change: (event) => choose(option, event.target.checked) },
    });
    input.checked = held.has(option.value);
    const note = option.description && h("small", {}, textOf(option.description, names));
    return h("label", { class: "choice" }, input, h("span", {}, textOf(option.text, names), note));
  };
  const role = several ? "group" : "radiogroup";
  return h("div", { ...attributes, id, class: "choices", role }, element.options.map(choice));
}
