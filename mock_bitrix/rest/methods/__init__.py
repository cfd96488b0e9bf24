"""The methods, one file a family. Importing this package registers them all."""

from mock_bitrix.rest import batch
from mock_bitrix.rest.methods import (
    application,
    crm,
    event,
    event_offline,
    items,
    options,
    processes,
    system,
    user,
)

__all__ = [
    "application",
    "batch",
    "crm",
    "event",
    "event_offline",
    "items",
    "options",
    "processes",
    "system",
    "user",
]
