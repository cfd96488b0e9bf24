"""Who is calling: by token, or by webhook; nobody has a browser's session here (protocol B)."""

from __future__ import annotations

from mock_bitrix.php.values import ArrayGiven, Value, is_array, to_text
from mock_bitrix.portal.addresses import without_port
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.kinds import CONNECTOR_LENGTH
from mock_bitrix.portal.model import Grant, Portal, User
from mock_bitrix.portal.scopes import reach
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Call, Caller
from mock_bitrix.rest.registry import Method
from mock_bitrix.rest.request import Request


def named_by(request: Request, directory: Directory) -> Portal | None:
    """The portal whose domain the caller used, if any."""
    return directory.by_domain(without_port(request.host))


def authorise(
    request: Request,
    parameters: dict[str, Value],
    called: Method,
    directory: Directory,
    named: Portal | None,
) -> Caller:
    """Find out who calls; take credentials and connector out of the parameters.

    `named`: what `named_by` gave. Raises the `RestError` of protocol B.3, B.4 or B.6 that is first.
    """
    user, secret = parameters.get("aplogin"), parameters.get("ap")
    if user is not None and secret is not None:
        caller = _by_webhook(request, user, secret, directory, named)
        del parameters["aplogin"], parameters["ap"]
        require_scope(caller, called)
        return caller
    grant = _grant(token_of(request, parameters), directory, named)
    caller = _by_token(grant, called)
    return _with_connector(caller, parameters)


def addressed(
    request: Request, parameters: dict[str, Value], directory: Directory, named: Portal | None
) -> Portal | None:
    """The portal that a call is for: its host says it, else token or secret, else it is the first.

    None where there is no portal at all. Says nothing about who may call. `named`: from `named_by`.
    """
    if named:
        return named
    secret = parameters.get("ap")
    if secret is not None and parameters.get("aplogin") is not None:
        webhook = directory.webhook(secret) if isinstance(secret, str) else None
        return webhook.portal if webhook else directory.default()
    for token in (request.bearer, parameters.get("auth"), parameters.get("access_token")):
        if token and isinstance(token, str):
            grant = directory.grant(token)
            return grant.portal if grant else directory.default()
    return directory.default()


def require_scope(caller: Caller, called: Method) -> None:
    """Refuse a method outside of the caller's scope."""
    if called.scopes and caller.scope.isdisjoint(called.scopes):
        if caller.webhook:
            raise errors.InsufficientWebhookScope
        raise errors.InsufficientScope


def token_of(request: Request, parameters: dict[str, Value]) -> str:
    """Take the token: header, `auth`, `access_token`, in this order (protocol B.2)."""
    auth, access_token = parameters.pop("auth", None), parameters.pop("access_token", None)
    for given in (request.bearer, auth, access_token):
        token = None if given is None or is_array(given) else to_text(given)
        if token:
            return token
    by_session = request.session or parameters.get("sessid") is not None
    raise errors.SessionFailed if by_session else errors.NoAuthFound  # protocol B.7


def _grant(token: str, directory: Directory, named: Portal | None) -> Grant:
    grant = directory.grant(token)
    if grant is None or (named is not None and grant.portal.id != named.id):
        raise errors.InvalidToken
    return grant


def _by_token(grant: Grant, called: Method) -> Caller:
    """The chain of protocol B.3, in its order."""
    application, user = grant.application, grant.user
    if application.uninstalled:
        raise errors.ApplicationNotInstalled
    if application.payment_expired:
        raise errors.PaymentRequired
    if not application.active:
        raise errors.ApplicationNotFound
    expires = grant.token.expires
    if expires is not None and expires <= grant.portal.clock.now():
        raise errors.ExpiredToken
    scope = reach(application.scope)
    if called.scopes and scope.isdisjoint(called.scopes):
        raise errors.InsufficientScope
    if user is None or not user.active:
        raise errors.AuthorizationError
    if application.access is not None and user.id not in application.access:
        raise errors.UserAccessError
    return Caller(grant.portal, user, scope, application=application)


def _with_connector(caller: Caller, parameters: dict[str, Value]) -> Caller:
    """Protocol B.5: read for applications only, and a matter of the plan for every method."""
    given = parameters.pop("auth_connector", None)
    if given is None:
        return caller
    if not caller.portal.features.get("rest_auth_connector", True):
        raise errors.WrongLicense(feature="auth_connector")
    try:
        connector = to_text(given)
    except ArrayGiven as error:
        raise errors.ArgumentType("auth_connector") from error
    if len(connector) > CONNECTOR_LENGTH:
        raise errors.ArgumentTooLong(argument="auth_connector", longest=CONNECTOR_LENGTH)
    return Caller(caller.portal, caller.user, caller.scope, caller.application, connector=connector)


def _by_webhook(
    request: Request, user: Value, secret: Value, directory: Directory, named: Portal | None
) -> Caller:
    """Protocol B.6, in its order; the scope comes last."""
    webhook = None if is_array(secret) else directory.webhook(to_text(secret))
    portal = webhook.portal if webhook else named or directory.default()
    if portal and portal.switches.https == "required" and request.scheme != "https":
        raise errors.HttpsRequired
    if webhook is None or (named is not None and webhook.portal.id != named.id):
        raise errors.InvalidCredentials
    owner = webhook.user
    if owner is None or not owner.active or not _means(user, owner):
        raise errors.InvalidCredentials
    scope = reach(webhook.scope)
    return Caller(webhook.portal, owner, scope, webhook=webhook)


def _means(given: Value, user: User) -> bool:
    """Whether a user is called by number, or by login."""
    return not is_array(given) and to_text(given) in (str(user.id), user.extra.get("LOGIN"))


# Who may call a method: checks for `@method(allowed=…)`, in the order of protocol B.8.


def applications(call: Call) -> None:
    """Applications only."""
    if call.caller.application is None:
        raise errors.WrongAuthType


def offline_access(call: Call) -> None:
    """Administrators, or any user: the portal's switch decides (protocol D.0 row 3)."""
    administrator = call.portal.switches.offline_access == "administrator"
    if administrator and not call.caller.user.admin:
        raise errors.AccessDenied
