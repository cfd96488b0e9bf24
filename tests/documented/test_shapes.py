import re
from typing import Any

import pytest

from tests.documented.shapes import Profile, assert_same_shape

FRACTIONS = {
    "start": 1.5,
    "finish": 2.5,
    "duration": 1.0,
    "processing": 0.5,
    "date_start": "2024-07-18T12:48:40+02:00",
    "date_finish": "2024-07-18T12:48:41+02:00",
    "operating": 0,
}
WHOLE = {
    "start": 1,
    "finish": 2.5,
    "duration": 1.5,
    "processing": 0,
    "date_start": "2026-07-18T12:48:40+02:00",
    "date_finish": "2026-07-18T12:48:41+02:00",
    "operating_reset_at": 601,
    "operating": 0.25,
}


def refused(documented: Any, answered: Any, profile: Profile = "docs") -> str:
    with pytest.raises(AssertionError) as failure:
        assert_same_shape(documented, answered, profile)
    return str(failure.value)


@pytest.mark.parametrize(
    ("documented", "answered"),
    [
        ("1", "2"),
        (1, 2.5),
        (True, False),
        (None, None),
        ([], []),
        ([1], [2, 3]),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}),
        ([{"a": 1}, {"b": "x"}], [{"b": "y"}, {"b": "z"}, {"a": 2}]),
    ],
)
def test_other_values_of_the_same_shape_pass(documented: Any, answered: Any) -> None:
    assert_same_shape(documented, answered)


@pytest.mark.parametrize(
    ("documented", "answered", "message"),
    [
        ("1", 1, "$: documented string '1', answered number 1"),
        (1, True, "$: documented number 1, answered boolean True"),
        (None, False, "$: documented null None, answered boolean False"),
        ({}, [], "$: documented object {}, answered list []"),
        ({"a": 1}, {"a": "1"}, "$.a: documented number 1, answered string '1'"),
        ([], [1], "$: documented 0 elements, answered 1"),
        ([1], [], "$: documented 1 elements, answered 0"),
    ],
)
def test_another_type_is_refused_with_its_path(
    documented: Any, answered: Any, message: str
) -> None:
    assert refused(documented, answered) == message


def test_keys_must_be_the_same_in_the_same_order() -> None:
    documented = {"ID": "1", "NAME": "x"}

    for answered in ({"NAME": "y", "ID": "2"}, {"ID": "2"}, {**documented, "MORE": 1}):
        message = refused(documented, answered)
        assert message == f"$: documented keys ['ID', 'NAME'], answered {list(answered)}"


def test_a_path_leads_through_objects_and_lists() -> None:
    documented = {"result": {"events": [{"ID": "1"}]}}
    answered = {"result": {"events": [{"ID": "1"}, {"ID": 7}]}}

    message = refused(documented, answered)

    assert message == "$.result.events[1].ID: documented string '1', answered number 7"


def test_an_element_is_compared_with_the_documented_one_most_like_it() -> None:
    documented = [{"offline": 1, "connector_id": ""}, {"offline": 0, "handler": "https://x"}]

    message = refused(documented, [{"offline": 0, "handler": None}])

    assert message == "$[0].handler: documented string 'https://x', answered null None"


def test_time_has_the_numbers_of_the_profile_whatever_the_sample_shows() -> None:
    assert_same_shape({"time": WHOLE}, {"time": FRACTIONS}, "docs")
    assert_same_shape({"time": FRACTIONS}, {"time": WHOLE}, "cloud")


def test_time_of_the_other_profile_is_refused() -> None:
    assert "docs has keys" in refused({"time": WHOLE}, {"time": WHOLE})
    message = refused({"time": WHOLE}, {"time": FRACTIONS}, "cloud")
    assert "operating_reset_at" in message
    assert "$.time.processing: profile cloud has whole, number 0.5" in message


def test_a_fraction_that_happens_to_be_whole_passes() -> None:
    answered = FRACTIONS | {"start": 1, "finish": 2, "duration": 1}

    assert_same_shape({"time": FRACTIONS}, {"time": answered}, "docs")
    assert "fraction" in refused({"time": FRACTIONS}, {"time": FRACTIONS | {"start": "1"}})


@pytest.mark.parametrize("times", [{"a": FRACTIONS}, [FRACTIONS]])
def test_the_times_of_a_batch_follow_the_profile_too(times: Any) -> None:
    answer = {"result": {"result_time": times}}

    message = refused(answer, answer, "cloud")

    assert re.search(r"\$\.result\.result_time(\.a|\[0\])\.start: ", message)


def test_time_must_be_an_object_and_its_dates_strings() -> None:
    assert refused({"time": FRACTIONS}, {"time": "now"}) == (
        "$.time: documented object, answered string 'now'"
    )
    message = refused({"time": FRACTIONS}, {"time": FRACTIONS | {"date_start": 1}})
    assert message == "$.time.date_start: profile docs has string, number 1"


def test_a_field_called_time_elsewhere_is_an_ordinary_one() -> None:
    assert_same_shape({"result": {"time": "10:00"}}, {"result": {"time": "11:00"}})


def test_every_difference_is_named() -> None:
    message = refused({"a": 1, "b": "x"}, {"a": "1", "b": 2})

    assert message.splitlines() == [
        "$.a: documented number 1, answered string '1'",
        "$.b: documented string 'x', answered number 2",
    ]
