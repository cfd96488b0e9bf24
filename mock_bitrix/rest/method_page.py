"""Which documented methods are faithful, generic or absent: a page made from the code.

`python -m mock_bitrix.rest.method_page > docs/methods.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Literal

from mock_bitrix.entities import events
from mock_bitrix.rest import documented, generic, methods, registry

__all__ = ["methods", "page"]

State = Literal["faithful", "generic", "absent"]
STATES: tuple[State, ...] = ("faithful", "generic", "absent")

HEAD = """# Which methods there are

Made from the code by `python -m mock_bitrix.rest.method_page > docs/methods.md`.

- **faithful**: the documented checks, answers, errors and events.
- **generic**: keeps whatever it is given, in the form of its family: envelope, ids, pages of 50,
  filter and order. It checks nothing, so its answers carry the header `X-Mock-Bitrix: generic`.
- **absent**: answers 404 `ERROR_METHOD_NOT_FOUND` with the header
  `X-Mock-Bitrix: not emulated; the portal has this method`, unless the fixture gives a stub:
  `stubs: {crm.enum.ownertype: {result: []}}`. Its answer carries the header `X-Mock-Bitrix: stub`.

Names are found in any case. † marks methods that cause events.

No method causes the events of chat bots (`imbot.message.*`), open channels (`imopenlines.*`), the
portal's own telephony (`voximplant.*`) and messages in a task's chat: they need a conversation or a
call that isn't here. `user.add` only invites, so it causes none either. `mock-bitrix emit` lets any
of them happen. `crm.item.*` refuses types 5, 8 and 14 (older invoices, requisites, orders) with
`ENTITY_TYPE_NOT_SUPPORTED`; these have methods of their own.
"""


def state(name: str) -> State:
    """How a documented method is answered."""
    if registry.find(name) is not None:
        return "faithful"
    return "absent" if generic.find(name) is None else "generic"


def page() -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, *_overview(), *_lists()]) + "\n"


def _overview() -> Iterator[str]:
    yield "| scope | faithful | generic | absent |"
    yield "| --- | --- | --- | --- |"
    for scope in documented.scopes():
        counts = [len(_named(scope, wanted)) for wanted in STATES]
        yield f"| [`{scope}`](#{_anchor(scope)}) | " + " | ".join(map(str, counts)) + " |"
    sums = [sum(len(_named(scope, wanted)) for scope in documented.scopes()) for wanted in STATES]
    yield "| together | " + " | ".join(map(str, sums)) + " |"


def _lists() -> Iterator[str]:
    for scope in documented.scopes():
        yield f"\n## {scope}"
        for wanted in STATES:
            names = _named(scope, wanted)
            if names:
                yield f"\n**{wanted}**: " + ", ".join(map(_shown, names))


def _named(scope: str, wanted: State) -> list[str]:
    return [name for name in documented.names(scope) if state(name) == wanted]


def _shown(name: str) -> str:
    causes = events.causes(name) and state(name) != "absent"
    return f"`{name}` †" if causes else f"`{name}`"


def _anchor(scope: str) -> str:
    return scope.replace(".", "")


if __name__ == "__main__":
    sys.stdout.write(page())
