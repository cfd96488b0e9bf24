"""Why a take gives nothing: sentences whose parts add up."""

from __future__ import annotations

import re

import httpx
import pytest

from mock_bitrix.testing.control import PortalControl
from tests.console.support import path_of, put, section, text_of


def explained(made: PortalControl, http: httpx.Client, **query: str) -> str:
    """What the page says of a take."""
    page = http.get(path_of(made), params={"why": "local.app", **query}).text
    return text_of(section(page, "explain"), 'id="explained"')


def counts(told: str) -> list[int]:
    """The numbers of rows in the table, the sum last."""
    table = told.partition("What they are ")[2]
    sentence = r"(?:^| )(\d+) (?=free|reserved|in error|not|under|left|expired|in all)"
    return [int(each) for each in re.findall(sentence, table)]


@pytest.fixture
def mixed(made: PortalControl) -> PortalControl:
    """A portal with rows in every state."""
    put(made, 1, 2, 3)
    put(made, 4, 5, process_id="a" * 32)
    put(made, 6, process_id="b" * 32)
    put(made, 7, error=True)
    put(made, 8, 9, auth_connector="other")
    return made


def test_the_parts_are_said_in_sentences_and_add_up(
    mixed: PortalControl, http: httpx.Client
) -> None:
    told = explained(mixed, http)

    assert "A take gives up to 3 rows of 9." in told
    assert "reserved by aaaaaaaa…" in told
    assert "in error: they come with error=1 only" in told
    assert "only a take with auth_connector=other gives them" in told
    assert counts(told) == [3, 2, 1, 1, 2, 9]


def test_a_filter_and_the_rows_in_error_are_asked_for_as_the_method_takes_them(
    mixed: PortalControl, http: httpx.Client
) -> None:
    filtered = explained(mixed, http, filter='{">=ID": 3}')
    failed = explained(mixed, http, failed="1")

    assert "left out by the condition >=ID" in filtered
    assert counts(filtered) == [1, 2, 1, 1, 2, 2, 9]
    assert "A take gives up to 1 row of 9." in failed


@pytest.mark.parametrize(
    ("filter_", "problem"),
    [
        ("{", "The filter is no JSON object"),
        ("[1]", "The filter is no JSON object"),
        ('{"!ID": 1}', "The filter is refused: Filter operation not allowed: !"),
    ],
)
def test_a_filter_that_is_none_is_said_to_be_so(
    made: PortalControl, http: httpx.Client, filter_: str, problem: str
) -> None:
    assert problem in explained(made, http, filter=filter_)


def test_an_empty_queue_without_a_binding_is_explained(
    made: PortalControl, http: httpx.Client
) -> None:
    told = explained(made, http, under="forgotten")

    assert "the queue is empty" in told
    assert "Nothing is bound offline under this connector" in told
    assert "Nothing is bound" not in explained(made, http)


def test_who_may_take_is_said_where_it_is_not_everybody(
    made: PortalControl, http: httpx.Client
) -> None:
    made.switches(offline_access="administrator")

    assert "Only an administrator's token may take here" in explained(made, http)


def test_rows_that_are_not_visible_yet_are_said_to_be_so(
    mixed: PortalControl, http: httpx.Client
) -> None:
    mixed.switches(visibility_delay=3600)

    told = explained(mixed, http)

    assert "A take gives nothing, though there are 9 rows." in told
    assert counts(told) == [2, 1, 1, 2, 3, 9]


def test_an_application_that_is_not_there_is_named(made: PortalControl, http: httpx.Client) -> None:
    assert "There is no application nobody here." in explained(made, http, why="nobody")
