// Slack's mrkdwn as nodes. Nothing is ever parsed as HTML.
//
// `names` is {users, channels, me, zone}: what stands for an id, who reads, and where they are.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { slackDate } from "./time.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const BROADCASTS = new Set(["here", "channel", "everyone"]);
const SAFE_LINK = /^(https?:|mailto:|tel:)/i;
const STYLES = { "*": "strong", _: "em", "~": "s" };
/** What may stand before an opening and after a closing sign of a style. */
const AROUND = /[\s\p{P}\p{S}]/u;
const QUOTE = /^(?:&gt;|>)(?!@|#|!) ?/;
const BARE_LINK = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]’”"']/;

export function unescaped(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

/** Text with only emoji in it, as Slack shows plain_text. */
export function plain(text, withEmoji = true) {
  const whole = unescaped(text);
  if (!withEmoji) return whole;
  return whole.replace(/:([\w+-]+(?:::skin-tone-\d)?):/g, (typed, name) => emoji(name) ?? typed);
}

/** A text object of Block Kit, or a bare string of mrkdwn. */
export function textOf(object, names) {
  if (!object) return "";
  if (typeof object === "string") return mrkdwn(object, names);
  if (object.type === "plain_text") return lines(plain(object.text, object.emoji !== false));
  return mrkdwn(object.text, names, object.verbatim === true);
}

export function mrkdwn(text, names, verbatim = false) {
  const fragment = document.createDocumentFragment();
  text.trimEnd().split(/```\n?([\s\S]+?)\n?```/).forEach((part, index) => {
    if (index % 2) fragment.append(h("pre", {}, h("code", {}, unescaped(part))));
    else fragment.append(...paragraphs(part, index > 0, { ...names, verbatim }));
  });
  return fragment;
}

function paragraphs(text, afterCode, names) {
  const nodes = [];
  let quote = null;
  text = afterCode ? text.replace(/^\n/, "") : text;
  text.split("\n").forEach((line, index, all) => {
    const quoted = QUOTE.exec(line);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else nodes.push((quote = h("blockquote")));
      quote.append(...inline(line.slice(quoted[0].length), names));
      return;
    }
    nodes.push(...inline(line, names));
    if (index < all.length - 1) nodes.push(h("br"));
    quote = null;
  });
  return nodes;
}

/** The nodes of one line. */
function inline(text, names) {
  const nodes = [];
  let written = "";
  let at = 0;
  const put = (node, length) => {
    if (written) nodes.push(unescaped(written));
    written = "";
    nodes.push(node);
    at += length;
  };
  while (at < text.length) {
    const found = special(text, at, names);
    if (found) put(found.node, found.length);
    else written += text[at++];
  }
  if (written) nodes.push(unescaped(written));
  return nodes;
}

/** What begins at this place, as {node, length}; null where it is only a sign. */
function special(text, at, names) {
  const rest = text.slice(at);
  switch (text[at]) {
    case "<":
      return control(rest, names);
    case "`": {
      const code = /^`([^`\n]+)`/.exec(rest);
      return code && { node: h("code", {}, unescaped(code[1])), length: code[0].length };
    }
    case ":": {
      const named = /^:([\w+-]+(?:::skin-tone-\d)?):/.exec(rest);
      const sign = named && emoji(named[1]);
      return sign ? { node: sign, length: named[0].length } : null;
    }
    case "*":
    case "_":
    case "~":
      return styled(text, at, names);
    case "h": {
      const bare = !names.verbatim && starts(text, at) && BARE_LINK.exec(rest);
      return bare ? { node: link(unescaped(bare[0])), length: bare[0].length } : null;
    }
    default:
      return null;
  }
}

function starts(text, at) {
  return at === 0 || AROUND.test(text[at - 1]);
}

function styled(text, at, names) {
  const sign = text[at];
  if (!starts(text, at) || !text[at + 1] || /[\s]/.test(text[at + 1])) return null;
  for (let end = text.indexOf(sign, at + 2); end > 0; end = text.indexOf(sign, end + 1)) {
    const after = text[end + 1];
    if (!/\s/.test(text[end - 1]) && (!after || AROUND.test(after))) {
      const inner = inline(text.slice(at + 1, end), names);
      return { node: h(STYLES[sign], {}, inner), length: end + 1 - at };
    }
  }
  return null;
}

/** <@U…>, <#C…>, <!here>, <!date^…>, <https://…|words>; anything else is what somebody typed. */
function control(rest, names) {
  const whole = /^<([^<>\n]+)>/.exec(rest);
  if (!whole) return null;
  const [target, ...more] = whole[1].split("|");
  const words = more.join("|");
  const node = mention(target, words, names) ?? (SAFE_LINK.test(target) && link(target, words));
  return node ? { node, length: whole[0].length } : null;
}

function mention(target, words, names) {
  if (target.startsWith("@")) return user(target.slice(1), names, words);
  if (target.startsWith("#")) return channel(target.slice(1), names);
  if (!target.startsWith("!")) return null;
  const [kind, ...parts] = target.slice(1).split("^");
  if (kind === "date") {
    const said = slackDate(Number(parts[0]), parts[1] ?? "", names.zone);
    return h("time", { title: unescaped(words) }, parts[2] ? link(parts[2], said) : said);
  }
  if (kind === "subteam") return h("span", { class: "mention" }, unescaped(words) || "@group");
  return BROADCASTS.has(kind) ? broadcast(kind) : null;
}

export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

export function user(id, names, words = "") {
  const own = id === names.me ? "mention mention-me" : "mention";
  const name = Object.hasOwn(names.users, id) ? names.users[id] : unescaped(words) || id;
  return h("span", { class: own }, `@${name}`);
}

/** Whoever is not in a private channel does not learn its name, whatever the message says. */
export function channel(id, names) {
  const name = Object.hasOwn(names.channels, id) ? `#${names.channels[id]}` : "private channel";
  return h("span", { class: "mention" }, name);
}

/** A link that leaves the page in a tab of its own; with no safe address only its words. */
export function link(address, words = "") {
  const href = unescaped(address);
  const said = unescaped(words) || href.replace(/^mailto:/, "");
  if (!SAFE_LINK.test(href)) return said;
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, said);
}

/** Opens an address in a tab of its own, if it is safe to. */
export function follow(address) {
  if (SAFE_LINK.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}

export function lines(text) {
  const fragment = document.createDocumentFragment();
  text.split("\n").forEach((line, index) => {
    if (index) fragment.append(h("br"));
    fragment.append(line);
  });
  return fragment;
}
