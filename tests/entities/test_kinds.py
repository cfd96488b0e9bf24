"""The table of kinds."""

from __future__ import annotations

from mock_bitrix.entities import kinds
from mock_bitrix.rest import documented


def test_every_kind_of_the_table_is_found_by_its_name() -> None:
    for kind in kinds.KINDS:
        assert kinds.find(kind.name) is kind
        assert len(f"entity:{kind.name}") <= 64  # a counter's name


def test_every_documented_prefix_has_a_kind() -> None:
    for name in documented.names():
        prefix = name.lower().rpartition(".")[0]
        found = kinds.find(prefix) if prefix else None
        assert found is not None or not prefix or prefix == "crm.item", name


def test_smart_processes_have_kinds_of_their_own_and_old_invoices_none() -> None:
    process = kinds.find("crm.item.1220")

    assert process is not None
    assert process.type_id == 1220
    assert kinds.find("crm.item.5") is None
    assert kinds.known("crm.item.31").type_id == 31


def test_some_prefixes_share_the_entities_of_another() -> None:
    assert kinds.find("crm.activity.todo") is kinds.known("crm.activity")
    assert kinds.find("catalog.product.sku") is kinds.known("catalog.product")


def test_an_unknown_kind_has_a_nearest_one() -> None:
    assert kinds.find("crm.laed") is None
    assert kinds.nearest("crm.laed") == "crm.lead"


def test_every_stamp_is_a_field_of_its_kind() -> None:
    for kind in kinds.KINDS:
        for name in (*kind.stamps, *kind.touches, *kind.moves):
            assert kind.fields.knows(name), (kind.name, name)
