"""A change happens: it goes through the bindings as protocol G says."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, JsonValue

from mock_bitrix.control.bodies import Raw, takes, understood
from mock_bitrix.control.common import House, application_named, portal_named, reply
from mock_bitrix.events import catalogue
from mock_bitrix.events.publish import Happening, Outcome
from mock_bitrix.portal.document import Part
from mock_bitrix.portal.kinds import Connector, EventCode, UserId
from mock_bitrix.portal.model import Binding

router = APIRouter(tags=["events"])


class Change(Part):
    """What happens, and who causes it."""

    event: EventCode = Field(description="Code of the event")
    data: JsonValue = Field(None, description="What it carries; default: the documented sample")
    user_id: UserId = Field(0, description="The user who causes it; 0: nobody")
    client_id: str | None = Field(None, description="The application that causes it, if one does")
    auth_connector: Connector = Field("", description="The connector under which it does")


class QueuedRow(BaseModel):
    """A queue that has the change now."""

    client_id: str
    auth_connector: str
    id: int = Field(description="The row's id")
    refreshed: bool = Field(description="Whether it was there already and took the change in")


class Handler(BaseModel):
    """A handler that is told."""

    client_id: str = Field(description="Empty: an outgoing webhook")
    handler: str


class PassedOver(BaseModel):
    """A binding that hears nothing."""

    client_id: str
    auth_connector: str
    reason: str


class Happened(BaseModel):
    """What became of a change, binding by binding."""

    queued: list[QueuedRow]
    delivered: list[Handler]
    skipped: list[PassedOver]


class Bound(BaseModel):
    """A subscription to an event."""

    client_id: str = Field(description="Empty: an outgoing webhook")
    event: str
    type: str = Field(description="online or offline")
    handler: str = Field(description="Empty: offline")
    auth_connector: str
    user: int


@router.post("/portals/{portal}/events", response_model=Happened, openapi_extra=takes(Change))
def make_event(emulator: House, portal: str, body: Raw) -> Response:
    """A change happens in the portal. Says, for each binding of the event, what came of it."""
    change = understood(body, Change)
    target = portal_named(emulator, portal)
    if change.client_id is not None:
        application_named(emulator, target, change.client_id)
    happening = Happening(
        event=change.event,
        data=change.data if "data" in change.model_fields_set else _sample(change.event),
        user_id=change.user_id,
        client_id=change.client_id,
        connector=change.auth_connector,
    )
    return reply(outcome_shown(emulator.happen(target, happening)))


@router.get("/portals/{portal}/bindings", response_model=list[Bound])
def list_bindings(emulator: House, portal: str) -> Response:
    """Who has bound what in the portal, oldest first."""
    target = portal_named(emulator, portal)
    names = {each.id: each.client_id for each in emulator.directory.applications(target)}
    bindings = emulator.directory.bindings(target)
    return reply([_bound(each, names.get(each.application_id, "")) for each in bindings])


def _sample(code: str) -> object:
    event = catalogue.find(code)
    return event.sample if event else None


def outcome_shown(outcome: Outcome) -> dict[str, object]:
    """What became of a change, as `Happened` has it."""
    return {
        "queued": [
            {
                "client_id": each.client_id,
                "auth_connector": each.connector,
                "id": each.id,
                "refreshed": each.refreshed,
            }
            for each in outcome.queued
        ],
        "delivered": [
            {"client_id": due.client_id, "handler": due.binding.handler} for due in outcome.due
        ],
        "skipped": [
            {
                "client_id": each.client_id,
                "auth_connector": each.connector,
                "reason": each.reason,
            }
            for each in outcome.skipped
        ],
    }


def _bound(binding: Binding, client_id: str) -> dict[str, object]:
    return {
        "client_id": client_id,
        "event": binding.event,
        "type": "offline" if binding.offline else "online",
        "handler": binding.handler,
        "auth_connector": binding.connector,
        "user": binding.user_id,
    }
