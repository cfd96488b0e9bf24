"""The page of methods is what the code says."""

from __future__ import annotations

from pathlib import Path

from mock_bitrix.rest.method_page import page, state

PAGE = Path(__file__).parents[2] / "docs" / "methods.md"


def test_the_page_in_the_docs_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_methods_are_faithful_generic_or_absent() -> None:
    assert state("crm.lead.list") == "faithful"
    assert state("CRM.Status.Add") == "generic"
    assert state("crm.enum.ownertype") == "absent"
