"""An emulator for tests: `with MockBitrix() as server, server.portal() as portal:`."""

from mock_bitrix.testing.control import ControlError, NothingBound, NotReachable
from mock_bitrix.testing.portal import Portal
from mock_bitrix.testing.refused import Refused
from mock_bitrix.testing.running import RunningServer
from mock_bitrix.testing.server import MockBitrix

__all__ = [
    "ControlError",
    "MockBitrix",
    "NotReachable",
    "NothingBound",
    "Portal",
    "Refused",
    "RunningServer",
]
