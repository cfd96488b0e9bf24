"""The fixture document: one portal as a file says it. Unknown keys are errors."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from mock_bitrix.events import catalogue
from mock_bitrix.profiles import UnknownSwitch, switches_of

DEFAULT_RETENTION = 2_952_000  # protocol D.11
CONNECTOR_LENGTH = 100  # protocol B.5


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is no time zone; expected a name such as Europe/Berlin"
        ) from error
    return name


def _event(code: str) -> str:
    if catalogue.find(code) is None:
        nearest = catalogue.nearest(code)
        hint = f"; did you mean {nearest}?" if nearest else ""
        raise ValueError(f'"{code}" is no event of the catalogue{hint}')
    return code.upper()


def _switches(given: dict[str, Any]) -> dict[str, Any]:
    try:
        switches_of("docs", given)
    except UnknownSwitch as error:
        raise ValueError(str(error)) from error
    return given


def _handler_scheme(address: str) -> str:
    if not re.match(r"https?://[^/]", address):
        raise ValueError(f'"{address}" is no address; expected http://… or https://…')
    return address


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("expected a time with its offset, such as 2024-07-18T12:32:31+02:00")
    return value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"

# Official clients refuse anything but letters, digits and dots.
Plain = Annotated[str, Field(pattern=r"^[A-Za-z0-9.]{1,255}$")]
Domain = Annotated[
    str,
    Field(pattern=rf"^{_LABEL}(\.{_LABEL})*$", max_length=255),
]
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Connector = Annotated[str, Field(max_length=CONNECTOR_LENGTH)]
EventCode = Annotated[str, AfterValidator(_event)]
Address = Annotated[str, AfterValidator(_handler_scheme)]
Time = Annotated[datetime, AfterValidator(_aware)]
Identifier = Annotated[int, Field(ge=1, lt=2**63)]
ShortText = Annotated[str, BeforeValidator(_text), Field(max_length=50)]


class Part(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid")


class PortalPart(Part):
    """The portal itself."""

    domain: Domain | None = Field(None, description="Default: a name of its own, *.bitrix24.test")
    member_id: Hex32 | None = Field(None, description="32 hex digits; default: generated")
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    license: str = "en_ent250"
    scopes: list[str] | None = Field(None, description="All scopes that the portal knows")
    expires_in: int = Field(
        3600, ge=1, le=2**31, description="Seconds, of tokens that OAuth issues"
    )
    retention: int = Field(DEFAULT_RETENTION, ge=1, le=2**31, description="Seconds")
    features: dict[str, bool] = Field(default_factory=dict)
    switches: Annotated[dict[str, Any], AfterValidator(_switches)] = Field(default_factory=dict)
    seed: Annotated[str | None, BeforeValidator(_text)] = Field(
        None, description="Makes ids, tokens and process ids repeat"
    )
    client_endpoint: str | None = Field(None, description="Read-only: written, ignored when read")


class UserPart(BaseModel):
    """A user; further keys are kept as the user's fields."""

    model_config = ConfigDict(extra="allow")

    id: Identifier
    name: str = ""
    last_name: str = ""
    admin: bool = False
    active: bool = True


class WebhookPart(Part):
    """An incoming webhook."""

    user: int = 1
    secret: Plain | None = None
    scope: list[str] = ["crm", "task", "user"]


class OutgoingPart(Part):
    """An outgoing webhook."""

    event: EventCode
    handler: Address
    application_token: Plain | None = None


class TokenPart(Part):
    """A token. Without `expires` it never expires."""

    access_token: Plain | None = None
    refresh_token: Plain | None = None
    user: int = 1
    expires: Time | None = None


class BindingPart(Part):
    """A subscription, as event.bind makes it."""

    event: EventCode
    type: Literal["online", "offline"] = "online"
    handler: Address | None = None
    auth_connector: Connector = ""
    user: int = 0
    options: dict[str, JsonValue] = Field(default_factory=dict)


class RowPart(Part):
    """A row of the queue as it is, byte for byte, without side effects."""

    id: Identifier | None = None
    event: EventCode
    data: JsonValue = False
    additional: JsonValue = False
    auth_connector: Connector = ""
    message_id: ShortText | None = None
    timestamp: Time | None = None
    process_id: ShortText = ""
    error: bool = False


class ApplicationPart(Part):
    """An application, installed in the portal."""

    client_id: Plain | None = None
    client_secret: Plain | None = None
    application_token: Plain | None = None
    name: str = ""
    status: Literal["L", "F", "D", "T", "P", "S"] = "L"
    version: int = 1
    installed: bool = True
    active: bool = True
    payment_expired: bool = False
    access: list[int] | None = None
    scope: list[str] = ["crm", "task", "user"]
    redirect_uri: str | None = None
    handler_url: str | None = None
    install_url: str | None = None
    options: dict[str, JsonValue] = Field(default_factory=dict)
    user_options: dict[int, dict[str, JsonValue]] = Field(default_factory=dict)
    tokens: list[TokenPart] = Field(default_factory=list)
    bindings: list[BindingPart] = Field(default_factory=list)
    queue: list[RowPart] = Field(default_factory=list)


class Document(Part):
    """One portal: what a fixture file holds, `snapshot` writes and the control API takes."""

    portal: PortalPart = Field(default_factory=PortalPart)
    users: list[UserPart] | None = None
    webhooks: list[WebhookPart] = Field(default_factory=list)
    outgoing: list[OutgoingPart] = Field(default_factory=list)
    apps: list[ApplicationPart] | None = None
    entities: dict[str, list[dict[str, JsonValue]]] = Field(default_factory=dict)
    stubs: dict[str, JsonValue] = Field(default_factory=dict)


class LooseRow(RowPart):
    """A row of the queue outside of its application: a line of JSON Lines."""

    client_id: str
    portal: str | None = None
