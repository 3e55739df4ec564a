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

/**
 * Listens for as long as the page is open. `onBack` is called when the stream comes back after
 * it was lost, `onLost` when it is lost.
 */
export function listen({ onEvent, onLost, onBack }) {
  const stream = new EventSource("/demo/stream");
  let lost = false;
  stream.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    lost = true;
    onLost();
  });
  stream.addEventListener("open", () => {
    if (lost) onBack();
    lost = false;
  });
}
