from typing import cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.php import json
from mock_bitrix.php.values import Value, as_array

TEXTS = st.text() | st.text("<>&'\"\\/{}[]:,0.e-é😀\n\0")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-(2.0**53), 2.0**53)
    | TEXTS
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("012") | TEXTS, inner),
    max_leaves=20,
)


def nested(levels: int) -> Value:
    value: Value = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a/b", rb'"a\/b"'),
        ("<>&'\"", rb'"\u003C\u003E\u0026\u0027\u0022"'),
        ("\\", rb'"\\"'),
        ('\\"', rb'"\\\u0022"'),
        ('\\\\"\\', rb'"\\\\\u0022\\"'),
        ('"', rb'"\u0022"'),
        ("\n\t\b\f\r\x1f", rb'"\n\t\b\f\r\u001f"'),
        ("\x7f", b'"\x7f"'),
        ("é\u2028", rb'"\u00e9\u2028"'),
        ("😀", rb'"\ud83d\ude00"'),
        ({"<é>": 1}, rb'{"\u003C\u00e9\u003E":1}'),
        ("\ud800", b'"?"'),
        ({"\ud800": "\udfff"}, b'{"?":"?"}'),
        (None, b"null"),
        (True, b"true"),
        (5, b"5"),
        (2**63 - 1, b"9223372036854775807"),
        (2**64, b"1.8446744073709552e+19"),
        ({}, b"[]"),
        ([], b"[]"),
        ({"a": {}}, b'{"a":[]}'),
        ([{}, "{}"], b'[[],"{}"]'),
        ({"0": "a", "1": "b"}, b'["a","b"]'),
        ({"a": {"0": {}}}, b'{"a":[[]]}'),
        ({"1": "a", "0": "b"}, b'{"1":"a","0":"b"}'),
        ((1, ({},)), b"[1,[[]]]"),
        ({"b": 1, "a": 2}, b'{"b":1,"a":2}'),
    ],
)
def test_encode_writes_what_the_portal_writes(value: object, text: bytes) -> None:
    assert json.encode(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, b"0"),
        (-0.0, b"-0"),
        (1.0, b"1"),
        (10.0, b"10"),
        (0.5, b"0.5"),
        (0.1 + 0.2, b"0.30000000000000004"),
        (0.0001, b"0.0001"),
        (0.00001, b"1.0e-5"),
        (2.5e-7, b"2.5e-7"),
        (1e15, b"1000000000000000"),
        (1e16, b"10000000000000000"),
        (1e17, b"1.0e+17"),
        (1.5e300, b"1.5e+300"),
        (123456789012345678.0, b"1.2345678901234568e+17"),
        (float("nan"), b"null"),
        (float("-inf"), b"null"),
    ],
)
def test_encode_writes_floats_as_php_does(number: float, text: bytes) -> None:
    assert json.encode(number) == text
    assert json.encode([number, {"a": number}]) == b"[%b,{" % text + b'"a":%b}]' % text


def test_encode_refuses_what_json_cannot_hold() -> None:
    with pytest.raises(TypeError):
        json.encode({"a": object()})


def shown(value: Value) -> object:
    """The value after PHP wrote it: half surrogates are lost, whole floats are whole numbers."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {shown(key): shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value


@given(VALUES)
def test_encode_is_ascii_and_reads_back_as_the_array_php_sees(value: Value) -> None:
    text = json.encode(value)
    assert text.isascii()
    assert not set(b"<>&'") & set(text)
    assert orjson.loads(text) == as_array(cast("Value", shown(value)))


@given(VALUES)
def test_stored_text_in_a_fragment_is_written_like_the_value_itself(value: Value) -> None:
    part = json.fragment(json.plain(value))
    assert json.encode({"a": part}) == json.encode({"a": value})


def test_a_fragment_is_written_as_it_stands() -> None:
    assert json.encode({"a": json.fragment('{"ID":5}')}) == b'{"a":{"ID":5}}'


def test_fragments_survive_the_walk() -> None:
    part = json.fragment('{"URL":"a/b"}')
    assert json.encode({"a": part, "b": {}, "c": [part]}) == (
        rb'{"a":{"URL":"a\/b"},"b":[],"c":[{"URL":"a\/b"}]}'
    )


def test_unfolded_shows_what_fragments_hold() -> None:
    value = {"a": json.fragment('{"ID":5}'), "b": [{}]}
    assert json.unfolded(value) == {"a": {"ID": 5}, "b": [[]]}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b"[]", []),
        (b' {"a": [1, 2.5, null, true, "x"]} ', {"a": [1, 2.5, None, True, "x"]}),
        (b'{"0": 1, "1": 2}', {"0": 1, "1": 2}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (rb'"\u0442\ud83d\ude00"', "т😀"),
        (b"9223372036854775807", 2**63 - 1),
    ],
)
def test_decode_reads_json(body: bytes, value: Value) -> None:
    assert json.decode(body) == value


@pytest.mark.parametrize("number", ["9223372036854775808", "-9223372036854775809", "1" + "0" * 30])
def test_whole_numbers_beyond_64_bits_become_floats(number: str) -> None:
    body = f'{{"a": [{number}, true, 7], "b": {number}}}'.encode()
    assert json.decode(body) == {"a": [float(number), True, 7], "b": float(number)}
    assert isinstance(json.decode(number.encode()), float)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a':1}",
        b"[1,]",
        b"nan",
        b'"\xff"',
        rb'"\ud800"',
        b"\xef\xbb\xbf{}",
        b"[" * 512 + b"]" * 512,
        b"[" * 100_000,
        b'{"a":' * 600 + b"1" + b"}" * 600,
    ],
    ids=lambda body: repr(body[:10]),
)
def test_decode_refuses_what_php_refuses(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # it promises no more
        json.decode(body)


def test_many_arrays_beside_each_other_are_not_deep() -> None:
    assert json.decode(b"[" + b"[]," * 1000 + b"[]]") == [[]] * 1001


def test_the_deepest_value_that_decode_reads_can_be_normalised_and_written() -> None:
    body = b"[" * 511 + b"]" * 511
    value = json.decode(body)
    assert json.encode(value) == body
    assert json.encode({"result": as_array(value)}) == b'{"result":' + body + b"}"


def test_numbers_deep_inside_are_converted() -> None:
    body = b"[" * 500 + b"9223372036854775808" + b"]" * 500
    assert json.encode(json.decode(body)) == b"[" * 500 + b"9.223372036854776e+18" + b"]" * 500


def test_escaping_leaves_encoders_of_other_rooms_alone() -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "mock_bitrix_json")


@pytest.mark.parametrize("levels", [1, 199, 200, 201, 254, 255, 400, 511])
def test_any_depth_that_decode_reads_is_written(levels: int) -> None:
    assert json.encode(nested(levels)) == b"[" * levels + b"]" * levels


_microseconds = st.one_of(st.integers(0, 200), st.integers(0, 10**7), st.integers(0, 4 * 10**15))


@given(_microseconds)
def test_micro_writes_a_time_as_encode_writes_any_float(microseconds: int) -> None:
    assert json.micro(microseconds / 1e6) == json.encode(microseconds / 1e6).decode()
