import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.php import values
from mock_bitrix.php.values import Value

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("01ab"), inner), max_leaves=20
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("10abc", 10),
        ("abc", 0),
        ("", 0),
        (" 12", 12),
        ("12 ", 12),
        ("\v\f7", 7),
        ("\x007", 0),
        ("+5", 5),
        ("-5", -5),
        ("--5", 0),
        ("- 5", 0),
        ("007", 7),
        ("1.9", 1),
        (".5", 0),
        ("1e3", 1000),
        ("-1e3", -1000),
        ("5.e1", 50),
        (".5e1", 5),
        (".e3", 0),
        ("e3", 0),
        ("1e", 1),
        ("1e+", 1),
        ("1e-2", 0),
        ("0x1A", 0),
        ("1_000", 1),
        ("٣", 0),
        ("Y", 0),
        ("true", 0),
        (True, 1),
        (False, 0),
        (None, 0),
        (2.9, 2),
        (-2.9, -2),
        ([], 0),
        ({}, 0),
        ([0], 1),
        ({"a": None}, 1),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_to_int_reads_a_number_as_php_does(value: Value, number: int) -> None:
    assert values.to_int(value) == number


@pytest.mark.parametrize(
    "value",
    [
        "9223372036854775808",
        "-9223372036854775809",
        "1e19",
        "1e1000",
        "9" * 10_000_000,
        "1e" + "9" * 10_000_000,
        2**63,
        1e30,
        2.0**63,
        float("inf"),
        float("nan"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_to_int_is_0_beyond_64_bits(value: Value) -> None:
    assert values.to_int(value) == 0


def test_to_int_skips_any_number_of_leading_zeros() -> None:
    assert values.to_int("0" * 1_000_000 + "5") == 5


@given(VALUES)
def test_to_int_never_raises_and_fits_64_bits(value: Value) -> None:
    number = values.to_int(value)
    assert type(number) is int
    assert -(2**63) <= number < 2**63


@given(st.integers(-(2**63), 2**63 - 1))
def test_to_int_reads_back_every_number(number: int) -> None:
    assert values.to_int(str(number)) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (True, "1"),
        (False, ""),
        (None, ""),
        (0, "0"),
        (-7, "-7"),
        (1.0, "1"),
        (0.5, "0.5"),
        (-1.5, "-1.5"),
        (0.0, "0"),
        (-0.0, "-0"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.33333333333333"),
        (123456.789012345678, "123456.78901235"),
        (100000.0, "100000"),
        (1e13, "10000000000000"),
        (1e14, "1.0E+14"),
        (1e25, "1.0E+25"),
        (1.5e300, "1.5E+300"),
        (0.0001, "0.0001"),
        (0.00001, "1.0E-5"),
        (float("inf"), "INF"),
        (float("-inf"), "-INF"),
        (float("nan"), "NAN"),
    ],
)
def test_to_text_prints_a_scalar_as_php_does(value: Value, text: str) -> None:
    assert values.to_text(value) == text


@pytest.mark.parametrize("array", [[], {}, [1], {"a": 1}])
def test_to_text_refuses_an_array(array: Value) -> None:
    with pytest.raises(values.ArrayGiven):
        values.to_text(array)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_seventeen_digits_give_the_float_back(number: float) -> None:
    assert float(values.float_text(number, 17)) == number


def test_trim_takes_phps_white_space_only() -> None:
    assert values.trim(" \t\n\r\0\v a\f\u00a0 ") == "a\f\u00a0"


@pytest.mark.parametrize("value", ["", "0", 0, 0.0, [], {}, None, False])
def test_falsy(value: Value) -> None:
    assert values.truthy(value) is False


@pytest.mark.parametrize("value", ["false", "00", "0.0", " ", 1, -1, 0.1, [0], {"a": None}, True])
def test_truthy(value: Value) -> None:
    assert values.truthy(value) is True


def test_lists_and_maps_are_arrays() -> None:
    assert values.is_array([])
    assert values.is_array({})
    assert not values.is_array("")
    assert not values.is_array(None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({}, []),
        ({"0": "a", "1": "b"}, ["a", "b"]),
        ({"1": "a", "0": "b"}, {"1": "a", "0": "b"}),
        ({"0": "a", "2": "b"}, {"0": "a", "2": "b"}),
        ({"00": "a"}, {"00": "a"}),
        ({"a": {"0": {}}}, {"a": [[]]}),
        ([{}, {"0": 1}], [[], [1]]),
        ("x", "x"),
        (None, None),
    ],
)
def test_as_array_shows_lists_where_the_keys_count_from_0(value: Value, shown: Value) -> None:
    assert values.as_array(value) == shown


@given(VALUES)
def test_as_array_twice_is_as_array_once(value: Value) -> None:
    once = values.as_array(value)
    # repr, because nan is not equal to itself.
    assert repr(values.as_array(once)) == repr(once)


def test_array_items_gives_positions_as_texts() -> None:
    assert list(values.array_items(["a", "b"])) == [("0", "a"), ("1", "b")]
    assert list(values.array_items({"x": "a"})) == [("x", "a")]
