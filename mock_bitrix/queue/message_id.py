"""The identity of a change (protocol D.8)."""

from hashlib import md5

from mock_bitrix.php.json import encode, escape


def message_id(event: str, data: object) -> str:
    """32 hex digits that are the same for the same event (upper case) and data.

    Data is any value that php.json.encode takes, or the fragment of its stored text.
    """
    return digest(event, encode(data))


def message_id_of_stored(event: str, plain_data: bytes) -> str:
    """The same, of data in the form in which it is stored."""
    return digest(event, escape(plain_data))


def digest(event: str, encoded: bytes) -> str:
    """The same, of data that is encoded already."""
    return md5(f"{event}|".encode() + encoded, usedforsecurity=False).hexdigest()
