"""`department.*`: the company's structure."""

from __future__ import annotations

import pytest

from tests.support import TestPortal, install_portal


@pytest.fixture
def company(portal: TestPortal) -> TestPortal:
    """A portal with a department at the top."""
    document = {
        "webhooks": [{"user": 1, "scope": ["department"]}],
        "entities": {"department": [{"ID": 1, "NAME": "Company"}]},
    }
    return install_portal(portal.server, portal.http, document)


def test_a_department_lives_from_add_to_delete(company: TestPortal) -> None:
    assert company.webhook("department.add", NAME="Sales", PARENT=1, SORT=450).result == 2

    (shown,) = company.webhook("department.get", ID=2).result
    assert shown == {"ID": "2", "NAME": "Sales", "SORT": 450, "PARENT": "1"}
    assert company.webhook("department.update", ID=2, NAME="Trade").result is True
    (shown,) = company.webhook("department.get", NAME="Trade").result
    assert shown["ID"] == "2"
    assert company.webhook("department.delete", ID=2).result is True
    assert company.webhook("department.get").body["total"] == 1


def test_departments_are_sorted_by_a_field(company: TestPortal) -> None:
    for name in ("Legal", "Accounting"):
        company.webhook("department.add", NAME=name, PARENT=1)

    found = company.webhook("department.get", PARENT=1, sort="NAME", order="DESC").result

    assert [row["NAME"] for row in found] == ["Legal", "Accounting"]


def test_a_department_needs_a_name_and_a_place(company: TestPortal) -> None:
    assert company.webhook("department.add", PARENT=1).error == (
        400,
        "ERROR_CORE",
        "Department name not provided.<br>",
    )
    second = company.webhook("department.add", NAME="Another company")
    assert second.error[2].startswith("There can only be one top-level department")
    assert company.webhook("department.update", ID=77, NAME="x").status == 400
    assert company.webhook("department.fields").result["UF_HEAD"] == "Manager"
