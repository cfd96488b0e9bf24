"""Everything that applications do to their queues, in any order, on a server and on the model."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_bitrix.storage.messages import tidy
from mock_bitrix.storage.opening import open_database
from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, NothingBound, PortalControl, State
from tests.proof.calling import Caller
from tests.proof.model import FREE, Binding, Box, Model, Row
from tests.proof.selecting import EVENTS, NO_FILTER, OTHER_EVENT, START, Selection, iso, selections

RETENTION = 1000
MOST_RESTARTS = 2
"""In a portal's life: they take longer than all other steps together."""

FEWEST_BINDINGS = 4
"""With fewer, too little would happen."""

CLIENTS = ("local.one", "local.two")
BOXES = [Box(0, ""), Box(0, "A"), Box(0, "a"), Box(1, "")]
KEEP = [0, "0", False, "", "N", "Y", "true"]
DELETE = [None, 1, "1", True, 2, -1, "5x"]
STATES: tuple[State, ...] = ("free", "reserved", "error")
GET, LIST = "event.offline.get", "event.offline.list"
CLEAR, FAIL = "event.offline.clear", "event.offline.error"

boxes = st.sampled_from(BOXES)
events = st.sampled_from(EVENTS)
some_events = st.sampled_from([*EVENTS, *EVENTS, OTHER_EVENT])
leads = st.lists(st.integers(1, 4), min_size=1, unique=True)
keeps = st.one_of(
    st.sampled_from(KEEP).map(lambda wire: (wire, True)),
    st.sampled_from(DELETE).map(lambda wire: (wire, False)),
)
STEPS = [0, 1, 1, 1, 1, 30, 30, RETENTION // 2, RETENTION - 1, RETENTION]
picks = st.integers(0, 1000)
several = st.lists(picks, max_size=3)

REFUSED: list[dict[str, Any]] = [
    {"filter": {"!ID": 1}},
    {"filter": {"PROCESS_ID": ""}},
    {"filter": "x"},
    {"order": {"ID": "UP"}},
    {"order": ["id"]},
    {"limit": 0},
    {"limit": "none"},
]


class House:
    """A server on a database that outlives it."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._server = MockBitrix(database=database)
        self._server.start()

    @property
    def url(self) -> str:
        """Where it listens now."""
        return self._server.url

    def restart(self) -> None:
        """End it, and start another one on the same database."""
        self.stop()
        self._server = MockBitrix(database=self._database)
        self._server.start()

    def tidy(self) -> None:
        """What a server does from time to time, done by another process beside it."""
        database = open_database(self._database)
        tidy(database)
        database.close()

    def stop(self) -> None:
        """End it."""
        self._server.stop()


class Machine(RuleBasedStateMachine):
    """The steps. What an answer says, and then the whole portal, must be what the model says."""

    house: House

    @initialize()
    def begin(self) -> None:
        """A portal of its own, with most queues bound."""
        apps = [
            {"client_id": client, "scope": ["crm"], "tokens": [{"user": 1}]} for client in CLIENTS
        ]
        document = {
            "portal": {"retention": RETENTION},
            "users": [{"id": 1, "admin": True}],
            "apps": apps,
        }
        made = Control(self.house.url).create(document)
        self.name = made.name
        self.tokens = [app["tokens"][0]["access_token"] for app in made.document["apps"]]
        self.callers: dict[int, Caller] = {}
        made.freeze(iso(START))
        self.model = Model(START, RETENTION)
        self.known = [FREE, "nobody"]
        self.change = (EVENTS[0], 1)
        self.restarts = 0
        for box in (BOXES[0], BOXES[1], BOXES[3]):
            for event in EVENTS:
                self.bind(box, event)
        self.happen(EVENTS[0], [1, 2, 3, 4], 1)

    @property
    def portal(self) -> PortalControl:
        """The portal at the server that runs now."""
        return Control(self.house.url).portal(self.name)

    @rule(box=boxes, event=events)
    def bind(self, box: Box, event: str) -> None:
        status, answer = self.ask(box, "event.bind", event=event, event_type="offline")
        if Binding(box, event) in self.model.bindings:
            assert (status, answer["error"]) == (400, "ERROR_CORE"), answer
        else:
            assert answer.get("result") is True, answer
            self.model.bindings.append(Binding(box, event))

    @precondition(lambda self: len(self.model.bindings) > FEWEST_BINDINGS)
    @rule(box=boxes, event=events)
    def unbind(self, box: Box, event: str) -> None:
        there = Binding(box, event) in self.model.bindings
        assert self.result(box, "event.unbind", event=event, event_type="offline") == {
            "count": int(there)
        }
        if there:
            self.model.bindings.remove(Binding(box, event))

    @rule(event=some_events, some=leads, user=st.integers(0, 2))
    def happen(self, event: str, some: list[int], user: int) -> None:
        for lead in some:
            self.change = (event, lead)
            self.publish(user, None)

    @rule(user=st.integers(0, 2), cause=st.one_of(st.none(), boxes))
    def happen_again(self, user: int, cause: Box | None) -> None:
        self.publish(user, cause)

    def publish(self, user: int, cause: Box | None) -> None:
        event, lead = self.change
        whose: dict[str, Any] = {}
        if cause:
            whose = {"client_id": CLIENTS[cause.application], "auth_connector": cause.connector}
        last = self.model.last_id
        expected = self.model.happen(event, lead, user, cause)
        try:
            told = self.portal.emit(event, {"FIELDS": {"ID": lead}}, user_id=user, **whose)
        except NothingBound:
            told = {"queued": []}
        queued = {
            Box(CLIENTS.index(q["client_id"]), q["auth_connector"]): (q["id"], q["refreshed"])
            for q in told["queued"]
        }
        assert queued == {box: (row.id, row.id <= last) for box, row in expected.items()}

    @rule(box=boxes, keep=keeps, wanted=selections)
    def take(self, box: Box, keep: tuple[Any, bool], wanted: Selection) -> None:
        result = self.result(box, GET, clear=keep[0], **wire(wanted))
        process_id = result["process_id"]
        if keep[1]:
            assert re.fullmatch("[a-z0-9]{32}", process_id)
            assert process_id not in self.known
            self.known.append(process_id)
        else:
            assert process_id is None
        taken = self.model.take(box, wanted, process_id)
        assert result["events"] == [shown(row) for row in taken]

    @rule(box=boxes, limit=st.integers(2, 50))
    def reserve(self, box: Box, limit: int) -> None:
        """The usual take, so that there are batches."""
        self.take(box, (0, True), usual(limit))

    @rule(box=boxes, keep=keeps, refused=st.sampled_from(REFUSED))
    def take_wrongly(self, box: Box, keep: tuple[Any, bool], refused: dict[str, Any]) -> None:
        status, answer = self.ask(box, GET, clear=keep[0], **refused)
        assert (status, answer["error"]) == (400, "ERROR_ARGUMENT"), answer

    @rule(box=boxes, pick=picks, keep=keeps, wanted=selections)
    def reread(self, box: Box, pick: int, keep: tuple[Any, bool], wanted: Selection) -> None:
        self.read(*self.batch(box, pick), keep, wanted)

    def read(self, box: Box, process_id: str, keep: tuple[Any, bool], wanted: Selection) -> None:
        result = self.result(box, GET, clear=keep[0], process_id=process_id, **wire(wanted))
        read = self.model.reread(box, process_id, wanted, keep=keep[1])
        assert result == {"process_id": process_id, "events": [shown(row) for row in read]}

    @precondition(lambda self: self.model.reserved())
    @rule(pick=picks, keep=keeps, limit=st.integers(1, 3))
    def reread_a_batch(self, pick: int, keep: tuple[Any, bool], limit: int) -> None:
        """What is shown is often less than there is."""
        reserved = self.model.reserved()
        row = reserved[pick % len(reserved)]
        self.read(row.box, row.process_id, keep, usual(limit))

    @rule(box=boxes, pick=picks)
    def clear_all(self, box: Box, pick: int) -> None:
        box, process_id = self.batch(box, pick)
        self.done(box, CLEAR, process_id=process_id)
        self.model.clear(box, process_id)

    @rule(box=boxes, pick=picks, some=several)
    def clear_ids(self, box: Box, pick: int, some: list[int]) -> None:
        box, process_id = self.batch(box, pick)
        numbers = [self.some_row(box, each).id for each in some]
        self.done(box, CLEAR, process_id=process_id, id=numbers)
        self.model.clear(box, process_id, ids=numbers)

    @rule(box=boxes, pick=picks, some=several)
    def clear_messages(self, box: Box, pick: int, some: list[int]) -> None:
        """Message ids win, also when they are none."""
        box, process_id = self.batch(box, pick)
        names = [self.some_row(box, each).message_id for each in some]
        self.done(box, CLEAR, process_id=process_id, message_id=names, id=[1, 2])
        self.model.clear(box, process_id, message_ids=names)

    @rule(box=boxes, pick=picks, some=several)
    def fail(self, box: Box, pick: int, some: list[int]) -> None:
        box, process_id = self.batch(box, pick)
        names = [self.some_row(box, each).message_id for each in some]
        self.done(box, FAIL, process_id=process_id, message_id=names)
        self.model.mark_error(box, process_id, names)

    @precondition(lambda self: self.model.reserved())
    @rule(pick=picks)
    def fail_a_reserved_row(self, pick: int) -> None:
        reserved = self.model.reserved()
        row = reserved[pick % len(reserved)]
        process_id, names = row.process_id, [row.message_id]
        self.done(row.box, FAIL, process_id=process_id, message_id=names)
        self.model.mark_error(row.box, process_id, names)

    @rule(box=boxes, wanted=selections, start=st.integers(-1, 4))
    def look(self, box: Box, wanted: Selection, start: int) -> None:
        status, answer = self.ask(box, LIST, start=start, **wire(wanted))
        assert status == 200, answer
        found = self.model.shown(box, wanted)
        assert answer["total"] == len(found)
        assert answer["result"] == [listed(row) for row in found[max(start, 0) :]]

    @rule(seconds=st.sampled_from(STEPS))
    def advance(self, seconds: int) -> None:
        self.portal.advance(seconds)
        self.model.advance(seconds)

    @rule()
    def tidy(self) -> None:
        self.house.tidy()

    @precondition(lambda self: self.restarts < MOST_RESTARTS)
    @rule()
    def restart(self) -> None:
        self.restarts += 1
        self.house.restart()
        self.hang_up()

    @invariant()
    def portal_is_what_the_model_says(self) -> None:
        """Above all: each row is in one state, and in one reservation at most."""
        if not hasattr(self, "model"):
            return
        there = self.portal.queue()
        numbers = [row["id"] for row in there]
        assert len(set(numbers)) == len(numbers)
        assert [seen(row) for row in there] == [
            expected(row) for row in sorted(self.model.rows, key=lambda row: row.id)
        ]
        by_state = {
            state: self.portal.queue(state=state) for state in ("free", "reserved", "error")
        }
        assert sorted(row["id"] for rows in by_state.values() for row in rows) == numbers
        assert all((row["reserved_for"] is None) == (row["process_id"] == FREE) for row in there)

    def teardown(self) -> None:
        self.hang_up()
        if hasattr(self, "name"):
            self.portal.delete()

    def hang_up(self) -> None:
        for caller in self.callers.values() if hasattr(self, "callers") else ():
            caller.close()
        self.callers = {}

    def batch(self, box: Box, pick: int) -> tuple[Box, str]:
        """Mostly a batch that there is, else the box with an id that was, or never was, or ""."""
        reserved = self.model.reserved()
        if reserved and pick % 4:
            row = reserved[pick % len(reserved)]
            return row.box, row.process_id
        return box, self.known[pick % len(self.known)]

    def some_row(self, box: Box, pick: int) -> Row:
        """Mostly a row of the box, else one that may be elsewhere or nowhere."""
        there = self.model.of(box)
        if there and pick % 4:
            return there[pick % len(there)]
        return Row(pick % 15 + 1, box, EVENTS[0], pick % 4, 0, START)

    def ask(self, box: Box, method: str, **parameters: Any) -> tuple[int, Any]:
        """Call a method as the application, under the connector."""
        number = box.application
        if number not in self.callers:
            self.callers[number] = Caller(self.house.url, self.tokens[number])
        if box.connector:
            parameters["auth_connector"] = box.connector
        return self.callers[number](method, **parameters)

    def result(self, box: Box, method: str, **parameters: Any) -> Any:
        status, answer = self.ask(box, method, **parameters)
        assert status == 200, answer
        return answer["result"]

    def done(self, box: Box, method: str, **parameters: Any) -> None:
        assert self.result(box, method, **parameters) is True


def usual(limit: int) -> Selection:
    """No filter, no order, no errors."""
    return Selection(NO_FILTER, [], limit, (None, False))


def wire(wanted: Selection) -> dict[str, Any]:
    """A selection as it is sent; what is the default isn't."""
    given = {
        "filter": dict(wanted.filter.wire) or None,
        "order": dict(wanted.order) or None,
        "limit": wanted.limit,
        "error": wanted.error[0],
    }
    return {name: value for name, value in given.items() if value is not None}


def shown(row: Row) -> dict[str, Any]:
    """A row as event.offline.get answers it (protocol D.4)."""
    return {
        "ID": str(row.id),
        "TIMESTAMP_X": iso(row.timestamp),
        "EVENT_NAME": row.event,
        "EVENT_DATA": {"FIELDS": {"ID": row.lead}},
        "EVENT_ADDITIONAL": {"user_id": str(row.user) if row.user else 0},
        "MESSAGE_ID": row.message_id,
    }


def listed(row: Row) -> dict[str, Any]:
    """A row as event.offline.list answers it (protocol E.1)."""
    return {**shown(row), "PROCESS_ID": row.process_id, "ERROR": str(row.error)}


def expected(row: Row) -> tuple[Any, ...]:
    """A row of the model, to be compared with one that the control API has `seen`."""
    client = CLIENTS[row.box.application]
    where = (row.id, client, row.box.connector, row.process_id, bool(row.error))
    return (*where, row.event, row.message_id, iso(row.timestamp))


def seen(row: dict[str, Any]) -> tuple[Any, ...]:
    """A row of the server."""
    where = ("id", "client_id", "auth_connector", "process_id", "error")
    return tuple(row[name] for name in (*where, "event", "message_id", "timestamp"))
