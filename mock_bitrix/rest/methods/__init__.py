"""The methods, one file a family. Importing this package registers them all, some of them later."""

from mock_bitrix.rest import batch, registry
from mock_bitrix.rest.methods import application, event, event_offline, options, system, user

__all__ = ["application", "batch", "event", "event_offline", "options", "system", "user"]

LATER = (
    "crm",
    "departments",
    "external_calls",
    "items",
    "placements",
    "processes",
    "products",
    "smalltalk",
    "task_comments",
    "tasks",
    "user_fields",
    "users",
)

registry.later(f"{__name__}.{module}" for module in LATER)
