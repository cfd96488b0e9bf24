"""What the server does by itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mock_bitrix.server import SWEEP_EVERY, _until_sweep


@pytest.mark.parametrize("living", [None, 1, 8])
def test_all_processes_together_sweep_as_often_as_one_would(living: int | None) -> None:
    sharing = living and SimpleNamespace(living=living)
    emulator = SimpleNamespace(sharing=sharing)
    waits = [_until_sweep(emulator) for _ in range(2000)]  # type: ignore[arg-type]  # all it asks for

    mean = sum(waits) / len(waits) / (living or 1)
    assert mean == pytest.approx(SWEEP_EVERY, rel=0.05)
    assert len(set(waits)) > 1000  # not all at the same moment
