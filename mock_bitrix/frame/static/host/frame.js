/** One open frame: the application in it, and how to answer it. */

import { answer } from "./protocol.js";

export class Frame {
  /** `opened`: what the server says of the frame; `place`: the element that it stands in. */
  constructor(opened, place, heading) {
    this.sid = opened.app_sid;
    this.origin = opened.origin;
    this.heading = heading;
    this.close = null;
    this.element = document.createElement("iframe");
    this.element.name = opened.name;
    this.element.title = opened.title;
    this.element.allow = "clipboard-read; clipboard-write";
    place.append(this.element);
    submit(opened);
  }

  /** Whether a message comes from this frame's window. */
  sent(event) {
    return event.source === this.element.contentWindow;
  }

  /** Answer a message; a key may be answered again, which is how events arrive. */
  answer(key, value) {
    this.element.contentWindow?.postMessage(answer(key, value), this.origin);
  }

  resize(width, height) {
    this.element.style.width = size(width) ?? this.element.style.width;
    this.element.style.height = size(height) ?? this.element.style.height;
  }
}

/** The application's page is asked for by a form, so that its server gets the tokens. */
function submit({ name, action, fields }) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.target = name;
  form.hidden = true;
  for (const [key, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = key;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

function size(value) {
  if (/^[0-9]+%$/.test(value)) {
    return value;
  }
  const pixels = Number.parseInt(value, 10);
  return pixels > 0 ? `${pixels}px` : undefined;
}
