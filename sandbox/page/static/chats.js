// The conversations of the person one is.

import { avatar, byId, h, icon } from "./dom.js";
import { open, page } from "./store.js";

let onOpened = () => {};

export function startChats(opened) {
  onOpened = opened;
}

export function drawChats() {
  const { conversations } = page.seen;
  const shown = (test) => conversations.filter(test);
  const channels = shown(({ kind }) => kind === "public" || kind === "private");
  const direct = shown(({ kind, is_app: app }) => (kind === "im" || kind === "mpim") && !app);
  const groups = [
    ["Channels", channels, "No channels yet. A pair gets a private one of its own."],
    ["Direct messages", direct, null],
    ["Apps", shown((one) => one.is_app), null],
  ];
  const focused = document.activeElement?.id;
  byId("chats-list").replaceChildren(...groups.map(group));
  if (focused?.startsWith("chat-")) byId(focused)?.focus();
}

function group([title, conversations, none]) {
  if (!conversations.length && !none) return "";
  const items = conversations.map((one) => h("li", {}, chat(one)));
  return h("section", {}, h("h3", {}, title),
    items.length ? h("ul", {}, items) : h("p", { class: "soft none" }, none));
}

function chat(one) {
  const current = one.id === page.channel;
  const unread = current ? 0 : one.unread;
  return h(
    "button",
    {
      type: "button",
      id: `chat-${one.id}`,
      class: unread ? "chat unread" : "chat",
      "aria-current": current ? "true" : null,
      on: {
        click: () => {
          onOpened();
          open(one.id);
        },
      },
    },
    sign(one),
    h("span", { class: "chat-name" }, titleOf(one)),
    one.archived && h("small", {}, "archived"),
    unread > 0 && h("span", { class: "badge" }, String(unread),
      h("span", { class: "hidden" }, " unread")),
  );
}

export function sign(one) {
  if (one.kind === "private") return icon("lock");
  if (one.kind === "public") return icon("hash");
  const other = one.with[0] ?? page.me;
  return avatar(other, page.workspace.users[other] ?? "?", one.is_app);
}

export function titleOf(one) {
  if (one.kind === "public" || one.kind === "private") return one.name;
  const others = one.with.map((id) => page.workspace.users[id] ?? id);
  return others.join(", ") || "Just you";
}
