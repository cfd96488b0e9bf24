// Makes an element what a fresh one is, and leaves alone whatever is the same already: what has the
// focus keeps it, what was opened stays open, what was selected stays selected.

const THEIRS = { DETAILS: ["open"], DIV: ["scrollleft"] };

export function morph(old, fresh) {
  copyAttributes(old, fresh);
  copyChildren(old, fresh);
}

function copyAttributes(old, fresh) {
  const theirs = THEIRS[old.nodeName] || [];
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !theirs.includes(name)) { old.setAttribute(name, value); }
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !theirs.includes(name)) { old.removeAttribute(name); }
  }
}

function copyChildren(old, fresh) {
  const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  for (const child of [...old.children]) {
    if (child.id && !wanted.has(child.id)) { child.remove(); }
  }
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const found = known.get(child.id) || (alike(place, child) ? place : null);
    if (found === null) {
      old.insertBefore(document.importNode(child, true), place);
    } else {
      if (found === place) { place = place.nextSibling; } else { old.insertBefore(found, place); }
      renew(found, child);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function alike(place, child) {
  return place !== null && place.nodeName === child.nodeName && !place.id && !child.id;
}

function renew(found, child) {
  if (found.nodeType === Node.ELEMENT_NODE) {
    morph(found, child);
  } else if (found.nodeValue !== child.nodeValue) {
    found.nodeValue = child.nodeValue;
  }
}
