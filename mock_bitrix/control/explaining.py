"""Why a take would give what it would give."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from mock_bitrix.control.common import House, application_named, portal_named, reply
from mock_bitrix.control.problems import Wrong
from mock_bitrix.php import brackets
from mock_bitrix.queue.explaining import Explanation, explain
from mock_bitrix.queue.queue import Box
from mock_bitrix.queue.selection import Condition, SelectionError
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.methods.event_offline import Take

router = APIRouter(tags=["queue"])


class Holder(BaseModel):
    """A process that has reserved rows."""

    process_id: str
    count: int
    age: float = Field(description="Seconds since its oldest reservation")


class Unmet(BaseModel):
    """A condition, and the rows that it leaves out."""

    condition: str
    count: int


class Explained(BaseModel):
    """Where every row of the application is; each counts once, so the parts add up to total."""

    total: int
    free: int = Field(description="What a take may give, up to its limit")
    reserved: list[Holder]
    error: int = Field(description="Free rows in error; with error=1, free rows that are not")
    other_connector: dict[str, int] = Field(description="Rows under other connectors")
    filtered: list[Unmet] = Field(description="Rows that don't meet a condition of the filter")
    delayed: int = Field(description="Rows not visible yet: switch visibility_delay")
    expired: int = Field(description="Rows beyond retention, that nobody sees any more")


@router.get("/portals/{portal}/explain", response_model=Explained)
def explain_take(
    emulator: House,
    request: Request,
    portal: str,
    *,
    client_id: Annotated[str | None, Query(description="Default: the only application")] = None,
    auth_connector: Annotated[str, Query(description="The take's connector")] = "",
    error: Annotated[bool, Query(description="Whether the take asks for rows in error")] = False,
) -> Response:
    """Account for every row of an application, as a fresh take with `filter[...]` would see it.

    The filter is given as the method takes it in a query: `filter[%3E%3DID]=1`.
    """
    target = portal_named(emulator, portal)
    application = application_named(emulator, target, client_id)
    box = Box(target, application.id, auth_connector)
    conditions = _conditions(request.scope["query_string"])
    try:
        found = explain(emulator.database, box, conditions, error=error)
    except SelectionError as failure:
        raise Wrong(("filter",), refusal_of(failure).text) from failure
    return reply(_shown(found))


def _conditions(query: bytes) -> tuple[Condition, ...]:
    given = brackets.parse(query).get("filter")
    if given is None:
        return ()
    try:
        wanted: Take = Take.read({"filter": given})
    except RestError as refusal:
        raise Wrong(("filter",), refusal.text) from refusal
    return wanted.filter


def _shown(found: Explanation) -> dict[str, object]:
    return {
        "total": found.total,
        "free": found.free,
        "reserved": [
            {"process_id": each.process_id, "count": each.count, "age": round(each.age, 3)}
            for each in found.reserved
        ],
        "error": found.error,
        "other_connector": found.other_connector,
        "filtered": [
            {"condition": condition.operator + condition.field, "count": count}
            for condition, count in found.filtered
        ],
        "delayed": found.delayed,
        "expired": found.expired,
    }
