"""The fixture document: one portal as a file says it. Unknown keys are errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from mock_bitrix.events import catalogue
from mock_bitrix.portal.kinds import (
    LARGEST,
    Address,
    Connector,
    Domain,
    EventCode,
    Flag,
    Hex32,
    Identifier,
    MethodName,
    Moment,
    Number,
    Offset,
    Options,
    Plain,
    Seconds,
    Seed,
    ShortText,
    SwitchValues,
    Time,
    UserId,
    UserKey,
    Whole,
    Zone,
)

DEFAULT_RETENTION = 2_952_000  # protocol D.11


class Part(BaseModel):
    """A part of the document."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class ClockState(Part):
    """Where a portal's clock stands."""

    offset: Offset = Field(0.0, description="Seconds that it is ahead of the machine's")
    frozen_at: Moment | None = Field(
        None, description="Seconds since 1970 at which it stands still; null: it runs"
    )


class PortalState(Part):
    """What has no setting of its own. Written by `snapshot`, so that a copy goes on alike."""

    counters: dict[str, Annotated[Whole, Field(ge=0, lt=LARGEST)]] = Field(
        default_factory=dict, description="The last numbers given: of rows, of seeded randomness"
    )
    clock: ClockState = Field(default_factory=ClockState, description="The portal's clock")
    hidden: dict[str, list[dict[str, Any]]] = Field(
        default_factory=dict, description="Throttles, faults, notices, codes and frames, as kept"
    )


class PortalPart(Part):
    """The portal itself."""

    domain: Domain | None = Field(None, description="Default: a name of its own, *.bitrix24.test")
    member_id: Hex32 | None = Field(None, description="32 hex digits; default: generated")
    timezone: Zone = Field(
        "UTC", description="Zone of the times that the portal shows, such as Europe/Berlin"
    )
    license: str = Field("en_ent250", max_length=64, description="Plan; begins with the language")
    scopes: list[str] | None = Field(
        None, description="All scopes that the portal knows; default: those of the real one"
    )
    expires_in: Whole = Field(
        3600, ge=1, le=2**31, description="Seconds, of tokens that OAuth issues"
    )
    retention: Whole = Field(
        DEFAULT_RETENTION, ge=1, le=2**31, description="Seconds that a row stays in the queue"
    )
    features: dict[str, Flag] = Field(
        default_factory=dict,
        description="Of the plan: rest_offline_extended, rest_auth_connector; default: both true",
    )
    switches: SwitchValues = Field(
        default_factory=dict, description="Single switches of the profile, for this portal"
    )
    operating_cost: dict[MethodName, Annotated[Number, Field(ge=0, le=1e6)]] = Field(
        default_factory=dict,
        description="Seconds of operating time that a call of a method counts for, by method",
    )
    seed: Seed = Field(None, description="Makes ids, tokens and process ids repeat")
    client_endpoint: str | None = Field(None, description="Read-only: written, ignored when read")
    state: PortalState | None = Field(None, description="Written by snapshot; default: a fresh one")


class UserPart(BaseModel):
    """A user; further keys are kept as the user's fields."""

    model_config = ConfigDict(extra="allow")

    id: Identifier = Field(description="Unique in the portal")
    name: str = Field("", description="First name")
    last_name: str = Field("", description="Last name")
    admin: Flag = Field(False, description="Whether the user is an administrator")
    active: Flag = Field(True, description="False: dismissed, refused by every method")


class WebhookPart(Part):
    """An incoming webhook."""

    user: UserId = Field(1, description="Id of the user whose rights it has")
    secret: Plain | None = Field(None, description="Unique in a server; default: generated")
    scope: list[str] = Field(["crm", "task", "user"], description="What it may call")


class OutgoingPart(Part):
    """An outgoing webhook."""

    event: EventCode = Field(description="Code of the event that it tells of")
    handler: Address = Field(description="Address that is called")
    application_token: Plain | None = Field(None, description="Default: generated")
    order: Annotated[Whole, Field(ge=0, lt=2**63)] | None = Field(
        None, description="Who hears of an event first, where the file's order isn't it"
    )


class TokenPart(Part):
    """A token. Without `expires` it never expires."""

    access_token: Plain | None = Field(None, description="Unique in a server; default: generated")
    refresh_token: Plain | None = Field(None, description="Unique in a server; default: none")
    user: UserId = Field(1, description="Id of the user for whom it speaks")
    expires: Time | None = Field(None, description="When it ends; default: never")
    refresh_expires: Time | None = Field(
        None, description="When the refresh token ends; default: never"
    )


class BindingPart(Part):
    """A subscription, as event.bind makes it."""

    event: EventCode = Field(description="Code of the event")
    type: Literal["online", "offline"] = Field(
        "online", description="online: the handler is called; offline: rows in the queue"
    )
    handler: Address | None = Field(None, description="Address that is called; online only")
    auth_connector: Connector = Field("", description="Whose queue, and whose echo stays out of it")
    user: UserId = Field(
        0, description="Whose tokens the handler gets; 0: of whoever causes the event"
    )
    options: Options = Field(default_factory=dict, description="Such as minTimeout")
    order: Annotated[Whole, Field(ge=0, lt=2**63)] | None = Field(
        None, description="Who hears of an event first, where the file's order isn't it"
    )

    @model_validator(mode="after")
    def _handler_where_called(self) -> Self:
        if self.type == "online" and self.handler is None:
            raise ValueError("has no handler; expected handler: http://…, or type: offline")
        if self.type == "offline" and self.handler is not None:
            raise ValueError("has a handler, but offline calls nobody; expected one or the other")
        event = catalogue.find(self.event)
        if self.type == "offline" and event is not None and not event.offline:
            raise ValueError(
                f"{self.event} never reaches a queue; expected another event or online"
            )
        return self


class RowState(Part):
    """What a row has that no method shows. Written by `snapshot`."""

    written: Seconds = Field(description="Portal's time from which retention counts, since 1970")
    reserved_at: Seconds | None = Field(None, description="Portal's time of the reservation")


class RowPart(Part):
    """A row of the queue as it is, byte for byte, without side effects."""

    id: Identifier | None = Field(
        None, description="Unique in the portal; default: the next after the highest"
    )
    event: EventCode = Field(description="Code of the event")
    data: JsonValue = Field(False, description="EVENT_DATA")
    additional: JsonValue = Field(False, description="EVENT_ADDITIONAL")
    auth_connector: Connector = Field("", description="Connector whose queue it is in")
    message_id: ShortText | None = Field(None, description="Default: computed as the portal does")
    timestamp: Time | None = Field(None, description="TIMESTAMP_X; default: now")
    process_id: ShortText = Field("", description="Who has reserved it; empty: nobody")
    error: Flag = Field(False, description="Whether it is marked as failed")
    state: RowState | None = Field(None, description="Written by snapshot; default: just written")


class ApplicationPart(Part):
    """An application, installed in the portal."""

    client_id: Plain | None = Field(None, description="Unique in a portal; default: generated")
    client_secret: Plain | None = Field(None, description="Default: generated")
    application_token: Plain | None = Field(
        None, description="Shows a handler that the portal calls; default: generated"
    )
    name: str = Field("", description="Title")
    status: Literal["L", "F", "D", "T", "P", "S"] = Field(
        "L", description="Local, free, demo, trial, paid, subscription"
    )
    version: Whole = Field(1, ge=0, lt=2**31, description="As app.info tells")
    installed: Flag = Field(True, description="False: the installation isn't finished")
    active: Flag = Field(True, description="False: its tokens are refused")
    payment_expired: Flag = Field(False, description="Whether the paid period is over")
    access: list[UserId] | None = Field(None, description="Ids of users who may use it; null: all")
    scope: list[str] = Field(["crm", "task", "user"], description="What it may call")
    redirect_uri: str | None = Field(None, description="Where OAuth sends the code")
    handler_url: str | None = Field(None, description="Shown in the frame")
    install_url: str | None = Field(None, description="Shown in the frame while it is installed")
    options: Options = Field(default_factory=dict, description="app.option.*")
    user_options: dict[UserKey, Options] = Field(
        default_factory=dict, description="user.option.*, by user id"
    )
    tokens: list[TokenPart] = Field(default_factory=list, description="Access to the portal")
    bindings: list[BindingPart] = Field(default_factory=list, description="Subscriptions")
    queue: list[RowPart] = Field(default_factory=list, description="Rows of its queues")


class Document(Part):
    """One portal: what a fixture file holds, `snapshot` writes and the control API takes."""

    portal: PortalPart = Field(default_factory=PortalPart, description="The portal itself")
    users: list[UserPart] | None = Field(
        None, description="Who works there; default: one administrator, id 1"
    )
    webhooks: list[WebhookPart] = Field(default_factory=list, description="Incoming webhooks")
    outgoing: list[OutgoingPart] = Field(default_factory=list, description="Outgoing webhooks")
    apps: list[ApplicationPart] | None = Field(
        None, description="Applications; default: one with one token"
    )
    entities: dict[MethodName, list[dict[str, JsonValue]]] = Field(
        default_factory=dict, description="What is in the portal, by kind such as crm.lead"
    )
    stubs: dict[MethodName, dict[str, JsonValue]] = Field(
        default_factory=dict, description="Fixed answers for methods that aren't emulated"
    )


DEFAULT_USERS = (UserPart(id=1, name="Anna", last_name="Admin", admin=True),)


class LooseRow(RowPart):
    """A row of the queue outside of its application: a line of JSON Lines."""

    client_id: str = Field(description="Whose queue it is in")
    portal: str | None = Field(None, description="Domain, where several portals have that client")
