// The page's one door to the server.

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    return { ok: false, problem: "The demo does not answer. Is it still running?" };
  }
  try {
    return await response.json();
  } catch {
    return { ok: false, problem: `The demo answered with ${response.status} and no reason.` };
  }
}

function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

const of = (person) => `/demo/people/${encodeURIComponent(person)}`;

export const workspace = () => ask("/demo/workspace");
export const person = (id) => ask(of(id));
export const messages = (id, channel) =>
  ask(`${of(id)}/messages?channel=${encodeURIComponent(channel)}`);
export const stripEntries = () => ask("/demo/strip");
export const tour = () => ask("/static/tour.json");

/** `act` is one of command, say, click, submit, close, home. */
export const act = (id, act, body) => post(`${of(id)}/${act}`, body);
export const moveClock = (days) => post("/demo/clock", { days });
export const setCast = (acting) => post("/demo/cast", { acting });

const REFUSED = 3000; // milliseconds after which a stream that was refused is asked for again

/**
 * Listens for as long as the page is open and in sight: a browser has six connections to one
 * server, so that a tab behind others must not hold one. `onLost` is called when the stream is
 * lost, `onBack` when it is there and something may have happened meanwhile: after the page was
 * fetched, after the stream was lost, or after the page was out of sight.
 */
export function listen({ onEvent, onLost, onBack }) {
  let stream = null;
  let behind = true;
  const open = () => {
    stream?.close();
    stream = document.hidden ? null : new EventSource("/demo/stream");
    behind ||= document.hidden;
    stream?.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
    stream?.addEventListener("error", ({ target }) => {
      behind = true;
      onLost();
      if (target.readyState !== EventSource.CLOSED) return; // it tries again by itself
      setTimeout(() => target === stream && open(), REFUSED);
    });
    stream?.addEventListener("open", () => {
      if (behind) onBack();
      behind = false;
    });
  };
  document.addEventListener("visibilitychange", open);
  open();
}
