"""`catalog.product.*`: products, their variations, and services."""

from __future__ import annotations

import pytest

from tests.support import TestPortal, install_portal

TEA = {"name": "Tea", "iblockId": 23, "purchasingPrice": "1000.000000"}


@pytest.fixture
def shop(portal: TestPortal) -> TestPortal:
    """A portal whose webhook may use the catalogue."""
    document = {
        "webhooks": [{"user": 1, "scope": ["catalog"]}],
        "apps": [
            {
                "scope": ["catalog"],
                "tokens": [{"user": 1}],
                "bindings": [{"event": "CATALOG.PRODUCT.ON.ADD", "type": "offline"}],
            }
        ],
    }
    return install_portal(portal.server, portal.http, document)


def test_a_product_lives_from_add_to_delete(shop: TestPortal) -> None:
    added = shop.webhook("catalog.product.add", fields=TEA).result["element"]

    assert (added["id"], added["name"], added["type"], added["active"]) == (1, "Tea", 1, "Y")
    changed = shop.webhook("catalog.product.update", id=1, fields={"name": "Green tea"})
    assert changed.result["element"]["name"] == "Green tea"
    assert shop.webhook("catalog.product.get", id=1).result["product"]["purchasingPrice"] == (
        "1000.000000"
    )
    assert shop.webhook("catalog.product.delete", id=1).result is True
    gone = shop.webhook("catalog.product.get", id=1)
    assert gone.error == (400, "", "product does not exist.")


def test_variations_and_services_are_products_of_their_types(shop: TestPortal) -> None:
    shop.webhook("catalog.product.add", fields=TEA)
    service = shop.webhook("catalog.product.service.add", fields=TEA).result["service"]

    assert service["type"] == 7
    assert shop.webhook("catalog.product.list").body["total"] == 2
    services = shop.webhook("catalog.product.service.list", select=["id", "name"]).result
    assert services == {"services": [{"id": 2, "name": "Tea"}]}
    assert shop.webhook("catalog.product.service.get", id=1).status == 400
    data = [row["EVENT_DATA"] for row in shop.queue()]
    assert data == [{"FIELDS": {"ID": 1, "TYPE": 1}}, {"FIELDS": {"ID": 2, "TYPE": 7}}]


def test_products_are_filtered_by_newer_names(shop: TestPortal) -> None:
    for number in range(3):
        shop.webhook("catalog.product.add", fields={**TEA, "vatId": number})

    page = shop.webhook(
        "catalog.product.list", filter={"iblockId": 23, "vatId": [1, 2]}, order={"id": "desc"}
    )

    assert [product["id"] for product in page.result["products"]] == [3, 2]


def test_what_is_missing_is_refused(shop: TestPortal) -> None:
    assert shop.webhook("catalog.product.add").error[1] == "100"
    assert shop.webhook("catalog.product.get").error == (
        400,
        "100",
        "Could not find value for parameter {id}",
    )
    assert shop.webhook("catalog.product.add", fields={"name": "x"}).error == (
        400,
        "0",
        "Required fields: iblock_id",
    )
