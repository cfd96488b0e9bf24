"""How long a proof may run, and from which seed: printed, so that a run can be repeated.

`MOCK_BITRIX_PROOF_SEED` begins with that seed, `MOCK_BITRIX_PROOF_SECONDS` sets the time.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator


def seeds(seconds: float) -> Iterator[int]:
    """Seeds, one after the other, until the time is over; at least one. Prints each."""
    ends = time.monotonic() + float(os.environ.get("MOCK_BITRIX_PROOF_SECONDS", seconds))
    given = os.environ.get("MOCK_BITRIX_PROOF_SEED")
    seed = int(given) if given else random.SystemRandom().randrange(2**32)
    while True:
        print(f"MOCK_BITRIX_PROOF_SEED={seed}", flush=True)  # noqa: T201
        yield seed
        if time.monotonic() > ends:
            return
        seed += 1
