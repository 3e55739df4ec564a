// Times as the person one is would read them: in their own zone.

const formats = new Map();

function format(options, zone) {
  const key = JSON.stringify([options, zone]);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: known(zone) }));
  }
  return formats.get(key);
}

function known(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone || "UTC";
  } catch {
    return "UTC";
  }
}

export function ofTs(ts) {
  return new Date(Number(ts) * 1000);
}

export function clockTime(date, zone) {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone).format(date);
}

export function exactTime(date, zone) {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return format(options, zone).format(date);
}

export function day(date, zone) {
  return format({ weekday: "long", day: "numeric", month: "long" }, zone).format(date);
}

export function shortDay(date, zone) {
  const options = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return format(options, zone).format(date);
}

/** “London” for Europe/London. */
export function city(zone) {
  const place = known(zone).split("/").at(-1).replaceAll("_", " ");
  return zone && known(zone) === zone ? place : "UTC";
}

const SLACK_FORMATS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/** Slack's <!date^…>: `pattern` with tokens such as {date_short} filled in. */
export function slackDate(seconds, pattern, zone) {
  const date = new Date(seconds * 1000);
  return pattern.replace(/\{(\w+?)(_pretty)?\}/g, (token, name) =>
    SLACK_FORMATS[name] ? format(SLACK_FORMATS[name], zone).format(date) : token,
  );
}

/** Unix seconds as a local “YYYY-MM-DDTHH:MM” in `zone`, as datetime-local inputs take it. */
export function toLocal(seconds, zone) {
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const parts = format(options, zone).formatToParts(new Date(seconds * 1000));
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The other way round. Where clocks go back, the earlier of the two moments. */
export function toUnix(local, zone) {
  const asUtc = Date.parse(`${local}Z`) / 1000;
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1) {
    guess += asUtc - Date.parse(`${toLocal(guess, zone)}Z`) / 1000;
  }
  return guess;
}
