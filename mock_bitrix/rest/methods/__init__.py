"""The methods, one file a family. Importing this package registers them all."""

from mock_bitrix.rest import batch
from mock_bitrix.rest.methods import application, event, event_offline, options, system, user

__all__ = ["application", "batch", "event", "event_offline", "options", "system", "user"]
