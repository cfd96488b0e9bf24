"""What a portal consists of, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from mock_bitrix.clock import Clock
from mock_bitrix.profiles import Switches

OFFLINE = ""
"""The handler of an offline binding: there is nobody to call."""

OUTGOING = 0
"""The application of an outgoing webhook's binding: there is none."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One Bitrix24: a domain, a clock, a plan, and the behaviour that it shows.

    `operating_cost`: methods (lower case) with a fixed cost, in seconds of operating time.
    """

    id: int
    domain: str
    member_id: str
    zone: tzinfo
    license: str
    scopes: tuple[str, ...]
    expires_in: int
    retention: int
    features: Mapping[str, bool]
    switches: Switches
    seed: str | None
    clock: Clock
    operating_cost: Mapping[str, float] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The portal's language, which is the first part of its licence: `de_ent250` is German."""
        return self.license.partition("_")[0]


@dataclass(frozen=True, slots=True)
class User:
    """A person in a portal."""

    id: int
    name: str
    last_name: str
    admin: bool
    active: bool
    extra: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Application:
    """An application as one portal has it. `access` None: everybody may use it."""

    id: int
    client_id: str
    client_secret: str
    application_token: str
    name: str
    status: str
    version: int
    installed: bool
    active: bool
    payment_expired: bool
    access: frozenset[int] | None
    scope: tuple[str, ...]
    redirect_uri: str | None
    handler_url: str | None
    install_url: str | None

    @property
    def uninstalled(self) -> bool:
        """Whether it was here and is gone: neither active nor installed."""
        return not self.active and not self.installed


@dataclass(frozen=True, slots=True)
class Token:
    """An access token: which user it speaks for, and until when (None: for ever)."""

    access_token: str
    refresh_token: str | None
    user_id: int
    expires: float | None


@dataclass(frozen=True, slots=True)
class Grant:
    """All that a token stands for. `user` is None where the portal has lost them."""

    portal: Portal
    token: Token
    application: Application
    user: User | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An incoming webhook: a user's standing permission, by secret."""

    id: int
    portal: Portal
    user_id: int
    user: User | None
    secret: str
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """A subscription to an event: `handler` is an address, or `OFFLINE`."""

    id: int
    application_id: int
    event: str
    handler: str
    user_id: int
    connector: str
    options: Mapping[str, object]
    application_token: str | None

    @property
    def offline(self) -> bool:
        """Whether the event goes to the queue instead of to an address."""
        return self.handler == OFFLINE
