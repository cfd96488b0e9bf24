/** Dialogs: choosing from a list, and a frame on top of the page. */

import { Frame } from "./frame.js";

/**
 * Let the person choose. `groups`: names with their choices, each `{label, value, disabled}`.
 * Gives the chosen values, or null where the dialog was closed without a choice.
 */
export function choose(title, groups, multiple) {
  const dialog = made("dialog", { ariaLabel: title });
  const form = made("form", { method: "dialog" });
  const inputs = new Map();
  form.append(made("h2", { textContent: title }));
  form.append(...groups.map((group) => fieldset(group, multiple ? "checkbox" : "radio", inputs)));
  form.append(made("button", { value: "chosen", textContent: "Select" }));
  form.append(" ", made("button", { value: "", textContent: "Cancel" }));
  dialog.append(form);
  return shown(dialog, () => {
    return [...inputs].filter(([input]) => input.checked).map(([, value]) => value);
  });
}

function fieldset({ name, choices }, type, inputs) {
  const place = made("fieldset", { className: "choices" });
  place.append(made("legend", { textContent: name }));
  for (const { label, value, disabled } of choices) {
    const input = made("input", { type, name: "choice", disabled: Boolean(disabled) });
    const line = made("label");
    line.append(input, ` ${label}`);
    place.append(line);
    inputs.set(input, value);
  }
  if (choices.length === 0) {
    place.append(made("p", { textContent: "There is nothing to choose." }));
  }
  return place;
}

/** Tell something until it is closed. */
export function tell(title, text) {
  const dialog = made("dialog", { ariaLabel: title });
  const form = made("form", { method: "dialog" });
  form.append(made("h2", { textContent: title }), made("p", { textContent: text }));
  form.append(made("button", { textContent: "Close" }));
  dialog.append(form);
  return shown(dialog);
}

/** Open a frame on top of the page. `closed` settles when it is gone. */
export function slide(opened, title, width) {
  const dialog = made("dialog", { className: "slider", ariaLabel: title });
  const form = made("form", { method: "dialog", className: "bar" });
  const heading = made("h2", { textContent: title });
  form.append(heading, made("button", { textContent: "Close" }));
  dialog.append(form);
  if (width > 0) {
    dialog.style.width = `${width}px`;
  }
  const closed = shown(dialog);
  const frame = new Frame(opened, dialog, heading);
  frame.close = () => dialog.close();
  return { frame, closed };
}

function shown(dialog, result) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(result && dialog.returnValue === "chosen" ? result() : null);
      dialog.remove();
    });
  });
}

function made(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}
