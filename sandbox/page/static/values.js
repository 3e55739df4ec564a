// What form elements hold, as plain values: a string, a list, a number of seconds, or null.

const SEVERAL = /^multi_|^checkboxes$/;

export function isSeveral(element) {
  return SEVERAL.test(element.type);
}

/** The value set beforehand by the app. */
export function initialValue(element) {
  const values = (options) => options.map((option) => option.value);
  if (element.initial_options) return values(element.initial_options);
  if (element.initial_option) return element.initial_option.value;
  const name = Object.keys(element).find((key) => key.startsWith("initial_"));
  return name ? element[name] : isSeveral(element) ? [] : null;
}

/** The value in one entry of a view's `state.values`. */
export function stateValue(entry) {
  if ("value" in entry) return entry.value;
  if (entry.selected_options) return entry.selected_options.map((option) => option.value);
  if ("selected_option" in entry) return entry.selected_option?.value ?? null;
  const name = Object.keys(entry).find((key) => key.startsWith("selected_"));
  return name ? entry[name] : null;
}

/** What each element of a view holds, by block and action; `state` wins over what was set. */
export function valuesOf(view) {
  const values = {};
  for (const block of view.blocks) {
    for (const element of elementsOf(block)) {
      if (!element.action_id || element.type === "button" || element.type === "overflow") continue;
      const entry = view.state?.values?.[block.block_id]?.[element.action_id];
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = entry ? stateValue(entry) : initialValue(element);
    }
  }
  return values;
}

export function elementsOf(block) {
  return [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]
    .flat()
    .filter(Boolean);
}

export function optionsOf(element) {
  return element.option_groups
    ? element.option_groups.flatMap((group) => group.options)
    : (element.options ?? []);
}
