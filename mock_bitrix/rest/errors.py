"""Every refusal of the REST surface: a code, a status, a text. No other file spells a code.

A class is one row of the error table; its docstring is its text, with {names} for what varies.
"""

from __future__ import annotations

from collections.abc import Iterator


class RestError(Exception):
    """What the portal answers when it refuses a call."""

    code: str | int = "ERROR_CORE"
    status = 400
    argument: str | None = None
    note: str | None = None
    """What this server says about it in a header: the real portal answers otherwise."""

    def __init__(self, *, argument: str | None = None, **values: object) -> None:
        text = (type(self).__doc__ or "").strip()
        self.text = text.format(**values) if values else text
        self.argument = self.argument if argument is None else argument
        super().__init__(self.text)

    def body(self) -> dict[str, object]:
        """The answer's members, in order (protocol C.3)."""
        body: dict[str, object] = {"error": self.code, "error_description": self.text}
        return body if self.argument is None else {**body, "argument": self.argument}


def refusals(of: type[RestError] = RestError) -> Iterator[type[RestError]]:
    """Every kind of refusal there is."""
    for kind in of.__subclasses__():
        yield kind
        yield from refusals(kind)


# Envelope and authorization: protocol I.1.


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


class UserNotAuthorized(RestError):
    """User not authorized"""

    code, status = "access_denied", 401


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


# Limits: protocol H.


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


# Batch: protocol I.2.


class BatchTooLong(RestError):
    """Max batch length exceeded"""

    code = "ERROR_BATCH_LENGTH_EXCEEDED"


class NotInBatch(RestError):
    """Method is not allowed for batch usage"""

    code = "ERROR_BATCH_METHOD_NOT_ALLOWED"


# Arguments: protocol I.3.


class ArgumentError(RestError):
    """Wrong argument"""

    code = "ERROR_ARGUMENT"


class ArgumentEmpty(ArgumentError):
    """Argument '{name}' is null or empty"""

    def __init__(self, name: str) -> None:
        super().__init__(argument=name, name=name)


class ArgumentType(ArgumentError):
    """The value of an argument '{name}' has an invalid type"""

    def __init__(self, name: str) -> None:
        super().__init__(argument=name, name=name)


class ArgumentTooLong(ArgumentError):
    """Value must not be longer than {longest} characters"""


class NestedTooDeep(ArgumentError):
    """Parameters are nested too deep"""


class NulInName(ArgumentError):
    """The name of a parameter can't hold a NUL"""


class NotPositive(ArgumentError):
    """Value must be positive integer"""


class FilterNotArray(ArgumentError):
    """The filter is not an array."""


class FilterOperation(ArgumentError):
    """Filter operation not allowed: {operator}"""


class FilterField(ArgumentError):
    """Filter field not allowed: {field}"""


class FilterOperator(ArgumentError):
    """Unknown operator `{operator}`"""

    argument = ""


class FilterDate(ArgumentError):
    """Incorrect date/time: {value}"""


class OrderNotArray(ArgumentError):
    """The order is not an array."""


class OrderField(ArgumentError):
    """Order field not allowed: {field}"""


class OrderDirection(ArgumentError):
    """Order direction should be one of {ASC|DESC}"""


class NotMessageIds(ArgumentError):
    """Value must be array of MESSAGE_ID values"""

    argument = "message_id"


class NotMessageId(NotMessageIds):
    """Value must be array of MESSAGE_ID values"""

    argument = "messsage_id"  # three s: so does the real server (protocol E.2)


class NotIds(ArgumentError):
    """Value must be array of integers"""

    argument = "id"


class NotEventType(ArgumentError):
    """Value must be one of {online|offline}"""

    argument = "EVENT_TYPE"


class NotOffline(ArgumentError):
    """Offline event cannot be registered for this event."""


# Bindings and small methods: protocol I.3.


class EventNotFound(RestError):
    """Event not found"""

    code = "ERROR_EVENT_NOT_FOUND"


class WrongHandlerUrl(RestError):
    """Wrong handler URL"""

    code = "ERROR_WRONG_HANDLER_URL"


class UnsupportedProtocol(RestError):
    """Unsupported handler protocol"""

    code = "ERROR_UNSUPPORTED_PROTOCOL"


class AlreadyBound(RestError):
    """Unable to set event handler: Handler already binded"""


class BindingStarted(RestError):
    """Unable to set event handler: Process of binding the handler has already started"""


class BindForOthers(AccessDenied):
    """Access denied! Event binding with AUTH_TYPE requires administrator access rights"""


class BindOffline(AccessDenied):
    """Access denied! Offline events binding requires administrator access rights"""


class UnbindForOthers(AccessDenied):
    """Access denied! Event unbinding with AUTH_TYPE requires administrator access rights"""


class UnbindOffline(AccessDenied):
    """Access denied! Offline events unbinding requires administrator access rights"""


class CodeEmpty(RestError):
    """CODE can't be empty"""

    code = "CODE_EMPTY"


# The authorisation server: protocol B.9.2.


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
