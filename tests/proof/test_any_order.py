"""Whatever applications do in whatever order, the portal's queues are what the plain model says."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proof.budget import seeds
from tests.proof.machine import House, Machine

SECONDS = 40.0
"""For each kind of database."""


def run(house: House, seed: int, examples: int, steps: int) -> None:
    """So many portals, on each of them so many steps in a random order."""
    machine = hypothesis.seed(seed)(type("Machine", (Machine,), {"house": house}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # the seed repeats it; to make it shorter takes minutes
        ),
    )


def test_any_order_of_steps_ends_as_the_model_says(here: str) -> None:
    house = House(here)
    try:
        run(house, seed=24, examples=5, steps=25)
    finally:
        house.stop()


@pytest.mark.long
def test_any_order_of_many_steps_ends_as_the_model_says(everywhere: str) -> None:
    house = House(everywhere)
    try:
        for seed in seeds(SECONDS):
            run(house, seed, examples=8, steps=50)
    finally:
        house.stop()
