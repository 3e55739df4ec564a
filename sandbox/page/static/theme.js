// Light or dark: as the system says, until somebody chooses here.

import { byId } from "./dom.js";

const KEY = "turnabout.theme";

export function startTheme() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (localStorage.getItem(KEY) ?? (dark.matches ? "dark" : "light")) === "dark";
  const show = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    byId("theme").setAttribute("aria-pressed", String(isDark()));
  };
  byId("theme").addEventListener("click", () => {
    localStorage.setItem(KEY, isDark() ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  show();
}
