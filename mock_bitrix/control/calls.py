"""The journal: what was called and delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, JsonValue

from mock_bitrix.control.common import House, portal_named, reply
from mock_bitrix.journal import reading

router = APIRouter(tags=["journal"])

Method = Annotated[str, Query(description="Pattern of method names, such as event.offline.*")]
Since = Annotated[int, Query(ge=0, description="Only what has a greater id")]
Limit = Annotated[int, Query(ge=1, le=1_000_000, description="Only the newest so many")]


class By(BaseModel):
    """Who called: an application or a webhook, for a user."""

    client_id: str | None
    webhook: int | None
    user_id: int
    auth_connector: str


class TakenRow(BaseModel):
    """A row that a take gave."""

    id: int
    event: str
    message_id: str


class Call(BaseModel):
    """A REST call."""

    id: int = Field(description="Grows with time")
    at: datetime = Field(description="Portal's time at which it came")
    method: str
    caller: By | None = Field(description="null: it was refused before that was known")
    params: dict[str, JsonValue] = Field(description="Without credentials; secrets are hidden")
    status: int | None = Field(description="null: no answer")
    answer: JsonValue = Field(description="Text where it was no JSON; secrets are hidden")
    taken: int | None = Field(description="Rows that a take gave; null: it was no take")
    left: int | None = Field(
        description="Rows a take left that the next could give; null: unknown, or above 1000"
    )
    process_id: str | None = Field(description="Process id that a take gave, also in a lost answer")
    rows: list[TakenRow] = Field(description="Rows that a take gave, also in a lost answer")
    duration: float = Field(description="Seconds")
    hints: list[str] = Field(description="What was probably meant otherwise")
    generic: bool = Field(description="Whether the method is answered by the generic store")
    verb: str
    fault: str | None = Field(description="The ordered fault that struck it")
    sent: bool = Field(description="Whether the caller got the answer, whole")
    batch: int | None = Field(description="Id of the batch whose command it is")


class Delivery(BaseModel):
    """A letter to a handler, and what became of it."""

    id: int
    at: datetime
    client_id: str = Field(description="Empty: an outgoing webhook")
    event: str
    handler: str
    body: str
    status: int | None = Field(description="null: no answer")
    answer: str
    failure: str = Field(description="Why there is no answer")
    duration: float


class Forgotten(BaseModel):
    """How many calls are left in the journal."""

    calls: int


@router.get("/portals/{portal}/calls", response_model=list[Call])
def list_calls(
    emulator: House,
    portal: str,
    method: Method = "*",
    since: Since = 0,
    limit: Limit = 1_000_000,
) -> Response:
    """The portal's last calls, newest last. A batch's commands are calls of their own."""
    target = portal_named(emulator, portal)
    wanted = reading.Wanted(method.lower(), since, limit)
    return reply(reading.calls(emulator, target, wanted))


@router.delete("/portals/{portal}/calls", response_model=Forgotten)
def forget_calls(emulator: House, portal: str) -> Response:
    """Forget the portal's calls and deliveries."""
    reading.forget(emulator, portal_named(emulator, portal).id)
    return reply({"calls": 0})


@router.get("/portals/{portal}/deliveries", response_model=list[Delivery])
def list_deliveries(
    emulator: House, portal: str, since: Since = 0, limit: Limit = 1_000_000
) -> Response:
    """What handlers were sent lately, newest last."""
    target = portal_named(emulator, portal)
    return reply(reading.deliveries(emulator, target, reading.Wanted("*", since, limit)))
