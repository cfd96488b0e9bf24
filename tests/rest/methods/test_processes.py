"""`crm.type.*`: smart processes."""

from __future__ import annotations

from tests.support import TestPortal


def test_a_smart_process_lives_from_add_to_delete(portal: TestPortal) -> None:
    made = portal.admin("crm.type.add", fields={"title": "Visits", "isStagesEnabled": "Y"})
    kind = made.result["type"]

    assert (kind["id"], kind["title"], kind["entityTypeId"]) == (1, "Visits", 1030)
    assert (kind["isStagesEnabled"], kind["isClientEnabled"]) == ("Y", "N")
    assert portal.admin("crm.type.get", id=1).result["type"] == kind
    by_type = portal.admin("crm.type.getByEntityTypeId", entityTypeId=1030)
    assert by_type.result["type"] == kind
    renamed = portal.admin("crm.type.update", id=1, fields={"title": "Tours"}).result["type"]
    assert (renamed["title"], renamed["entityTypeId"]) == ("Tours", 1030)
    assert portal.admin("crm.type.delete", id=1).result == []
    assert portal.admin("crm.type.get", id=1).body["error"] == 0


def test_numbers_of_types_are_even_free_and_in_their_range(portal: TestPortal) -> None:
    for number in (1, 127, 200, 1031):
        answer = portal.admin("crm.type.add", fields={"title": "x", "entityTypeId": number})
        assert answer.error == (
            400,
            "INVALID_ARG_VALUE",
            "entityTypeId is out of allowed range",
        )
    portal.admin("crm.type.add", fields={"title": "x", "entityTypeId": 1030})
    assert portal.admin("crm.type.add", fields={"title": "x", "entityTypeId": 1030}).status == 400
    assert (
        portal.admin("crm.type.add", fields={"title": "x"}).result["type"]["entityTypeId"] == 1034
    )


def test_a_list_of_types_can_be_filtered(portal: TestPortal) -> None:
    for title in ("a", "b"):
        portal.admin("crm.type.add", fields={"title": title})

    page = portal.admin("crm.type.list", filter={"title": "b"}).body

    assert page["total"] == 1
    assert [kind["title"] for kind in page["result"]["types"]] == ["b"]
    assert "relations" not in page["result"]["types"][0]
    assert portal.admin("crm.type.list", filter={"noSuch": 1}).error[1] == "INVALID_ARG_VALUE"


def test_fields_of_types_are_described(portal: TestPortal) -> None:
    described = portal.admin("crm.type.fields").result["fields"]

    assert described["entityTypeId"]["isImmutable"] is True
