"""What must not show anywhere, and a portal that is full of it."""

from __future__ import annotations

from typing import Any

ACCESS = "access1.s3cr3taccesstoken"
USER_ACCESS = "access2.s3cr3tusertoken"
REFRESH = "refresh1.s3cr3trefreshtoken"
SPENT = "refresh2.s3cr3tspenttoken"
EXPIRED = "access3.s3cr3texpiredtoken"
CLIENT_SECRET = "client1.s3cr3tclientsecret"
APPLICATION = "app1.s3cr3tapplicationtoken"
OUTGOING = "app2.s3cr3toutgoingtoken"
WEBHOOK = "hook1s3cr3twebhook"
KEY = "key1s3cr3tcontrolkey"
FOREIGN = "foreign1.s3cr3tofanotherserver"
"""A secret that the server doesn't know: of the real portal, sent here by mistake."""

PASSWORD = "dbs3cr3tpassword"
HANDLER = "handlers3cr3tkeykey0"

MARK = "s3cr3t"
"""What all of them contain; of what the log shows of a secret, its beginning, it is no part."""


def document(handlers: list[str]) -> dict[str, Any]:
    """A portal; these handlers hear of new leads."""
    bindings: list[dict[str, Any]] = [
        {"event": "ONCRMLEADADD", "handler": handler, "user": 1} for handler in handlers
    ]
    tokens: list[dict[str, Any]] = [
        {"access_token": ACCESS, "refresh_token": REFRESH, "user": 1},
        {"access_token": USER_ACCESS, "refresh_token": SPENT, "user": 2},
        {"access_token": EXPIRED, "user": 1, "expires": "2020-01-01T00:00:00Z"},
    ]
    return {
        "users": [{"id": 1, "admin": True}, {"id": 2}],
        "webhooks": [{"user": 1, "secret": WEBHOOK, "scope": ["crm"]}],
        "outgoing": [
            {"event": "ONCRMLEADADD", "handler": handlers[0], "application_token": OUTGOING}
        ],
        "apps": [
            {
                "client_id": "local.app",
                "client_secret": CLIENT_SECRET,
                "application_token": APPLICATION,
                "redirect_uri": "http://127.0.0.1:1/back",
                "scope": ["crm", "task", "fail"],
                "tokens": tokens,
                "bindings": [
                    *bindings,
                    {"event": "ONCRMLEADADD", "type": "offline", "auth_connector": "sync"},
                ],
            }
        ],
    }
