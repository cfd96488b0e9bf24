"""What a refusal is: a code, a status, a text."""

from __future__ import annotations

from collections.abc import Iterator


class RestError(Exception):
    """What the portal answers when it refuses a call."""

    code: str | int = "ERROR_CORE"
    status = 400
    argument: str | None = None
    note: str | None = None
    """What this server says about it in a header: the real portal answers otherwise."""

    def __init__(self, *, argument: str | None = None, **values: object) -> None:
        text = (type(self).__doc__ or "").strip()
        self.text = text.format(**values) if values else text
        self.argument = self.argument if argument is None else argument
        super().__init__(self.text)

    def body(self) -> dict[str, object]:
        """The answer's members, in order (protocol C.3)."""
        body: dict[str, object] = {"error": self.code, "error_description": self.text}
        return body if self.argument is None else {**body, "argument": self.argument}


def refusals(of: type[RestError] = RestError) -> Iterator[type[RestError]]:
    """Every kind of refusal there is."""
    for kind in of.__subclasses__():
        yield kind
        yield from refusals(kind)
