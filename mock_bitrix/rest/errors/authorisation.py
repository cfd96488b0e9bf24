"""Refusals of the authorisation server (protocol B.9.2)."""

from __future__ import annotations

from mock_bitrix.rest.errors.base import RestError
from mock_bitrix.rest.errors.calls import PaymentRequired


class WrongClient(RestError):
    """Wrong client"""

    code, status = "wrong_client", 200

    def body(self) -> dict[str, object]:
        """The code alone: the real server describes it no further."""
        return {"error": self.code}


class InvalidClient(RestError):
    """The client credentials are invalid"""

    code = "invalid_client"


class InvalidGrant(RestError):
    """The code or refresh token is unknown, used or expired"""

    code = "invalid_grant"


class InvalidOAuthRequest(RestError):
    """Invalid "{name}" parameter"""

    code = "invalid_request"


class ParameterMissing(InvalidOAuthRequest):
    """No "{name}" parameter found"""


class ScopeExceeded(RestError):
    """Given scope exceeds permissions associated with given grant"""

    code, status = "invalid_scope", 403


class NotInstalled(RestError):
    """Application not installed"""

    code, status = "NOT_INSTALLED", 401


class GrantPaymentRequired(PaymentRequired):
    """Payment required"""
