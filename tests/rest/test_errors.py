"""The error table (protocol I): code, status and text of every refusal."""

from __future__ import annotations

import pytest

from mock_bitrix.rest import errors

ENVELOPE = [
    ("ERROR_METHOD_NOT_FOUND", 404, "Method not found!"),
    ("NO_AUTH_FOUND", 401, "Wrong authorization data"),
    ("invalid_token", 401, "Unable to get application by token"),
    ("expired_token", 401, "The access token provided has expired."),
    (
        "insufficient_scope",
        401,
        "The request requires higher privileges than provided by the access token",
    ),
    (
        "insufficient_scope",
        401,
        "The request requires higher privileges than provided by the webhook token",
    ),
    ("user_access_error", 401, "The user does not have access to the application."),
    ("authorization_error", 401, "Unable to authorize user"),
    ("APPLICATION_NOT_FOUND", 401, "Application not found"),
    ("ERROR_OAUTH", 401, "Application not installed"),
    ("PAYMENT_REQUIRED", 401, "Subscription has been ended"),
    ("verification_needed", 401, "License check failed."),
    ("CONNECTION_ERROR", 401, "Error connecting to authorization server"),
    ("OVERLOAD_LIMIT", 401, "REST API is blocked due to overload."),
    ("ACCESS_DENIED", 401, "REST is available only on commercial plans."),
    ("ACCESS_DENIED", 401, "REST is available only by subscription."),
    ("ACCESS_DENIED", 401, "Current user can't be authorized in this context"),
    ("INVALID_REQUEST", 401, "Https required."),
    ("INVALID_CREDENTIALS", 401, "Invalid request credentials"),
    (
        "QUERY_LIMIT_EXCEEDED",
        401,
        "Rate limit exceeded. Too many requests in a given amount of time.",
    ),
    ("QUERY_LIMIT_EXCEEDED", 503, "Too many requests"),
    ("OPERATION_TIME_LIMIT", 429, "Method is blocked due to operation time limit."),
    ("session_failed", 401, "Sessid check failed"),
    ("access_denied", 401, "User not authorized"),
    ("access_denied", 401, "Access denied for this type of user"),
    ("METHOD_CONFIRM_WAITING", 401, "Waiting for confirmation"),
    ("METHOD_CONFIRM_DENIED", 403, "Method call denied"),
    ("WRONG_AUTH_TYPE", 403, "Current authorization type is denied for this method"),
    ("ACCESS_DENIED", 403, "Access denied!"),
    ("ACCESS_DENIED", 403, "Access denied! Link check failed"),
    ("ACCESS_DENIED", 403, "Access denied! Application context required"),
    ("ACCESS_DENIED", 403, "Access denied! Administrator authorization required"),
    ("PORTAL_DELETED", 410, "Portal was deleted"),
    ("PORTAL_DELETED", 403, "Portal was deleted"),
    ("ERROR_MANIFEST_IS_NOT_AVAILABLE", 404, "Manifest is not available"),
    ("INTERNAL_SERVER_ERROR", 500, "Internal server error"),
    ("ERROR_UNEXPECTED_ANSWER", 500, "Server returned an unexpected response"),
    ("INTERNAL_WRONG_TRANSPORT", 500, "Wrong transport!"),
    ("INTERNAL_WRONG_HANDLER_CLASS", 500, "Wrong handler class!"),
    ("ERROR_CORE", 500, "SQL query error!"),
    ("WRONG_ENCODING", 200, "Wrong request encoding"),
]
BATCH = [
    ("ERROR_BATCH_LENGTH_EXCEEDED", 400, "Max batch length exceeded"),
    ("ERROR_BATCH_METHOD_NOT_ALLOWED", 400, "Method is not allowed for batch usage"),
]
BIND = "Unable to set event handler: "
EVENTS = [
    ("ERROR_ARGUMENT", 400, "Value must be one of {online|offline}"),
    ("ERROR_ARGUMENT", 400, "Offline event cannot be registered for this event."),
    ("ERROR_EVENT_NOT_FOUND", 400, "Event not found"),
    ("ERROR_WRONG_HANDLER_URL", 400, "Wrong handler URL"),
    ("ERROR_UNSUPPORTED_PROTOCOL", 400, "Unsupported handler protocol"),
    ("ERROR_CORE", 400, f"{BIND}Handler already binded"),
    ("ERROR_CORE", 400, f"{BIND}Process of binding the handler has already started"),
    *(
        ("ACCESS_DENIED", 403, f"Access denied! {what} requires administrator access rights")
        for what in (
            "Event binding with AUTH_TYPE",
            "Event unbinding with AUTH_TYPE",
            "Offline events binding",
            "Offline events unbinding",
        )
    ),
    ("ERROR_ARGUMENT", 400, "Value must be positive integer"),
    ("ERROR_ARGUMENT", 400, "The filter is not an array."),
    ("ERROR_ARGUMENT", 400, "The order is not an array."),
    ("ERROR_ARGUMENT", 400, "Order direction should be one of {ASC|DESC}"),
    ("ERROR_ARGUMENT", 400, "Value must be array of MESSAGE_ID values"),
    ("ERROR_ARGUMENT", 400, "Value must be array of integers"),
    ("CODE_EMPTY", 400, "CODE can't be empty"),
]
FILLED = [
    (errors.WrongLicense(feature="x"), "This feature is not enabled for the current license: x"),
    (errors.ArgumentEmpty("X"), "Argument 'X' is null or empty"),
    (errors.ArgumentType("=ID"), "The value of an argument '=ID' has an invalid type"),
    (errors.FilterOperation(operator="!"), "Filter operation not allowed: !"),
    (errors.FilterField(field="{X}"), "Filter field not allowed: {X}"),
    (errors.OrderField(field="X"), "Order field not allowed: X"),
    (errors.FilterOperator(operator="@"), "Unknown operator `@`"),
]


@pytest.mark.parametrize("row", [*ENVELOPE, *BATCH, *EVENTS], ids=lambda row: row[2][:40])
def test_every_row_of_the_error_table_is_a_refusal(row: tuple[str, int, str]) -> None:
    known = {(kind.code, kind.status, kind().text) for kind in plain_refusals()}

    assert row in known


@pytest.mark.parametrize(("refusal", "text"), FILLED)
def test_a_text_is_filled_in_with_what_was_wrong(refusal: errors.RestError, text: str) -> None:
    assert refusal.text == text


def plain_refusals() -> list[type[errors.RestError]]:
    """Those that need nothing to be filled in."""
    fixed = (errors.ArgumentEmpty, errors.ArgumentType)
    return [kind for kind in errors.refusals() if not issubclass(kind, fixed)]


def test_no_two_refusals_are_the_same() -> None:
    rows = [
        (kind.__name__, kind.code, kind.status, kind.__doc__, kind.argument)
        for kind in errors.refusals()
    ]

    assert len({row[1:] for row in rows}) == len(rows)


def test_a_refusal_without_a_code_is_error_core_with_status_400() -> None:
    refusal = errors.AlreadyBound()

    assert refusal.status == 400
    assert refusal.body() == {
        "error": "ERROR_CORE",
        "error_description": "Unable to set event handler: Handler already binded",
    }


def test_an_empty_argument_is_named_all_the_same() -> None:
    assert errors.FilterOperator(operator="@").body()["argument"] == ""
    assert "argument" not in errors.FilterField(field="X").body()


def test_the_texts_of_both_lists_of_message_ids_name_their_argument() -> None:
    assert errors.NotMessageIds().body()["argument"] == "message_id"
    assert errors.NotMessageId().body()["argument"] == "messsage_id"  # three s (protocol E.2)
