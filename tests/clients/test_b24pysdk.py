"""The vendor's Python SDK, unmodified: https on port 443, a fixed authorisation host."""

from __future__ import annotations

import pytest

from tests.clients.support import (
    EXAMPLE,
    FIRST_ROW,
    add_fault,
    application_of,
    expire,
    issue_token,
    put_documented_row,
)
from tests.support import TestPortal, lead_added

sdk = pytest.importorskip("b24pysdk", reason="needs b24pysdk 1.3.2 from PyPI")
errors = pytest.importorskip("b24pysdk.errors")

pytestmark = pytest.mark.usefixtures("through_proxy")


class Session:
    """A client of the SDK with a token that the authorisation server has issued."""

    def __init__(self, portal: TestPortal) -> None:
        application = application_of(portal)
        self.issued = issue_token(portal)
        self.token = sdk.BitrixToken(
            domain=portal.domain,
            auth_token=self.issued.access_token,
            refresh_token=self.issued.refresh_token,
            bitrix_app=sdk.BitrixApp(
                client_id=application.client_id, client_secret=application.client_secret
            ),
        )
        self.client = sdk.Client(self.token)


@pytest.fixture
def session(client_portal: TestPortal) -> Session:
    return Session(client_portal)


def test_the_documented_example(client_portal: TestPortal, session: Session) -> None:
    put_documented_row(client_portal)

    taken = session.client.event.offline.get(**EXAMPLE).result

    assert taken == {"process_id": None, "events": [FIRST_ROW]}


def test_a_webhook_is_refused_with_the_librarys_own_exception(client_portal: TestPortal) -> None:
    user, secret = client_portal.webhook.base.rsplit("/", 2)[1:]
    webhook = sdk.BitrixWebhook(domain=client_portal.domain, webhook_token=f"{user}/{secret}")

    with pytest.raises(errors.BitrixAPIWrongAuthType):
        _ = sdk.Client(webhook).event.offline.get().response


def test_bind_take_confirm_and_fail(client_portal: TestPortal, session: Session) -> None:
    client = session.client
    assert client.event.bind("ONCRMLEADADD", event_type="offline").result
    client_portal.rows(lead_added(n) for n in (1, 2, 3))

    taken = client.event.offline.get(clear=False).result
    first, second, third = (event["MESSAGE_ID"] for event in taken["events"])
    process_id = taken["process_id"]
    failed = client.event.offline.error(process_id, message_id=[first])
    confirmed = client.event.offline.clear(process_id, message_id=[second, third])

    assert failed.result is True
    assert confirmed.result is True
    left = client_portal.queue()
    assert [(row["MESSAGE_ID"], row["ERROR"]) for row in left] == [(first, "1")]


def test_all_pages_of_a_list(client_portal: TestPortal, session: Session) -> None:
    client_portal.rows(lead_added(n) for n in range(120))

    rows = list(session.client.event.offline.list().as_list().result)

    assert len({row["ID"] for row in rows}) == 120


def test_a_batch(client_portal: TestPortal, session: Session) -> None:
    client = session.client
    client_portal.rows([lead_added(1)])

    batch = client.call_batch(
        {"who": client.profile(), "what": client.event.offline.list(filter={">ID": 0})}
    )

    assert batch.result.result["who"]["ID"] == "1"
    assert len(batch.result.result["what"]) == 1


def test_an_expired_token_is_refreshed_by_the_library(
    client_portal: TestPortal, session: Session
) -> None:
    expire(client_portal, session.issued)

    profile = session.client.profile().result

    assert profile["ID"] == "1"
    assert session.token.auth_token != session.issued.access_token


def test_a_garbage_token_is_the_librarys_own_exception(client_portal: TestPortal) -> None:
    application = sdk.BitrixApp(client_id="local.none", client_secret="none")
    token = sdk.BitrixToken(domain=client_portal.domain, auth_token="x", bitrix_app=application)

    with pytest.raises(errors.BitrixAPIInvalidToken):
        _ = sdk.Client(token).profile().result


@pytest.mark.long
def test_a_rate_limit_is_waited_out_by_the_library(
    client_portal: TestPortal, session: Session
) -> None:
    add_fault(client_portal, fault="QUERY_LIMIT_EXCEEDED", method="profile", times=1)

    assert session.client.profile().result["ID"] == "1"
