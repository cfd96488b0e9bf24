import pytest

from mock_bitrix.php.json import fragment, plain
from mock_bitrix.queue.message_id import message_id


# protocol D.8
@pytest.mark.parametrize(
    ("data", "digest"),
    [
        ({"FIELDS": {"ID": 5}}, "4b6a86df80bf16067870febcde2761b2"),
        ({"FIELDS": {"ID": "5"}}, "67a3d36f9e334fdfed96b164a30c8374"),
        (False, "69dfffc821f6bd28759bddc693d52d50"),
        ([], "3ab14e9cdc08ff457fd4728c3f591d53"),
        ({}, "3ab14e9cdc08ff457fd4728c3f591d53"),
    ],
)
def test_message_id_hashes_the_event_and_its_data(data: object, digest: str) -> None:
    assert message_id("ONCRMLEADADD", data) == digest
    assert message_id("ONCRMLEADADD", fragment(plain(data))) == digest


def test_another_event_has_another_message_id() -> None:
    data = {"FIELDS": {"ID": 5}}
    assert message_id("ONCRMLEADUPDATE", data) != message_id("ONCRMLEADADD", data)
