from typing import Any

import pytest

from mock_bitrix.portal.checking import check
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.paths import LoadError

OFFLINE = {"event": "ONCRMLEADADD", "type": "offline"}
ONLINE = {"event": "ONCRMLEADADD", "handler": "http://x.y/"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"users": [{"id": 1}, {"id": 1}]}, 'users[1].id: "1" is taken already, at users[0].id'),
        (
            {"apps": [{"client_id": "a"}, {"client_id": "a"}]},
            'apps[1].client_id: "a" is taken already, at apps[0].client_id',
        ),
        (
            {"apps": [{"tokens": [{"access_token": "t"}]}, {"tokens": [{"access_token": "t"}]}]},
            ('apps[1].tokens[0].access_token: "t" is taken already, '
            "at apps[0].tokens[0].access_token"),
        ),
        (
            {"apps": [{"tokens": [{"refresh_token": "t"}, {"refresh_token": "t"}]}]},
            ('apps[0].tokens[1].refresh_token: "t" is taken already, '
            "at apps[0].tokens[0].refresh_token"),
        ),
        (
            {"webhooks": [{"secret": "s"}, {"secret": "s"}]},
            'webhooks[1].secret: "s" is taken already, at webhooks[0].secret',
        ),
        (
            {"apps": [{"bindings": [OFFLINE, ONLINE, OFFLINE]}]},
            "apps[0].bindings[2]: is the same subscription as apps[0].bindings[0]",
        ),
        (
            {"outgoing": [ONLINE, ONLINE]},
            "outgoing[1]: is the same subscription as outgoing[0]",
        ),
        (
            {"entities": {"crm.lead": [{"ID": 5}, {"ID": "6"}, {"ID": "5"}]}},
            'entities.crm.lead[2].ID: "5" is there twice; first at entities.crm.lead[0].ID',
        ),
        (
            {"users": [{"id": 7}, {"id": 9}], "apps": [{"tokens": [{"user": 7}, {}]}]},
            "apps[0].tokens[1].user: there is no user 1; expected one of users: 7, 9",
        ),
        (
            {"webhooks": [{"user": 2}]},
            "webhooks[0].user: there is no user 2; expected one of users: 1",
        ),
    ],
)  # fmt: skip
def test_a_document_that_contradicts_itself_is_refused(
    document: dict[str, Any], message: str
) -> None:
    with pytest.raises(LoadError) as caught:
        check(Document.model_validate(document))

    assert str(caught.value) == message


def test_the_same_names_in_different_places_are_no_contradiction() -> None:
    check(
        Document.model_validate(
            {
                "users": [{"id": 1}, {"id": 2}],
                "webhooks": [{"secret": "same"}, {}, {}],
                "apps": [
                    {"client_id": "same", "bindings": [OFFLINE, ONLINE, {**ONLINE, "user": 1}]},
                    {"client_id": "b", "bindings": [OFFLINE, {**OFFLINE, "auth_connector": "x"}]},
                    {"tokens": [{"access_token": "same", "refresh_token": "same"}, {"user": 2}]},
                    {},
                ],
                "entities": {"crm.lead": [{"ID": 5}, {}, {}], "crm.deal": [{"ID": 5}]},
            }
        )
    )
