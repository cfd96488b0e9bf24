"""A portal in a test: let things happen in it, look at it, say what should have happened."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from mock_bitrix.testing.assertions import Assertions
from mock_bitrix.testing.control import PortalControl
from mock_bitrix.testing.handles import Clock, Faults
from mock_bitrix.testing.ledger import Story
from mock_bitrix.testing.refused import Refused
from mock_bitrix.testing.seen import Call, Row

Json = Any
_SAMPLE = object()


class Portal(Assertions):
    """A portal of a running server: `with server.portal() as portal:` deletes it at the end.

    `control`: its part of the control API. `clock`, `faults`: to be moved and ordered.
    """

    def __init__(self, control: PortalControl) -> None:
        self.control = control
        self.clock = Clock(control)
        self.faults = Faults(control)
        self._happened: dict[int, Story] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.delete()

    def delete(self) -> None:
        """Forget the portal, with everything in it."""
        self.control.delete()

    # What an application needs to call it.

    @property
    def document(self) -> dict[str, Json]:
        """The portal as it was made: a fixture document with every token and secret."""
        return self.control.document

    @property
    def member_id(self) -> str:
        """The portal's id."""
        return str(self.document["portal"]["member_id"])

    @property
    def domain(self) -> str:
        """The portal's own name; it is reached under it by the proxy only."""
        return str(self.document["portal"]["domain"])

    @property
    def client_endpoint(self) -> str:
        """Where REST calls go: ends with `/rest/`."""
        return str(self.document["portal"]["client_endpoint"])

    @property
    def client_id(self) -> str:
        """The (first) application."""
        return str(self._application["client_id"])

    @property
    def client_secret(self) -> str:
        """The application's secret."""
        return str(self._application["client_secret"])

    @property
    def application_token(self) -> str:
        """What the portal shows the application's handlers."""
        return str(self._application["application_token"])

    @property
    def access_token(self) -> str:
        """The application's (first) token."""
        return str(self._token["access_token"])

    @property
    def refresh_token(self) -> str | None:
        """The one that belongs to it, if there is one."""
        token = self._token.get("refresh_token")
        return None if token is None else str(token)

    @property
    def webhook(self) -> str:
        """The address of the (first) incoming webhook: ends with a slash."""
        webhook = self._first(self.document["webhooks"], "webhook")
        return f"{self.client_endpoint}{webhook['user']}/{webhook['secret']}/"

    @property
    def environment(self) -> dict[str, str]:
        """The same as variables, named as `mock-bitrix env` names them: for another process."""
        shown = {
            "URL": self.control.transport.url,
            "DOMAIN": self.client_endpoint.partition("://")[2].removesuffix("/rest/"),
            "CLIENT_ENDPOINT": self.client_endpoint,
            "ACCESS_TOKEN": self.access_token,
            "REFRESH_TOKEN": self.refresh_token,
            "CLIENT_ID": self.client_id,
            "CLIENT_SECRET": self.client_secret,
            "WEBHOOK": self.webhook if self.document["webhooks"] else None,
        }
        return {f"MOCK_BITRIX_{name}": value for name, value in shown.items() if value}

    # What happens in it.

    def bind(self, event: str, handler: str | None = None, *, auth_connector: str = "") -> None:
        """Subscribe as the application: to its queue, or with a handler that is called."""
        kind = (
            {"event_type": "online", "handler": handler} if handler else {"event_type": "offline"}
        )
        self.call("event.bind", {"event": event, **kind}, auth_connector=auth_connector)

    def emit(
        self,
        event: str,
        data: Json = _SAMPLE,
        *,
        user_id: int = 0,
        client_id: str | None = None,
        auth_connector: str = "",
        **fields: Json,
    ) -> list[int]:
        """A change happens; give the ids of the queues' rows that have it.

        It carries `data`, or the keys given by name, as in `FIELDS={"ID": 5}`; without any, the
        documented sample. `client_id`, `auth_connector`: the application that causes it, and its
        connector. Raises `NothingBound`.
        """
        carried = {"data": fields} if fields else {} if data is _SAMPLE else {"data": data}
        happened = self.control.emit(
            event, user_id=user_id, client_id=client_id, auth_connector=auth_connector, **carried
        )
        for each in happened["queued"]:
            story = Story(each["id"], event.upper(), connector=each["auth_connector"])
            self._happened.setdefault(each["id"], story)
        return [each["id"] for each in happened["queued"]]

    def put(self, event: str, data: Json = False, **values: Json) -> int:
        """Put a row into the application's queue as it is; give its id.

        `values`: `auth_connector`, `process_id`, `error` and further keys of a fixture's row.
        """
        row = {"client_id": self.client_id, "event": event, "data": data, **values}
        [number] = self.control.put(row)
        connector = values.get("auth_connector", "")
        self._happened[number] = Story(number, event.upper(), connector=connector)
        return number

    def call(
        self,
        method: str,
        parameters: Mapping[str, Json] | None = None,
        /,
        *,
        auth_connector: str = "",
        **more: Json,
    ) -> Json:
        """Call a REST method as the application; give its result.

        Parameters by name or in a mapping; `auth` among them speaks for somebody else. Raises
        `Refused`. The journal counts the call like any other.
        """
        given = {"auth": self.access_token, **(parameters or {}), **more}
        if auth_connector:
            given["auth_connector"] = auth_connector
        status, answer = self.control.transport.send("POST", f"/rest/{method}", given)
        if status != 200 or not isinstance(answer, dict):
            raise Refused(method, status, answer)
        return answer["result"]

    def expire_token(self, access_token: str | None = None) -> None:
        """End a token now, by default the application's: it can be refreshed."""
        self.control.expire_token(access_token or self.access_token)

    # What is in it.

    @property
    def queue(self) -> list[Row]:
        """All rows of all its queues, by id, in whatever state."""
        return list(map(Row.read, self.control.queue()))

    @property
    def calls(self) -> list[Call]:
        """The REST calls that came, oldest first."""
        return list(map(Call.read, self.control.calls()))

    @property
    def deliveries(self) -> list[dict[str, Json]]:
        """What handlers were sent, oldest first."""
        return self.control.deliveries()

    @property
    def _application(self) -> dict[str, Json]:
        return self._first(self.document["apps"], "application")

    @property
    def _token(self) -> dict[str, Json]:
        return self._first(self._application["tokens"], "token")

    def _first(self, parts: list[dict[str, Json]], what: str) -> dict[str, Json]:
        if not parts:
            raise LookupError(f"the portal's document has no {what}")
        return parts[0]
