from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.php import json, xml


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        ({"result": True}, "<result>1</result>"),
        ({"result": False, "next": None}, "<result></result><next></next>"),
        ({"result": ["a", 2]}, "<result><item>a</item><item>2</item></result>"),
        ({"result": {"7": "a"}}, "<result><item>a</item></result>"),
        ({"result": []}, "<result></result>"),
        ({"duration": 0.5, "start": 1.0}, "<duration>0.5</duration><start>1</start>"),
        (
            {"error": "A", "text": "<b> & 'c' \""},
            "<error>A</error><text>&lt;b&gt; &amp; &#x27;c&#x27; &quot;</text>",
        ),
        ({"a b": 1, '"': 2}, '<item key="a b">1</item><item key="&quot;">2</item>'),
        ({"a": "x\0\x0by\ud800\uffff"}, "<a>xy</a>"),
        ({"a": "т😀"}, "<a>т😀</a>"),
        ({"a": json.fragment('{"ID":"5"}')}, "<a><ID>5</ID></a>"),
    ],
)
def test_encode_writes_elements(value: object, inside: str) -> None:
    assert xml.encode(value) == f"<response>{inside}</response>".encode()


@given(st.dictionaries(st.text(), st.text() | st.lists(st.text())))
def test_every_document_is_well_formed(value: dict[str, object]) -> None:
    root = ElementTree.fromstring(xml.encode(value))
    assert root.tag == "response"
    assert len(root) == len(value)


def test_deep_values_are_written() -> None:
    value = json.decode(b"[" * 511 + b"]" * 511)
    assert xml.encode(value).count(b"<item>") == 510
