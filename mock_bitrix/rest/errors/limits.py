"""Refusals of too much: requests, operating time, bytes (protocol H), and of batches (I.2)."""

from __future__ import annotations

from mock_bitrix.rest.errors.base import RestError


class TooManyRequests(RestError):
    """Too many requests"""

    code, status = "QUERY_LIMIT_EXCEEDED", 503


class IntegrationBlocked(TooManyRequests):
    """Rate limit exceeded. Too many requests in a given amount of time."""

    status = 401


class OperationTimeLimit(RestError):
    """Method is blocked due to operation time limit."""

    code, status = "OPERATION_TIME_LIMIT", 429


class HeadersTooLarge(RestError):
    """Request headers are larger than {limit} bytes"""

    code, status = "REQUEST_HEADER_FIELDS_TOO_LARGE", 431


class BatchTooLong(RestError):
    """Max batch length exceeded"""

    code = "ERROR_BATCH_LENGTH_EXCEEDED"


class NotInBatch(RestError):
    """Method is not allowed for batch usage"""

    code = "ERROR_BATCH_METHOD_NOT_ALLOWED"
