"""Faults: what is to go wrong, how often, before or after the effect."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from mock_bitrix.control.bodies import Raw, takes, understood
from mock_bitrix.control.common import House, portal_named, reply
from mock_bitrix.control.problems import NotThere, Wrong
from mock_bitrix.faults.model import SLOW, SLOWNESS, Fault, names
from mock_bitrix.faults.store import Faults
from mock_bitrix.portal.document import Part
from mock_bitrix.portal.kinds import Number, Whole
from mock_bitrix.portal.paths import hint

router = APIRouter(tags=["faults"])

FaultId = Annotated[int, Path(ge=1, lt=2**31, description="The fault's id")]


class Order(Part):
    """An order to fail."""

    fault: str = Field(
        description="A code of the error table, or slow, drop_connection, malformed_body, "
        "html_error_page"
    )
    method: str = Field("*", description="Pattern of method names, such as event.offline.*")
    times: Whole | None = Field(
        None, ge=1, lt=2**31, description="How often; null: until it is taken back"
    )
    probability: Number = Field(1.0, ge=0, le=1, description="Of each call")
    delay: Number | None = Field(
        None, ge=0, le=3600, description="Seconds of real time before it; slow alone: 1"
    )
    when: Literal["before", "after"] = Field(
        "before", description="after: the effect happens, the answer is lost"
    )


class Ordered(BaseModel):
    """A fault as it stands."""

    id: int
    fault: str
    method: str
    times: int | None
    probability: float
    delay: float
    when: str
    struck: int = Field(description="How often it has struck")


class Taken(BaseModel):
    """How many were taken back."""

    deleted: int


@router.get("/portals/{portal}/faults", response_model=list[Ordered])
def list_faults(emulator: House, portal: str) -> Response:
    """The portal's faults, spent ones too, oldest first."""
    found = Faults(emulator.database, portal_named(emulator, portal)).all()
    return reply([_shown(fault) for fault in found])


@router.post(
    "/portals/{portal}/faults",
    status_code=201,
    response_model=Ordered,
    openapi_extra=takes(Order),
)
def add_fault(emulator: House, portal: str, body: Raw) -> Response:
    """Let calls fail. In a batch, a fault of a command fails that item, a transport fault all."""
    order = understood(body, Order)
    if order.fault not in names():
        raise Wrong(("fault",), f'"{order.fault}" is no fault{hint(order.fault, names())}')
    delay = order.delay
    if delay is None:
        delay = SLOWNESS if order.fault == SLOW else 0.0
    faults = Faults(emulator.database, portal_named(emulator, portal))
    return reply(_shown(faults.add(**{**order.model_dump(), "delay": delay})), 201)


@router.delete("/portals/{portal}/faults", response_model=Taken)
def clear_faults(emulator: House, portal: str) -> Response:
    """Take all faults back."""
    return reply({"deleted": Faults(emulator.database, portal_named(emulator, portal)).clear()})


@router.delete("/portals/{portal}/faults/{number}", status_code=204)
def remove_fault(emulator: House, portal: str, number: FaultId) -> Response:
    """Take one fault back."""
    if not Faults(emulator.database, portal_named(emulator, portal)).remove(number):
        raise NotThere("fault", str(number))
    return Response(status_code=204)


def _shown(fault: Fault) -> dict[str, object]:
    return {
        "id": fault.id,
        "fault": fault.fault,
        "method": fault.method,
        "times": fault.times,
        "probability": fault.probability,
        "delay": fault.delay,
        "when": fault.when,
        "struck": fault.struck,
    }
