"""Places in a document: keys and positions, from the outside in."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from mock_bitrix.journal.masking import LEAST, hide

Path = tuple[str | int, ...]

SECRETS = ("secret", "access_token", "refresh_token", "client_secret", "application_token")
"""Keys of a document under which nobody else may see what stands there."""


def shown(path: Path) -> str:
    """A path as people read it: `apps[0].bindings[2].event`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def told(path: Path, value: str) -> str:
    """The value that stands there, as a message may show it: of a secret only the beginning."""
    names = [part for part in path if isinstance(part, str)]
    secret = bool(names) and names[-1] in SECRETS and len(value) >= LEAST
    return hide(value) if secret else value


def hint(given: str, names: Iterable[str]) -> str:
    """What was probably meant; else what there is, where that is a short list."""
    known = list(names)
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; expected one of {', '.join(known)}" if 0 < len(known) <= 40 else ""


class LoadError(ValueError):
    """A document that fits the schema, but not itself or what is there.

    `where` says where it is wrong, `other` the place that it clashes with, if that is in the
    document too.
    """

    def __init__(self, where: Path, problem: str, other: Path | None = None) -> None:
        clash = f" {shown(other)}" if other else ""
        super().__init__(f"{shown(where)}: {problem}{clash}")
        self.where = where
        self.problem = problem
        self.other = other
