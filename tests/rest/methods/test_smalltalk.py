"""Single methods of other scopes."""

from __future__ import annotations

import pytest

from tests.support import TestPortal, install_portal


@pytest.fixture
def chat(portal: TestPortal) -> TestPortal:
    """A portal whose webhook may write messages."""
    document = {"webhooks": [{"user": 1, "scope": ["im"]}]}
    return install_portal(portal.server, portal.http, document)


def test_a_message_reaches_users_and_chats_that_are_there(chat: TestPortal) -> None:
    send = "im.message.add"
    room = chat.webhook("im.chat.add", TITLE="Team").result

    assert chat.webhook(send, DIALOG_ID=2, MESSAGE="Hello").result == 1
    assert chat.webhook(send, DIALOG_ID=f"chat{room}", MESSAGE="Hello").result == 2
    for dialog in ("77", "chat77", "nonsense"):
        answer = chat.webhook(send, DIALOG_ID=dialog, MESSAGE="Hello")
        assert answer.error[:2] == (400, "CANCELED")
    assert chat.webhook(send, MESSAGE="Hello").error[1] == "USER_ID_EMPTY"
    assert chat.webhook(send, DIALOG_ID=2).error[1] == "MESSAGE_EMPTY"


def test_access_codes_have_names(portal: TestPortal) -> None:
    named = portal.user("access.name", ACCESS=["AU", "U1", "U77", "nonsense"]).result

    assert {code: name["name"] for code, name in named.items()} == {
        "AU": "All authorized users",
        "U1": "Anna Admin",
    }


def test_a_user_has_their_own_access_codes(portal: TestPortal) -> None:
    assert portal.user("user.access", ACCESS=["U2"]).result is True
    assert portal.user("user.access", ACCESS=["U1", "G1"]).result is False
    assert portal.admin("user.access", ACCESS=["G1"]).result is True
    assert portal.user("user.access", ACCESS="AU").result is True
