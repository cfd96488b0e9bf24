"""Driving a running server: the control API in Python, with nothing but the standard library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, cast
from urllib.parse import quote, urlencode

from mock_bitrix.testing.transport import ControlError, NotReachable, Transport

__all__ = ["Control", "ControlError", "NotReachable", "NothingBound", "PortalControl", "Transport"]

Json = Any
Document = dict[str, Json]
Row = dict[str, Json]
State = Literal["free", "reserved", "error"]
_SAMPLE = object()


class NothingBound(Exception):
    """An event happened that nobody has bound: no queue and no handler could hear of it."""

    def __init__(self, event: str, bindings: Iterable[Mapping[str, Json]]) -> None:
        known = [_described(each) for each in bindings]
        there = f"bound are {', '.join(known)}" if known else "nothing is bound"
        super().__init__(f"nobody has bound {event}; {there}")
        self.event = event


def _described(binding: Mapping[str, Json]) -> str:
    """`ONCRMLEADADD (local.demo, BxTest)`."""
    who = [binding["client_id"] or "outgoing webhook", binding["auth_connector"]]
    return f"{binding['event']} ({', '.join(filter(None, who))})"


class Control:
    """A running server. Raises `ControlError` where it refuses, `NotReachable` where it isn't."""

    def __init__(self, url: str, key: str | None = None) -> None:
        self.transport = Transport(url.rstrip("/"), key)

    def health(self) -> dict[str, str]:
        """`{"status": "ok", "version": …}`."""
        return cast("dict[str, str]", self.transport.call("GET", "/health"))

    def reset(self) -> None:
        """Put everything back to the start documents; portals made since are gone."""
        self.transport.call("POST", "/reset", {})

    def portals(self) -> list[dict[str, Json]]:
        """All portals, oldest first: member_id, domain, client_endpoint."""
        return cast("list[dict[str, Json]]", self.transport.call("GET", "/portals"))

    def create(self, document: Mapping[str, Json] | None = None) -> PortalControl:
        """Make a portal; without a document: one administrator, one application, one token."""
        made = self.transport.call("POST", "/portals", document or {})
        return PortalControl(self.transport, made["portal"]["member_id"], made)

    def portal(self, name: str = "default") -> PortalControl:
        """The portal with that member_id, or the first."""
        return PortalControl(self.transport, name)

    def metrics(self) -> str:
        """The figures, as Prometheus reads them."""
        return str(self.transport.call("GET", "/metrics"))


class PortalControl:
    """One portal of a running server. `document`: as it was made, with every token and secret."""

    def __init__(self, transport: Transport, name: str, document: Document | None = None) -> None:
        self.transport = transport
        self.name = name
        self._document = document

    @property
    def document(self) -> Document:
        """The portal when it was made, or first looked at here."""
        if self._document is None:
            self._document = self.snapshot()
        return self._document

    def snapshot(self) -> Document:
        """The portal as a fixture document, as it is now."""
        return cast("Document", self._call("GET", ""))

    def replace(self, document: Mapping[str, Json]) -> Document:
        """Make the portal what the document describes; it keeps its names."""
        self._document = cast("Document", self._call("PUT", "", document))
        return self._document

    def delete(self) -> None:
        """Forget the portal."""
        self._call("DELETE", "")

    # Events and queues.

    def emit(
        self,
        event: str,
        data: Json = _SAMPLE,
        *,
        user_id: int = 0,
        client_id: str | None = None,
        auth_connector: str = "",
    ) -> dict[str, list[dict[str, Json]]]:
        """A change happens: what was queued, delivered and skipped, binding by binding.

        Without data it carries the documented sample. `client_id` and `auth_connector`: the
        application that causes it. Raises `NothingBound`.
        """
        change: dict[str, Json] = {
            "event": event,
            "user_id": user_id,
            "client_id": client_id,
            "auth_connector": auth_connector,
        }
        if data is not _SAMPLE:
            change["data"] = data
        happened = self._call("POST", "/events", change)
        if not any(happened.values()):
            raise NothingBound(event, self.bindings())
        return cast("dict[str, list[dict[str, Json]]]", happened)

    def bindings(self) -> list[dict[str, Json]]:
        """Who has bound what, oldest first."""
        return cast("list[dict[str, Json]]", self._call("GET", "/bindings"))

    def queue(
        self,
        *,
        client_id: str | None = None,
        auth_connector: str | None = None,
        state: State | None = None,
    ) -> list[Row]:
        """All rows, by id, in whatever state."""
        chosen = {"client_id": client_id, "auth_connector": auth_connector, "state": state}
        return cast("list[Row]", self._call("GET", "/queue", **chosen))

    def put(self, *rows: Mapping[str, Json]) -> list[int]:
        """Put rows into queues as they are; give their ids."""
        return cast("list[int]", self._call("POST", "/queue", list(rows))["ids"])

    def empty(
        self,
        *,
        client_id: str | None = None,
        auth_connector: str | None = None,
        state: State | None = None,
    ) -> int:
        """Delete rows; give their number."""
        chosen = {"client_id": client_id, "auth_connector": auth_connector, "state": state}
        return int(self._call("DELETE", "/queue", **chosen)["deleted"])

    def wait(
        self, *, drained: bool = False, calls: int | None = None, timeout: float = 5.0
    ) -> dict[str, Json]:
        """Wait until no row is left, or for a number of calls; `ControlError` 408 says what is."""
        wanted = {"drained": drained or None, "calls": calls, "timeout": timeout}
        answer = self._call("GET", "/wait", patience=timeout, **wanted)
        return cast("dict[str, Json]", answer)

    def explain(
        self,
        *,
        client_id: str | None = None,
        auth_connector: str = "",
        error: bool = False,
        filter: Mapping[str, object] | None = None,  # noqa: A002  # the method's own name
    ) -> dict[str, Json]:
        """Why a take would give what it would give: where every row is."""
        given: dict[str, Json] = {"client_id": client_id, "auth_connector": auth_connector}
        given["error"] = int(error)
        given |= {f"filter[{key}]": value for key, value in (filter or {}).items()}
        query = urlencode({key: value for key, value in given.items() if value is not None})
        return cast("dict[str, Json]", self._call("GET", f"/explain?{query}"))

    # Clock and behaviour.

    def clock(self) -> dict[str, Json]:
        """`{"now": …, "frozen": …}`."""
        return cast("dict[str, Json]", self._call("GET", "/clock"))

    def advance(self, seconds: float) -> dict[str, Json]:
        """Move the clock on."""
        return cast("dict[str, Json]", self._call("PUT", "/clock", {"advance": seconds}))

    def freeze(self, at: datetime | str | None = None) -> dict[str, Json]:
        """Stop the clock: at that time (with its offset), or now."""
        time = at.isoformat() if isinstance(at, datetime) else at or True
        return cast("dict[str, Json]", self._call("PUT", "/clock", {"freeze": time}))

    def resume(self) -> dict[str, Json]:
        """Let the clock run on from where it stands."""
        return cast("dict[str, Json]", self._call("PUT", "/clock", {"resume": True}))

    def switches(self, **changed: Json) -> dict[str, Json]:
        """Set single switches, None as the profile has it; give all as they are then."""
        return cast("dict[str, Json]", self._call("PUT", "/switches", changed))

    def features(self, **changed: bool) -> dict[str, bool]:
        """Switch features of the plan on and off; give all as they are then."""
        return cast("dict[str, bool]", self._call("PUT", "/features", changed))

    # Tokens and faults.

    def issue_token(self, **wanted: Json) -> dict[str, Json]:
        """A new token: `client_id`, `user`, `expires_in` (None: never), or values of your own."""
        return cast("dict[str, Json]", self._call("POST", "/tokens", wanted))

    def revoke_token(self, access_token: str) -> None:
        """Forget a token."""
        self._call("DELETE", f"/tokens/{quote(access_token, safe='')}")

    def expire_token(self, access_token: str) -> None:
        """End a token now."""
        self._call("POST", f"/tokens/{quote(access_token, safe='')}/expire", {})

    def faults(self) -> list[dict[str, Json]]:
        """All faults, oldest first."""
        return cast("list[dict[str, Json]]", self._call("GET", "/faults"))

    def add_fault(
        self,
        fault: str,
        method: str = "*",
        *,
        times: int | None = None,
        probability: float = 1.0,
        delay: float | None = None,
        when: Literal["before", "after"] = "before",
    ) -> dict[str, Json]:
        """Let calls fail: a code of the error table, slow, drop_connection and the like."""
        order = {
            "fault": fault,
            "method": method,
            "times": times,
            "probability": probability,
            "delay": delay,
            "when": when,
        }
        return cast("dict[str, Json]", self._call("POST", "/faults", order))

    def remove_fault(self, number: int) -> None:
        """Take one fault back."""
        self._call("DELETE", f"/faults/{number}")

    def clear_faults(self) -> int:
        """Take all faults back; give how many there were."""
        return int(self._call("DELETE", "/faults")["deleted"])

    # The journal.

    def calls(
        self, method: str = "*", *, since: int | None = None, limit: int | None = None
    ) -> list[dict[str, Json]]:
        """The last calls, newest last; `method` is a pattern, `since` an id."""
        chosen = {"method": method, "since": since, "limit": limit}
        return cast("list[dict[str, Json]]", self._call("GET", "/calls", **chosen))

    def deliveries(self, *, since: int | None = None) -> list[dict[str, Json]]:
        """What handlers were sent, newest last."""
        return cast("list[dict[str, Json]]", self._call("GET", "/deliveries", since=since))

    def forget_calls(self) -> None:
        """Forget calls and deliveries."""
        self._call("DELETE", "/calls")

    # Applications that come and go.

    def install_app(self, app: Mapping[str, Json] | None = None) -> dict[str, Json]:
        """Install an application, described as in a fixture; `app` of the answer is all of it."""
        return cast("dict[str, Json]", self._call("POST", "/apps", app or {}))

    def change_app(
        self, client_id: str, what: Literal["install", "update", "payment"], **how: Json
    ) -> dict[str, Json]:
        """Finish its installation, give it another version, set its payment; say who heard."""
        path = f"/apps/{quote(client_id, safe='')}/{what}"
        return cast("dict[str, Json]", self._call("POST", path, how))

    def uninstall_app(self, client_id: str, *, clean: bool = False) -> dict[str, Json]:
        """Uninstall an application; say who heard of it."""
        path = f"/apps/{quote(client_id, safe='')}"
        return cast("dict[str, Json]", self._call("DELETE", path, clean=clean or None))

    def _call(self, verb: str, path: str, body: Json = None, **query: Json) -> Json:
        return self.transport.call(verb, f"/portals/{self.name}{path}", body, **query)
