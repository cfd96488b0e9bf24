import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.php import brackets
from mock_bitrix.php.values import Value

# What PHP 8.2 makes of each.
PARSED: list[tuple[str, dict[str, Value]]] = [
    ("", {}),
    ("a=1&b=2", {"a": "1", "b": "2"}),
    ("&&a=1&", {"a": "1"}),
    ("a", {"a": ""}),
    ("a=", {"a": ""}),
    ("a=1=2", {"a": "1=2"}),
    ("a;b=1", {"a;b": "1"}),
    ("a=1&a=2", {"a": "2"}),
    ("a=x+y%20z%2B", {"a": "x y z+"}),
    ("a=%zz%4", {"a": "%zz%4"}),
    ("a=x%00y", {"a": "x\0y"}),
    ("a=%d0%91", {"a": "Б"}),
    ("a=%ff", {"a": "\ufffd"}),
    ("%=1", {"%": "1"}),
    ("a%3Db=1", {"a=b": "1"}),
    # Names
    ("=1", {}),
    ("[]=1", {}),
    ("[a]=1", {}),
    ("+%20a=1", {"a": "1"}),
    ("a.b c=1", {"a_b_c": "1"}),
    ("a.=1", {"a_": "1"}),
    ("a]b=1", {"a]b": "1"}),
    ("a%00b=1", {"a": "1"}),
    ("a[b%00c]=1", {"a_b": "1"}),
    # Brackets
    ("a[]=1&a[]=2", {"a": ["1", "2"]}),
    ("a[x][y]=1", {"a": {"x": {"y": "1"}}}),
    ("filter%5B%3E%3DID%5D=1", {"filter": {">=ID": "1"}}),
    ("cmd[0]=x&cmd[name]=y", {"cmd": {"0": "x", "name": "y"}}),
    ("a.b[c.d e]=1", {"a_b": {"c.d e": "1"}}),
    ("a[][x]=1&a[][y]=2", {"a": [{"x": "1"}, {"y": "2"}]}),
    ("a[ ]=1&a[%09]=2", {"a": ["1", "2"]}),
    ("a[ x ]=1", {"a": {" x ": "1"}}),
    ("a[x]y=1", {"a": {"x": "1"}}),
    ("a[x]y[z]=1", {"a": {"x": "1"}}),
    ("a[x]]=1", {"a": {"x": "1"}}),
    ("a[[]=1", {"a": {"[": "1"}}),
    ("a[b[c]]=1", {"a": {"b[c": "1"}}),
    # Unclosed brackets
    ("filter[>=ID]=1", {"filter_>": "ID]=1"}),
    ("a[b=1", {"a_b": "1"}),
    ("a [d e.f[g h=2", {"a__d_e_f_g_h": "2"}),
    ("a[b][c=1", {"a": {"b": "1"}}),
    ("a[x][=1", {"a": {"x": "1"}}),
    # One name, twice
    ("a=1&a[b]=2", {"a": {"b": "2"}}),
    ("a[b]=1&a=2", {"a": "2"}),
    ("a[b]=1&a[b][c]=2", {"a": {"b": {"c": "2"}}}),
    ("a[0]=1&a[0][b]=2&a[]=3", {"a": [{"b": "2"}, "3"]}),
    # Numbers as keys
    ("a[1]=x&a[0]=y", {"a": {"1": "x", "0": "y"}}),
    ("a[0]=x&a[1]=y", {"a": ["x", "y"]}),
    ("a[5]=x&a[]=y&a[2]=z&a[]=w", {"a": {"5": "x", "6": "y", "2": "z", "7": "w"}}),
    ("a[-5]=x&a[]=y", {"a": {"-5": "x", "-4": "y"}}),
    ("a[05]=1&a[-0]=2&a[]=3", {"a": {"05": "1", "-0": "2", "0": "3"}}),
    ("a[9223372036854775807]=1&a[]=2", {"a": {"9223372036854775807": "1"}}),
    ("a[9223372036854775808]=1&a[]=2", {"a": {"9223372036854775808": "1", "0": "2"}}),
    ("a[9223372036854775807]=1&a[][b]=2", {"a": {"9223372036854775807": "1"}}),
]


@pytest.mark.parametrize(("query", "variables"), PARSED)
def test_parse_reads_a_query_as_php_does(query: str, variables: dict[str, Value]) -> None:
    assert brackets.parse(query) == variables
    assert brackets.parse(query.encode()) == variables


def test_parse_keeps_the_order_of_names() -> None:
    assert list(brackets.parse("b=1&a=2&b=3")) == ["b", "a"]


def test_raw_utf_8_and_broken_bytes_survive() -> None:
    assert brackets.parse("a=Б".encode() + b"&b=\xff") == {"a": "Б", "b": "\ufffd"}


@pytest.mark.parametrize("levels", [63, 64])
def test_64_levels_of_brackets_are_read(levels: int) -> None:
    value = brackets.parse("a" + "[x]" * levels + "=1")["a"]
    for _ in range(levels):
        assert isinstance(value, dict)
        value = value["x"]
    assert value == "1"


@pytest.mark.parametrize("name", ["a" + "[x]" * 65, "a" + "[x]" * 64 + "[y"])
def test_a_65th_level_takes_the_whole_variable_with_it(name: str) -> None:
    assert brackets.parse(f"k=1&a[q]=1&{name}=1") == {"k": "1"}


def test_pairs_beyond_the_limit_are_dropped() -> None:
    query = "&".join(f"a{number}=1" for number in range(1001))
    assert len(brackets.parse(query)) == 1000
    assert list(brackets.parse(query, max_variables=2)) == ["a0", "a1"]


def test_fields_of_a_form_fold_as_a_query_does() -> None:
    fields = [("id[]", "1"), ("id[]", "2+%41"), ("x.y", "")]
    assert brackets.fold_pairs(fields) == {"id": ["1", "2+%41"], "x_y": ""}


@given(st.binary() | st.text(alphabet="a[]=&%+. \0" + "0"))
def test_parse_never_raises(query: str | bytes) -> None:
    assert isinstance(brackets.parse(query), dict)


def test_a_name_of_a_million_brackets_is_read_quickly() -> None:
    assert brackets.parse("a" + "[x]" * 1_000_000 + "=1&b=1") == {"b": "1"}
    assert len(brackets.parse("a" + "[" * 1_000_000)) == 1


@pytest.mark.parametrize(
    ("query", "form", "merged"),
    [
        ({"a": "1", "b": "2"}, {"a": "3"}, {"a": "3", "b": "2"}),
        ({"a": {"x": "1"}}, {"a": {"y": "2"}}, {"a": {"y": "2"}}),
        (
            {"a": "1", "5": "x", "b": "2"},
            {"7": "y", "a": "3", "-1": "z"},
            {"a": "3", "0": "x", "b": "2", "1": "y", "2": "z"},
        ),
        ({"05": "a"}, {"05": "b"}, {"05": "b"}),
        ({}, {}, {}),
    ],
)
def test_form_wins_by_name_and_numbers_are_appended(
    query: dict[str, Value], form: dict[str, Value], merged: dict[str, Value]
) -> None:
    assert list(brackets.merge(query, form).items()) == list(merged.items())


@pytest.mark.parametrize(
    ("body", "laid"),
    [
        ({"filter": {"ID": 1}}, {"auth": "t", "filter": {"ID": 1}}),
        (["x"], {"auth": "t", "filter": {"A": "1"}, "0": "x"}),
        ("text", {"auth": "t", "filter": {"A": "1"}}),
        (None, {"auth": "t", "filter": {"A": "1"}}),
    ],
)
def test_a_json_body_lies_over_the_query_whole_key_by_whole_key(
    body: Value, laid: dict[str, Value]
) -> None:
    query: dict[str, Value] = {"auth": "t", "filter": {"A": "1"}}
    assert brackets.overlay(query, body) == laid
    assert query == {"auth": "t", "filter": {"A": "1"}}


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"data": {"FIELDS": {"ID": 5}}}, "data%5BFIELDS%5D%5BID%5D=5"),
        ({"a": True, "b": False}, "a=1&b=0"),
        ({"a": None, "b": [], "c": {}, "d": ""}, "d="),
        ({"a": [1, 2.5]}, "a%5B0%5D=1&a%5B1%5D=2.5"),
        ({"a": 1e25}, "a=1.0E%2B25"),
        ({"a": "x y~z*-_.é/"}, "a=x+y%7Ez%2A-_.%C3%A9%2F"),
        ({"h h": {"i.j[k]": 1}}, "h+h%5Bi.j%5Bk%5D%5D=1"),
        ({"a": [{"b": None}]}, ""),
    ],
)
def test_build_writes_a_form_as_php_does(value: dict[str, Value], body: str) -> None:
    assert brackets.build(value) == body


NAMES = st.text("abcXYZ09_-", min_size=1)
LEAVES = st.text(st.characters(exclude_categories=["Cs"]))
FORMS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(st.text("abc.>= é", min_size=2), inner, min_size=1, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, FORMS, max_size=5))
def test_what_build_writes_parse_reads(value: dict[str, Value]) -> None:
    assert brackets.parse(brackets.build(value)) == value
