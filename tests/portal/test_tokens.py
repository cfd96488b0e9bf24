"""Tokens of one portal."""

from __future__ import annotations

import httpx

from mock_bitrix.portal.changing import move_clock
from mock_bitrix.portal.model import Application, Portal
from mock_bitrix.portal.tokens import (
    KEPT_EXPIRED,
    REFRESH_LIFETIME,
    SWEPT_AT_ONCE,
    Tokens,
    promise_of_code,
    promise_of_refresh_token,
    sweep,
)
from mock_bitrix.testing import MockBitrix
from tests.support import TestPortal, install_portal


def parts(portal: TestPortal) -> tuple[Portal, Application, Tokens]:
    directory = portal.server.emulator.directory.revised()
    found = directory.portal(portal.id)
    assert found is not None
    return found, directory.applications(found)[0], Tokens(portal.server.emulator.database, found)


def profile(portal: TestPortal, token: str) -> tuple[int, str | None]:
    answer = portal.webhook.http.get(f"{portal.server.url}/rest/profile", params={"auth": token})
    return answer.status_code, answer.json().get("error")


def test_an_issued_token_works_for_its_user(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)

    token = tokens.issue(application, 2)

    assert profile(portal, token.access_token) == (200, None)


def test_a_token_that_was_asked_for_too_early_works_once_issued(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)
    token = tokens.issue(application, 2).access_token
    tokens.revoke(token)
    assert profile(portal, token) == (401, "invalid_token")

    install_portal(portal.server, portal.http, {"apps": [{"tokens": [{"access_token": token}]}]})

    assert profile(portal, token) == (200, None)


def test_an_expired_token_says_so_and_can_be_refreshed(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)
    token = tokens.issue(application, 1)
    assert profile(portal, token.access_token) == (200, None)

    assert tokens.expire(token.access_token)

    assert profile(portal, token.access_token) == (401, "expired_token")
    assert token.refresh_token is not None
    assert tokens.refresh(token.refresh_token, application, 1) is not None


def test_a_revoked_token_is_unknown_with_its_refresh_token(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)
    token = tokens.issue(application, 1)
    assert profile(portal, token.access_token) == (200, None)

    assert tokens.revoke(token.access_token)

    assert profile(portal, token.access_token) == (401, "invalid_token")
    assert token.refresh_token is not None
    database = portal.server.emulator.database
    assert promise_of_refresh_token(database, token.refresh_token) is None


def test_a_portal_changes_no_token_of_another(
    portal: TestPortal, server: MockBitrix, http: httpx.Client
) -> None:
    _, application, tokens = parts(portal)
    token = tokens.issue(application, 1).access_token
    _, _, strangers = parts(install_portal(server, http))

    assert not strangers.expire(token)
    assert not strangers.revoke(token)
    assert profile(portal, token) == (200, None)


def test_of_two_refreshes_at_once_one_gets_tokens(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)
    refresh_token = tokens.issue(application, 1).refresh_token
    assert refresh_token is not None

    assert tokens.refresh(refresh_token, application, 1) is not None
    assert tokens.refresh(refresh_token, application, 1) is None


def test_of_two_trades_of_a_code_one_gets_tokens(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)
    code = tokens.issue_code(application, 1)

    assert tokens.redeem(code, application, 1) is not None
    assert tokens.redeem(code, application, 1) is None


def test_a_code_stands_for_application_and_user(portal: TestPortal) -> None:
    found, application, tokens = parts(portal)

    promise = promise_of_code(portal.server.emulator.database, tokens.issue_code(application, 2))

    assert promise is not None
    assert (promise.portal_id, promise.application_id) == (found.id, application.id)
    assert promise.user_id == 2


def test_portals_of_one_seed_get_tokens_of_their_own(
    server: MockBitrix, http: httpx.Client
) -> None:
    issued = []
    for number in (1, 2):
        twin = {"seed": "twins", "domain": f"twin{number}.test", "member_id": f"{number:032x}"}
        names = {"client_id": "a", "client_secret": "b", "application_token": "c", "tokens": []}
        document = {"portal": twin, "apps": [names], "webhooks": []}
        _, application, tokens = parts(install_portal(server, http, document))
        issued.append(tokens.issue(application, 1))

    assert issued[0].access_token[16:] != issued[1].access_token[16:]
    assert issued[0].refresh_token != issued[1].refresh_token


def swept(portal: TestPortal, later: float = 0) -> int:
    """Let so many seconds pass in the portal, then sweep; how many tokens went."""
    database = portal.server.emulator.database
    move_clock(database, parts(portal)[0], lambda clock: clock.advanced(later))
    return sweep(database, parts(portal)[0])


def test_a_token_that_nobody_can_refresh_is_forgotten_an_hour_after_its_end(
    portal: TestPortal,
) -> None:
    found, application, tokens = parts(portal)
    token = tokens.issue(application, 1, refreshable=False)

    assert token.refresh_token is None
    assert swept(portal, later=found.expires_in + KEPT_EXPIRED - 5) == 0
    assert profile(portal, token.access_token) == (401, "expired_token")
    assert swept(portal, later=10) == 1


def test_a_token_that_can_be_refreshed_stays_as_long_as_that(portal: TestPortal) -> None:
    found, application, tokens = parts(portal)
    token = tokens.issue(application, 1)

    assert swept(portal, later=found.expires_in + KEPT_EXPIRED) == 0
    assert token.refresh_token is not None
    assert tokens.refresh(token.refresh_token, application, 1) is not None
    assert swept(portal) == 1, "the new one lives"


def test_a_refresh_token_that_is_over_keeps_nothing(portal: TestPortal) -> None:
    _, application, tokens = parts(portal)
    tokens.issue(application, 1)

    assert swept(portal, later=REFRESH_LIFETIME) == 1


def test_what_a_fixture_gives_is_never_forgotten(server: MockBitrix, http: httpx.Client) -> None:
    token = {"access_token": "over.long.ago", "expires": "2020-01-01T00:00:00Z"}
    portal = install_portal(server, http, {"apps": [{"tokens": [token]}]})

    assert swept(portal) == 0
    assert profile(portal, "over.long.ago") == (401, "expired_token")


def test_a_sweep_forgets_any_number_and_leaves_other_portals(
    portal: TestPortal, server: MockBitrix, http: httpx.Client
) -> None:
    other = install_portal(server, http)
    found, application, tokens = parts(portal)
    _, theirs, their_tokens = parts(other)
    with server.emulator.database.transaction():
        for _ in range(SWEPT_AT_ONCE + 1):
            tokens.issue(application, 1, refreshable=False)
        their_tokens.issue(theirs, 1, refreshable=False)

    assert swept(portal, later=found.expires_in + KEPT_EXPIRED) == SWEPT_AT_ONCE + 1
    assert swept(other) == 0
