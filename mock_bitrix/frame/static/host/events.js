/** Events of the portal's interface: the page lists those that are waited for, and fires them. */

/** Wait for an event; `fire` is called with each value that a person gives it. */
export function bindEvent(name, fire) {
  const form = document.createElement("form");
  const label = document.createElement("label");
  const input = document.createElement("textarea");
  const button = document.createElement("button");
  input.rows = 2;
  input.placeholder = "JSON, or nothing";
  button.textContent = "Fire";
  label.append(name, document.createElement("br"), input);
  form.append(label, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(input, fire);
  });
  input.addEventListener("input", () => input.setCustomValidity(""));
  const section = document.getElementById("events");
  section.append(form);
  section.hidden = false;
}

function send(input, fire) {
  try {
    fire(input.value.trim() === "" ? undefined : JSON.parse(input.value));
  } catch {
    input.setCustomValidity("This is no JSON.");
    input.reportValidity();
  }
}
