// What the forms of a portal's page do: each sends one call to the control API and tells, in a
// sentence beside the button, what came of it.

const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
const given = (text, read) => text.trim() === "" ? undefined : read(text);

function json(text) {
  try {
    return JSON.parse(text);
  } catch (problem) {
    throw new Wrong("data", `Data is no JSON: ${problem.message}`);
  }
}

class Wrong extends Error {
  constructor(path, message) {
    super(message);
    this.path = path;
  }
}

const ACTIONS = {
  emit: {
    call: ({ event, data, user_id, client_id, auth_connector }) => ["POST", "events", {
      event, data: given(data, json), user_id: given(user_id, Number),
      client_id: given(client_id, String), auth_connector,
    }],
    told: happened,
  },
  advance: {
    call: ({ seconds }) => ["PUT", "clock", { advance: Number(seconds) }],
    told: ({ now }) => `It is ${now}.`,
  },
  freeze: {
    call: ({ at }) => ["PUT", "clock", { freeze: given(at, String) ?? true }],
    told: ({ now }) => `The clock stands at ${now}.`,
  },
  resume: {
    call: () => ["PUT", "clock", { resume: true }],
    told: () => "The clock runs.",
  },
  fault: {
    call: ({ fault, method, times, when, probability, delay }) => ["POST", "faults", {
      fault, method, when, times: given(times, Number),
      probability: given(probability, Number), delay: given(delay, Number),
    }],
    told: ({ fault, method }) => `${fault} is ordered for ${method}.`,
  },
  remove: {
    call: (_, form) => ["DELETE", `faults/${form.closest("[data-number]").dataset.number}`],
    told: () => "Taken back.",
  },
  heal: {
    call: () => ["DELETE", "faults"],
    told: ({ deleted }) => `${count(deleted, "fault")} taken back.`,
  },
};

function happened({ queued, delivered, skipped }) {
  const lines = [
    ...queued.map((row) => `${row.refreshed ? "Refreshed" : "Queued as"} row ${row.id} of ${row.client_id}${under(row)}.`),
    ...delivered.map((due) => `Sent to the handler of ${due.client_id || "an outgoing webhook"}.`),
    ...skipped.map((each) => `Passed over ${each.client_id}${under(each)}: ${each.reason}.`),
  ];
  return lines.join(" ") || "Nobody has bound this event: nothing came of it.";
}

function under(row) { return row.auth_connector ? ` under ${row.auth_connector}` : ""; }

async function send(portal, verb, path, body) {
  const request = { method: verb, headers: { "Content-Type": "application/json" } };
  if (body !== undefined) { request.body = JSON.stringify(body); }
  const answer = await fetch(`/_mock/portals/${encodeURIComponent(portal)}/${path}`, request);
  const text = await answer.text();
  if (answer.ok) { return text ? JSON.parse(text) : {}; }
  throw refusal(text, answer.status);
}

function refusal(text, status) {
  try {
    const { error, path } = JSON.parse(text);
    return new Wrong(path, path ? `${path}: ${error}` : error);
  } catch {
    return new Wrong(null, `The server answered with status ${status}.`);
  }
}

// Numbers that are none would silently be left out of JSON.
function checked(body) {
  for (const [name, value] of Object.entries(body || {})) {
    if (Number.isNaN(value)) { throw new Wrong(name, `${name}: expected a number`); }
  }
  return body;
}

export async function act(form, submitter, portal) {
  const action = ACTIONS[form.dataset.action];
  const fields = Object.fromEntries(new FormData(form, submitter));
  try {
    const [verb, path, body] = action.call(fields, form);
    tell(form, action.told(await send(portal, verb, path, checked(body))), false);
  } catch (problem) {
    tell(form, problem.message, true);
    point(form, problem.path);
  }
}

function tell(form, text, bad) {
  const told = form.querySelector(".told");
  told.textContent = text;
  told.classList.toggle("bad", bad);
  for (const field of form.querySelectorAll("[aria-invalid]")) { field.removeAttribute("aria-invalid"); }
}

// The field that is wrong gets the focus, so that it can be put right at once.
function point(form, path) {
  const name = { advance: "seconds", freeze: "at" }[path] || String(path || "").split(/[.[]/)[0];
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLElement && field.type !== "submit") {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

// Data begins with the event's documented sample; what somebody has written stays.
export async function prefill(form) {
  const { event, data } = form.elements;
  if (data.value.trim() !== "" && data.value !== (data.dataset.sample ?? data.defaultValue)) { return; }
  const answer = await fetch(`/console/samples/${encodeURIComponent(event.value.trim())}`);
  data.value = answer.ok ? await answer.text() : "";
  data.dataset.sample = data.value;
}
