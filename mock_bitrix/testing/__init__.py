"""An emulator for tests, in this process: `with MockBitrix() as server:`."""

from mock_bitrix.testing.server import MockBitrix

__all__ = ["MockBitrix"]
