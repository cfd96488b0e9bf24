"""Portals: making, showing, replacing, forgetting; and the reset of everything."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from mock_bitrix.control.bodies import Raw, takes, understood
from mock_bitrix.control.common import CameBy, House, portal_named, reply
from mock_bitrix.emulator import Emulator
from mock_bitrix.journal import reading
from mock_bitrix.portal import start
from mock_bitrix.portal.addresses import places
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.erasing import erase_portal
from mock_bitrix.portal.loading import install, replace
from mock_bitrix.portal.model import Portal
from mock_bitrix.portal.snapshot import snapshot

router = APIRouter(tags=["portals"])


class Listed(BaseModel):
    """A portal in the list."""

    member_id: str
    domain: str
    client_endpoint: str = Field(description="Where clients call it")
    client_ids: list[str] = Field(description="Its applications")
    default: bool = Field(description="Whether it is the one that calls count to by default")


class Done(BaseModel):
    """What was done."""

    portals: int = Field(description="How many portals there are now")


@router.post("/reset", response_model=Done)
def reset(emulator: House) -> Response:
    """Put everything back to the start documents, hidden state included.

    Clocks, faults, throttles, limits, tokens, counters and the journal are what they were;
    portals made since are gone.
    """
    start.put_back(emulator.database)
    portals = emulator.directory.revised().portals()
    for portal in portals:
        reading.forget(emulator, portal.id)
    return reply({"portals": len(portals)})


@router.get("/portals", response_model=list[Listed])
def list_portals(emulator: House, address: CameBy) -> Response:
    """All portals, oldest first."""
    shown = [
        _listed(emulator, portal, address) for portal in emulator.directory.revised().portals()
    ]
    return reply([{**each, "default": not number} for number, each in enumerate(shown)])


@router.post("/portals", status_code=201, response_model=Document, openapi_extra=takes(Document))
def create_portal(emulator: House, address: CameBy, body: Raw) -> Response:
    """Make a portal from a fixture document; `{}` gives one administrator and one application.

    Answers with the complete document: every token and secret is in it.
    """
    number = install(emulator.database, understood(body, Document))
    portal = emulator.directory.revised().portal(number)
    assert portal is not None
    return reply(_document(emulator, portal, address), 201)


@router.get("/portals/{portal}", response_model=Document)
def show_portal(emulator: House, address: CameBy, portal: str) -> Response:
    """The portal as a fixture document: what `snapshot` writes."""
    return reply(_document(emulator, portal_named(emulator, portal), address))


@router.put("/portals/{portal}", response_model=Document, openapi_extra=takes(Document))
def replace_portal(emulator: House, address: CameBy, portal: str, body: Raw) -> Response:
    """Replace the portal by a document. Without `domain` and `member_id` it keeps its own."""
    document = understood(body, Document)
    old = portal_named(emulator, portal)
    replace(emulator.database, old, document)
    reading.forget(emulator, old.id)
    renewed = emulator.directory.revised().portal(old.id)
    assert renewed is not None
    return reply(_document(emulator, renewed, address))


@router.delete("/portals/{portal}", status_code=204)
def forget_portal(emulator: House, portal: str) -> Response:
    """Forget the portal, with everything in it."""
    number = portal_named(emulator, portal).id
    erase_portal(emulator.database, number)
    reading.forget(emulator, number)
    return Response(status_code=204)


def _listed(emulator: Emulator, portal: Portal, address: str) -> dict[str, object]:
    return {
        "member_id": portal.member_id,
        "domain": portal.domain,
        "client_endpoint": places(portal, address, emulator.hosts).client_endpoint,
        "client_ids": [each.client_id for each in emulator.directory.applications(portal)],
    }


def _document(emulator: Emulator, portal: Portal, address: str) -> dict[str, object]:
    document = snapshot(emulator.database, portal)
    document["portal"]["client_endpoint"] = places(portal, address, emulator.hosts).client_endpoint
    return document
