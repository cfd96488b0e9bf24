"""mock-bitrix without its journal, for seeing what that costs: run like the command itself."""

from __future__ import annotations

from mock_bitrix.cli import main
from mock_bitrix.journal.journal import Journal


def forget(self: Journal, entry: object) -> None:
    """Remember nothing."""


if __name__ == "__main__":
    Journal.record = forget  # type: ignore[method-assign]  # that is what is compared
    main()
