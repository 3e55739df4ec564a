// Block Kit's layout blocks, as nodes.

import { chart } from "./chart.js";
import { h, icon } from "./dom.js";
import { elementNode, inputBlock, note } from "./elements.js";
import { file, image } from "./images.js";
import { plain, textOf } from "./mrkdwn.js";
import { markdown, richText } from "./rich_text.js";

/** Each takes the block and its surface (see elements.js). */
const BLOCKS = {
  header: (block) => h("p", { class: "block-header", role: "heading", "aria-level": "3" },
    plain(block.text.text)),
  section,
  context,
  divider: () => h("hr"),
  image: imageBlock,
  actions: (block, surface) =>
    h("div", { class: "actions" }, block.elements.map((one) => elementNode(one, block, surface))),
  context_actions: (block, surface) =>
    h("div", { class: "actions" }, block.elements.map((one) => elementNode(one, block, surface))),
  input: inputBlock,
  rich_text: (block, surface) => richText(block, surface.names),
  markdown: (block) => markdown(block.text),
  table,
  data_visualization: (block) => chart(block),
  alert,
  card,
  carousel: (block, surface) =>
    h("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" },
      block.elements.map((one) => card(one, surface))),
  container,
  file: (block) => note(`A file from elsewhere (${block.external_id}) is not shown here.`),
  video: (block) => note(`A video: ${plain(block.alt_text ?? block.title?.text ?? "")}`),
};

export function blockNodes(blocks, surface) {
  return blocks.map((block) => {
    try {
      const draw = BLOCKS[block.type];
      return draw ? draw(block, surface) : note(`A block of kind ${block.type} stands here.`);
    } catch {
      return note(`A ${block.type} stands here that the demo cannot show.`);
    }
  });
}

function section(block, surface) {
  const id = `${surface.id}-${block.block_id}-text`;
  const text = block.text && h("div", { class: "text", id }, textOf(block.text, surface.names));
  const fields = block.fields?.map((one) => h("div", {}, textOf(one, surface.names)));
  const accessory = block.accessory;
  const named = block.text ? { "aria-labelledby": id } : {};
  return h(
    "div",
    { class: `section ${accessory?.type === "image" ? "with-image" : ""}` },
    h("div", { class: "section-main" }, text, fields && h("div", { class: "fields" }, fields)),
    accessory &&
      h("div", { class: "accessory" }, elementNode(accessory, block, surface, named)),
  );
}

function context(block, surface) {
  const parts = block.elements.map((one) =>
    one.type === "image"
      ? image(one, surface, true)
      : h("span", {}, textOf(one, surface.names)),
  );
  return h("div", { class: "context" }, parts);
}

function imageBlock(block, surface) {
  const title = block.title && h("figcaption", {}, textOf(block.title, surface.names));
  return h("figure", {}, title, image(block, surface));
}

function table(block, surface) {
  const aligned = (column) => `align-${block.column_settings?.[column]?.align ?? "left"}`;
  const cell = (tag, one, column) =>
    h(tag, { class: aligned(column), scope: tag === "th" ? "col" : null },
      one.type === "rich_text" ? richText(one, surface.names) : (one.text ?? ""));
  const [head, ...rows] = block.rows.map((row, index) =>
    h("tr", {}, row.map((one, column) => cell(index ? "td" : "th", one, column))),
  );
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}

const LEVELS = { info: "Note", warning: "Warning", error: "Problem", success: "Done" };

function alert(block, surface) {
  const level = LEVELS[block.level] ? block.level : "info";
  const said = h("span", { class: "hidden" }, `${LEVELS[level]}: `);
  return h("div", { class: `alert ${level}` }, icon(level === "success" ? "check" : "alert"),
    h("div", {}, said, textOf(block.text, surface.names)));
}

function card(block, surface) {
  const { names } = surface;
  return h(
    "article",
    { class: "card" },
    block.hero_image && image(block.hero_image, surface),
    h(
      "div",
      { class: "card-body" },
      block.icon && image(block.icon, surface, true),
      block.title && h("strong", {}, textOf(block.title, names)),
      block.subtitle && h("div", { class: "soft" }, textOf(block.subtitle, names)),
      block.body && h("div", {}, textOf(block.body, names)),
      block.actions &&
        h("div", { class: "actions" }, block.actions.map((one) =>
          elementNode(one, block, surface))),
    ),
  );
}

function container(block, surface) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, surface.names)
    : textOf(block.title, surface.names);
  const inside = blockNodes(block.child_blocks, surface);
  if (!block.is_collapsible) return h("div", { class: "card card-body" }, h("strong", {}, title),
    inside);
  const open = !block.default_collapsed;
  return h("details", { class: "card card-body", open }, h("summary", {}, title), inside);
}

/** Everything a message says. One that the page cannot draw keeps no other from being read. */
export function messageBody(message, surface) {
  try {
    return saidIn(message, surface);
  } catch {
    return [note("A message stands here that the demo cannot show.")];
  }
}

/** Its blocks, else its text; then attachments and files. */
function saidIn(message, surface) {
  const { names } = surface;
  const nodes = message.blocks?.length
    ? blockNodes(message.blocks, surface)
    : message.text
      ? [h("div", { class: "text" }, textOf({ type: "mrkdwn", text: message.text }, names))]
      : [];
  for (const [index, attachment] of (message.attachments ?? []).entries()) {
    nodes.push(attachmentNode(attachment, { ...surface, id: `${surface.id}-a${index}` }));
  }
  return [...nodes, ...(message.files ?? []).map((one) => file(one, surface))];
}

function attachmentNode(attachment, surface) {
  const { names } = surface;
  const { pretext, title, text, fields, footer } = attachment;
  const field = (one) => h("div", {}, h("strong", {}, plain(one.title ?? "")), h("br"),
    textOf(one.value ?? "", names));
  return h(
    "div",
    { class: "attachment" },
    pretext && h("div", {}, textOf(pretext, names)),
    title && h("strong", {}, plain(title)),
    text && h("div", {}, textOf(text, names)),
    fields && h("div", { class: "fields" }, fields.map(field)),
    attachment.blocks && blockNodes(attachment.blocks, surface),
    footer && h("div", { class: "context" }, plain(footer)),
  );
}
