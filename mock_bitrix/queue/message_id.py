"""The identity of a change (protocol D.8)."""

from hashlib import md5

from mock_bitrix.php.json import encode


def message_id(event: str, data: object) -> str:
    """32 hex digits that are the same for the same event (upper case) and data.

    Data is any value that php.json.encode takes, or the fragment of its stored text.
    """
    return md5(f"{event}|".encode() + encode(data), usedforsecurity=False).hexdigest()
