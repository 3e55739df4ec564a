// Slack's rich_text blocks, and the basic Markdown of its markdown blocks.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channel, lines, link, user } from "./mrkdwn.js";
import { slackDate } from "./time.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

export function richText(block, names) {
  return h("div", { class: "rich" }, block.elements.map((element) => group(element, names)));
}

function group(element, names) {
  const parts = () => (element.elements ?? []).map((one) => part(one, names));
  switch (element.type) {
    case "rich_text_section":
      return h("p", {}, parts());
    case "rich_text_quote":
      return h("blockquote", {}, parts());
    case "rich_text_preformatted":
      return h("pre", {}, h("code", {}, parts()));
    case "rich_text_list":
      return list(element, names);
    default:
      return h("p", { class: "unknown" }, `${element.type} is not shown here.`);
  }
}

function list(element, names) {
  const ordered = element.style === "ordered";
  const start = ordered && element.offset ? element.offset + 1 : null;
  const indent = `indent-${Math.min(element.indent ?? 0, 6)}`;
  const items = element.elements.map((item) =>
    h("li", {}, (item.elements ?? []).map((one) => part(one, names))),
  );
  return h(ordered ? "ol" : "ul", { class: indent, start }, items);
}

function part(element, names) {
  let node = bare(element, names);
  for (const [style, tag] of Object.entries(STYLES)) {
    if (element.style?.[style]) node = h(tag, {}, node);
  }
  return node;
}

function bare(element, names) {
  switch (element.type) {
    case "text":
      return lines(element.text);
    case "link":
      return link(element.url, element.text);
    case "user":
      return user(element.user_id, names);
    case "channel":
      return channel(element.channel_id, names);
    case "broadcast":
      return broadcast(element.range);
    case "emoji":
      return emoji(element.name) ?? `:${element.name}:`;
    case "date":
      return slackDate(element.timestamp, element.format, names.zone);
    default:
      return element.text ?? element.fallback ?? "";
  }
}

const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|__[^_]+__|~~[^~]+~~|\*[^*\s][^*]*\*|_[^_\s][^_]*_|\[[^\]]+\]\([^)\s]+\))/;
const MARKS = [
  [/^`(.+)`$/s, "code"],
  [/^\*\*(.+)\*\*$/s, "strong"],
  [/^__(.+)__$/s, "strong"],
  [/^~~(.+)~~$/s, "s"],
  [/^\*(.+)\*$/s, "em"],
  [/^_(.+)_$/s, "em"],
];

/** Headings, lists, quotes, code and inline marks; a table or picture stays as it was written. */
export function markdown(text) {
  const root = h("div", { class: "rich" });
  text.split(/```\w*\n([\s\S]*?)```/).forEach((piece, index) => {
    if (index % 2) root.append(h("pre", {}, h("code", {}, piece)));
    else piece.split(/\n{2,}/).forEach((paragraph) => root.append(...blocks(paragraph.trim())));
  });
  return root;
}

function blocks(paragraph) {
  const nodes = [];
  for (const line of paragraph.split("\n")) {
    const [, head, item, number, quote] =
      /^(?:#{1,6} (.*)|[-*+] (.*)|\d+[.)] (.*)|> ?(.*))$/.exec(line) ?? [];
    if (head !== undefined) nodes.push(h("p", { class: "heading" }, marks(head)));
    else if (item !== undefined) into(nodes, "ul").append(h("li", {}, marks(item)));
    else if (number !== undefined) into(nodes, "ol").append(h("li", {}, marks(number)));
    else if (quote !== undefined) nodes.push(h("blockquote", {}, marks(quote)));
    else if (/^(-{3,}|\*{3,})$/.test(line)) nodes.push(h("hr"));
    else if (line) into(nodes, "p").append(...marks(line), " ");
  }
  return nodes;
}

/** The last node if it is of this kind, else a new one. */
function into(nodes, tag) {
  if (nodes.at(-1)?.tagName.toLowerCase() !== tag || nodes.at(-1).className) nodes.push(h(tag));
  return nodes.at(-1);
}

function marks(text) {
  return text.split(INLINE).filter(Boolean).map((piece) => {
    const target = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(piece);
    if (target) return link(target[2], target[1]);
    const found = MARKS.find(([mark]) => mark.test(piece));
    return found ? h(found[1], {}, marks(found[0].exec(piece)[1])) : piece;
  });
}
