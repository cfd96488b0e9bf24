"""`app.info` (protocol B.10)."""

from __future__ import annotations

from mock_bitrix.rest.call import Call
from mock_bitrix.rest.registry import NoParameters, method


@method("app.info")
def info(call: Call, _: NoParameters) -> dict[str, object]:
    """What the portal knows of the calling application; of a webhook, its scope and the plan."""
    application, plan = call.caller.application, call.portal.license
    if application is None:
        assert call.caller.webhook is not None
        return {"SCOPE": list(call.caller.webhook.scope), "LICENSE": plan}
    language, kind = plan.partition("_")[::2]
    return {
        "ID": application.id,
        "CODE": application.client_id,
        "VERSION": application.version,
        "STATUS": application.status,
        "INSTALLED": application.installed,
        "PAYMENT_EXPIRED": "Y" if application.payment_expired else "N",
        "DAYS": None,
        "LANGUAGE_ID": language,
        "LICENSE": plan,
        "LICENSE_TYPE": kind,
        "LICENSE_FAMILY": kind.rstrip("0123456789"),
    }
