"""What the calls of a batch take from each other's answers, and leave for each other (F.9.2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.rest.support import Echo, run
from tests.support import TestPortal, lead_added


def test_an_item_may_use_what_an_earlier_one_answered(portal: TestPortal) -> None:
    echo = Echo(portal)

    run(
        portal.admin,
        me="profile",
        admin="user.admin",
        tell="event.test?id=$result[me][ID]&text=I+am+$result[me][NAME]&ok=$result[admin]"
        "&all[inner][]=$result[me]&$result[me]=key",
    )

    got = echo.got()
    assert (got["id"], got["text"], got["ok"]) == ("1", "I am Anna", True)
    assert got["all"]["inner"][0]["LAST_NAME"] == "Admin"
    assert "$result[me]" not in got  # a bracket key of the query, not a reference
    assert got["$result"] == {"me": "key"}


def test_a_reference_may_be_percent_encoded(portal: TestPortal) -> None:
    echo = Echo(portal)
    command = f"event.test?id={quote('$result[me][ID]', safe='')}"

    run(portal.admin, me="profile", tell=command)
    assert echo.got() == {"id": "1"}
    portal.admin.form("batch", f"cmd[me]=profile&cmd[tell]={quote(command, safe='')}")
    assert echo.got() == {"id": "1"}


def test_a_reference_leads_into_what_the_queue_holds(portal: TestPortal) -> None:
    portal.rows([{"event": "ONCRMLEADADD", "data": {"FIELDS": {"ID": 17}}}])
    echo = Echo(portal)

    run(
        portal.admin,
        rows="event.offline.list",
        tell="event.test?id=$result[rows][0][EVENT_DATA][FIELDS][ID]&n=$total[rows]",
    )

    assert echo.got() == {"id": 17, "n": 1}


def test_a_batch_may_take_and_clear_in_one(any_portal: TestPortal) -> None:
    any_portal.rows(map(lead_added, range(3)))

    maps = run(
        any_portal.admin,
        take="event.offline.get?clear=0&limit=2",
        clear="event.offline.clear?process_id=$result[take][process_id]"
        "&id[]=$result[take][events][0][ID]",
    )

    assert maps["result_error"] == []
    taken = [event["ID"] for event in maps["result"]["take"]["events"]]
    assert [row["ID"] for row in any_portal.queue()] == [taken[1], str(int(taken[1]) + 1)]


def test_each_take_of_a_batch_has_its_own_reservation(any_portal: TestPortal) -> None:
    any_portal.rows(map(lead_added, range(4)))

    first, second = run(any_portal.admin, *["event.offline.get?clear=0&limit=2"] * 2)["result"]

    assert first["process_id"] != second["process_id"]
    ids = [event["ID"] for batch in (first, second) for event in batch["events"]]
    assert len(set(ids)) == 4


def test_what_failed_or_comes_later_yields_nothing(portal: TestPortal) -> None:
    echo = Echo(portal)

    run(
        portal.admin,
        bad="no.such.method",
        tell="event.test?a=$result[bad]&b=$result[later]&c=$error[bad][error]",
        later="profile",
    )

    assert echo.got() == {"a": None, "b": None, "c": "ERROR_METHOD_NOT_FOUND"}


def test_a_chain_may_be_fifty_long(portal: TestPortal) -> None:
    portal.admin("app.option.set", options={"a": "seed"})
    chain: dict[str, str] = {"k0": "app.option.get"}
    for number in range(1, 50):
        chain[f"k{number}"] = f"user.option.set?options[o{number}]=$result[k0][a]-{number}"
    chain["k49"] = "user.option.get"

    maps = run(portal.admin, **chain)

    assert maps["result_error"] == []
    assert len(maps["result"]["k49"]) == 48


@pytest.mark.parametrize("key", ["a.b", "with-dash", "ключ", "0x"])
def test_a_key_may_be_whatever_has_no_white_space(portal: TestPortal, key: str) -> None:
    echo = Echo(portal)

    maps: Any = run(portal.admin, **{key: "profile", "tell": f"event.test?i=$result[{key}][ID]"})

    assert list(maps["result"]) == [key, "tell"]
    assert echo.got() == {"i": "1"}


def test_next_of_one_page_is_start_of_the_other(portal: TestPortal) -> None:
    portal.rows(map(lead_added, range(60)))

    maps = run(portal.admin, a="event.offline.list", b="event.offline.list?start=$next[a]")

    assert len(maps["result"]["b"]) == 10
    assert maps["result_next"] == {"a": 50}


def test_a_subscription_made_in_a_batch_shows_in_it(portal: TestPortal) -> None:
    maps = run(
        portal.admin,
        before="event.get",
        bind="event.bind?event=ONCRMLEADADD&event_type=offline",
        after="event.get",
        again="event.bind?event=ONCRMLEADADD&event_type=offline",
    )

    assert maps["result"]["before"] == []
    assert len(maps["result"]["after"]) == 1
    assert maps["result_error"]["again"]["error"] == "ERROR_CORE"
