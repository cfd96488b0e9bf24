"""What arrives when the way back is broken."""

from __future__ import annotations

from mock_bitrix.faults.model import DROP, MALFORMED, Broken
from mock_bitrix.rest import reply

PAGE = b"""<html>\r
<head><title>502 Bad Gateway</title></head>\r
<body>\r
<center><h1>502 Bad Gateway</h1></center>\r
<hr><center>nginx</center>\r
</body>\r
</html>\r
"""

LOST = b'{"result":{"process_id":null,"events":[{"ID":"1","TIMESTAMP_X":"'
"""A body that ends in the middle, where there is no real one to cut."""


def broken(fault: Broken, answered: reply.Reply | None) -> reply.Reply:
    """The answer that arrives instead of `answered`, which None: was never made."""
    if fault.kind == DROP:
        return reply.Reply(0, [], b"", drop=True)
    if fault.kind == MALFORMED:
        whole = answered.body if answered else LOST
        cut = whole[: len(whole) // 2] if answered else whole
        return reply.Reply(200, [(b"content-type", reply.CONTENT_TYPES["json"])], cut)
    return reply.Reply(502, [(b"content-type", b"text/html")], PAGE)
