/** What the page shows of the talk: a line of its own to read now, and all messages below. */

const MOST = 200;
const SECRET = new Set(["AUTH_ID", "REFRESH_ID"]);

/** Say something to the person in front of the page. */
export function notice(text) {
  document.getElementById("notice").textContent = text;
}

/** Add a line to the messages; tokens are masked. */
export function note(direction, name, value) {
  const log = document.getElementById("log");
  const line = document.createElement("li");
  line.textContent = `${direction} ${name} ${shown(value)}`.trim();
  log.append(line);
  if (log.children.length > MOST) {
    log.firstElementChild.remove();
  }
  const count = document.getElementById("count");
  count.textContent = String(Number(count.textContent) + 1);
}

function shown(value) {
  return value === undefined ? "" : JSON.stringify(value, (key, each) => (SECRET.has(key) ? "…" : each));
}
