"""The methods, one file a family. Importing this package registers them all."""

from mock_bitrix.rest import batch
from mock_bitrix.rest.methods import (
    application,
    crm,
    departments,
    event,
    event_offline,
    items,
    options,
    placements,
    processes,
    products,
    smalltalk,
    system,
    task_comments,
    tasks,
    user,
    user_fields,
    users,
)

__all__ = [
    "application",
    "batch",
    "crm",
    "departments",
    "event",
    "event_offline",
    "items",
    "options",
    "placements",
    "processes",
    "products",
    "smalltalk",
    "system",
    "task_comments",
    "tasks",
    "user",
    "user_fields",
    "users",
]
