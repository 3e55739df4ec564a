// Pictures: those the app uploaded to this workspace. Nothing is fetched from outside.

import { h, icon } from "./dom.js";
import { plain } from "./mrkdwn.js";

const OURS = /^https?:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?(\/files\/[^?#]+)/;

/** An image block or element; its alternative text in a frame where it cannot be shown. */
export function image(spec, surface, small = false) {
  const alt = plain(spec.alt_text ?? "");
  const src = source(spec, surface.names.me);
  const classes = small ? "picture small" : "picture";
  if (src) return h("img", { class: classes, src, alt, loading: "lazy" });
  const why = small ? null : h("small", {}, "This picture is elsewhere; the demo stays offline.");
  return h("span", { class: `${classes} absent` }, icon("picture"), h("span", {}, alt, why));
}

function source(spec, me) {
  if (spec.slack_file?.id) return fileAddress({ id: spec.slack_file.id, name: "picture" }, me);
  const address = spec.slack_file?.url ?? spec.image_url ?? "";
  if (address.startsWith("data:image/")) return address;
  const path = OURS.exec(address)?.[1];
  return path ? `${path}?as=${encodeURIComponent(me)}` : null;
}

export function fileAddress({ id, name }, me) {
  const path = [id, name || "file"].map(encodeURIComponent).join("/");
  return `/files/${path}?as=${encodeURIComponent(me)}`;
}

/** A file shared in a message. */
export function file(spec, surface) {
  const href = fileAddress(spec, surface.names.me);
  const title = spec.title || spec.name || "file";
  if (spec.mimetype?.startsWith("image/")) {
    return h("figure", {}, h("img", { class: "picture", src: href, alt: spec.alt_txt || title }));
  }
  return h("a", { class: "file", href, download: spec.name ?? "" }, icon("file"), title);
}
