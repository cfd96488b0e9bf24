"""Refusals of any call: who calls, what is there, what went wrong (protocol I.1)."""

from __future__ import annotations

from mock_bitrix.randomness import Randomness
from mock_bitrix.rest.errors.base import RestError


class MethodNotFound(RestError):
    """Method not found!"""

    code, status = "ERROR_METHOD_NOT_FOUND", 404


class NoAuthFound(RestError):
    """Wrong authorization data"""

    code, status = "NO_AUTH_FOUND", 401


class InvalidToken(RestError):
    """Unable to get application by token"""

    code, status = "invalid_token", 401


class ExpiredToken(RestError):
    """The access token provided has expired."""

    code, status = "expired_token", 401


class InsufficientScope(RestError):
    """The request requires higher privileges than provided by the access token"""

    code, status = "insufficient_scope", 401


class InsufficientWebhookScope(InsufficientScope):
    """The request requires higher privileges than provided by the webhook token"""


class UserAccessError(RestError):
    """The user does not have access to the application."""

    code, status = "user_access_error", 401


class AuthorizationError(RestError):
    """Unable to authorize user"""

    code, status = "authorization_error", 401


class ApplicationNotFound(RestError):
    """Application not found"""

    code, status = "APPLICATION_NOT_FOUND", 401


class ApplicationNotInstalled(RestError):
    """Application not installed"""

    code, status = "ERROR_OAUTH", 401


class PaymentRequired(RestError):
    """Subscription has been ended"""

    code, status = "PAYMENT_REQUIRED", 401


class HttpsRequired(RestError):
    """Https required."""

    code, status = "INVALID_REQUEST", 401


class InvalidCredentials(RestError):
    """Invalid request credentials"""

    code, status = "INVALID_CREDENTIALS", 401


class VerificationNeeded(RestError):
    """License check failed."""

    code, status = "verification_needed", 401


class ConnectionFailed(RestError):
    """Error connecting to authorization server"""

    code, status = "CONNECTION_ERROR", 401


class Overloaded(RestError):
    """REST API is blocked due to overload."""

    code, status = "OVERLOAD_LIMIT", 401


class SessionFailed(RestError):
    """Sessid check failed"""

    code, status = "session_failed", 401

    def body(self) -> dict[str, object]:
        """With the id of the session that has just begun (protocol B.7)."""
        return {**super().body(), "sessid": Randomness().hexadecimal(32)}


class UserNotAuthorized(SessionFailed):
    """User not authorized"""

    code = "access_denied"


class UserTypeDenied(RestError):
    """Access denied for this type of user"""

    code, status = "access_denied", 401

    def body(self) -> dict[str, object]:
        """With the type, by which guests of the portal sign in."""
        return {**super().body(), "type": "email"}


class ConfirmWaiting(RestError):
    """Waiting for confirmation"""

    code, status = "METHOD_CONFIRM_WAITING", 401


class ConfirmDenied(RestError):
    """Method call denied"""

    code, status = "METHOD_CONFIRM_DENIED", 403


class WrongAuthType(RestError):
    """Current authorization type is denied for this method"""

    code, status = "WRONG_AUTH_TYPE", 403


class AccessDenied(RestError):
    """Access denied!"""

    code, status = "ACCESS_DENIED", 403


class LinkCheckFailed(AccessDenied):
    """Access denied! Link check failed"""


class ApplicationContextRequired(AccessDenied):
    """Access denied! Application context required"""


class AdministratorRequired(AccessDenied):
    """Access denied! Administrator authorization required"""


class CommercialPlansOnly(AccessDenied):
    """REST is available only on commercial plans."""

    status = 401


class SubscriptionOnly(AccessDenied):
    """REST is available only by subscription."""

    status = 401


class WrongContext(AccessDenied):
    """Current user can't be authorized in this context"""

    status = 401


class WrongLicense(RestError):
    """This feature is not enabled for the current license: {feature}"""

    code, status = "WRONG_LICENSE", 403


class InternalServerError(RestError):
    """Internal server error"""

    code, status = "INTERNAL_SERVER_ERROR", 500


class PortalDeleted(RestError):
    """Portal was deleted"""

    code, status = "PORTAL_DELETED", 410


class PortalClosed(PortalDeleted):
    """Portal was deleted"""

    status = 403


class ManifestNotAvailable(RestError):
    """Manifest is not available"""

    code, status = "ERROR_MANIFEST_IS_NOT_AVAILABLE", 404


class UnexpectedAnswer(RestError):
    """Server returned an unexpected response"""

    code, status = "ERROR_UNEXPECTED_ANSWER", 500


class WrongTransport(RestError):
    """Wrong transport!"""

    code, status = "INTERNAL_WRONG_TRANSPORT", 500


class WrongHandlerClass(RestError):
    """Wrong handler class!"""

    code, status = "INTERNAL_WRONG_HANDLER_CLASS", 500


class WrongEncoding(RestError):
    """Wrong request encoding"""

    code, status = "WRONG_ENCODING", 200


class SqlQueryError(RestError):
    """SQL query error!"""

    code, status = "ERROR_CORE", 500


class BodyTooLarge(RestError):
    """Request body is larger than {limit} bytes"""

    code, status = "REQUEST_ENTITY_TOO_LARGE", 413
