"""Issuing, expiring and revoking tokens."""

from __future__ import annotations

import httpx
import pytest

from mock_bitrix.testing.control import ControlError, PortalControl
from tests.support import Client


def _client(portal: PortalControl, http: httpx.Client, token: str) -> Client:
    return Client(http, f"{portal.transport.url}/rest", token)


def test_an_issued_token_works_and_ends_like_those_of_oauth(
    made: PortalControl, http: httpx.Client
) -> None:
    token = made.issue_token()

    assert _client(made, http, token["access_token"])("profile").status == 200
    assert token["client_id"] == "local.app"
    assert token["refresh_token"]
    assert token["expires"] is not None


def test_a_token_can_be_given_and_never_end(made: PortalControl, http: httpx.Client) -> None:
    name = f"my.{made.name}"
    assert _client(made, http, name)("profile").error[1] == "invalid_token"

    token = made.issue_token(access_token=name, expires_in=None)

    assert token["expires"] is None
    assert _client(made, http, name)("profile").status == 200


def test_a_token_that_is_taken_is_refused(made: PortalControl) -> None:
    taken = made.document["apps"][0]["tokens"][0]["access_token"]

    with pytest.raises(ControlError) as refused:
        made.issue_token(access_token=taken)

    assert refused.value.path == "access_token"


def test_an_unknown_user_is_refused(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.issue_token(user=77)

    assert refused.value.path == "user"


def test_a_revoked_token_is_unknown(made: PortalControl, caller: Client) -> None:
    made.revoke_token(str(caller.token))

    assert caller("profile").error[:2] == (401, "invalid_token")


def test_an_expired_token_says_so(made: PortalControl, caller: Client) -> None:
    made.expire_token(str(caller.token))

    assert caller("profile").error[:2] == (401, "expired_token")


def test_a_token_of_another_portal_is_not_there(made: PortalControl) -> None:
    for change in (made.revoke_token, made.expire_token):
        with pytest.raises(ControlError) as refused:
            change("demo.admin.token")
        assert refused.value.status == 404
