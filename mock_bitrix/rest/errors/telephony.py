"""What telephony refuses."""

from __future__ import annotations

from mock_bitrix.rest.errors.base import RestError


class UserNotNamed(RestError):
    """USER_ID or USER_PHONE_INNER should be set"""


class UserNotActive(RestError):
    """User is not found or is not active"""


class UnknownCallType(RestError):
    """Unknown TYPE"""


class PhoneNumberInvalid(RestError):
    """Unsupported phone number format"""


class StartDateInvalid(RestError):
    """CALL_START_DATE should be in the ISO-8601 format"""


class CallNotFound(RestError):
    """Call is not found (call should be registered prior to finishing)"""


class CallIdNoText(RestError):
    """CALL_ID must be a string"""

    code = "INVALID_ARGUMENT"
