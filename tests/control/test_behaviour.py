"""Switches and features, changed in the middle of a test."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.testing.control import ControlError, PortalControl
from tests.support import Client


def test_a_switch_works_from_the_next_call_on(made: PortalControl, caller: Client) -> None:
    refused = {"filter": {"@ID": [1]}}
    assert caller("event.offline.get", **refused).status == 200

    made.switches(fresh_filter="strict")

    assert caller("event.offline.get", **refused).status == 400


def test_null_is_what_the_profile_has(made: PortalControl) -> None:
    made.switches(fresh_filter="strict")

    assert made.switches(fresh_filter=None)["fresh_filter"] == "classic"


def test_other_switches_stay(made: PortalControl) -> None:
    made.switches(fresh_filter="strict")

    assert made.switches(visibility_delay=3)["fresh_filter"] == "strict"


@pytest.mark.parametrize(
    ("given", "path", "hint"),
    [
        ({"fresh_filtre": "strict"}, "fresh_filtre", "fresh_filter"),
        ({"fresh_filter": "strct"}, "fresh_filter", "strict"),
        ({"visibility_delay": -1}, "visibility_delay", "from 0"),
    ],
)
def test_a_wrong_switch_changes_nothing(
    made: PortalControl, given: dict[str, Any], path: str, hint: str
) -> None:
    before = made.switches()

    with pytest.raises(ControlError) as refused:
        made.switches(offline_access="administrator", **given)

    assert refused.value.path == path
    assert hint in refused.value.problem
    assert made.switches() == before


def test_a_feature_is_switched_off(made: PortalControl, caller: Client) -> None:
    assert caller("event.offline.get", auth_connector="X").status == 200

    assert made.features(rest_auth_connector=False)["rest_auth_connector"] is False

    assert caller("event.offline.get", auth_connector="X").error[1] == "WRONG_LICENSE"


def test_a_feature_is_true_or_false(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.transport.call("PUT", f"/portals/{made.name}/features", {"a": 1})

    assert refused.value.path == "a"
