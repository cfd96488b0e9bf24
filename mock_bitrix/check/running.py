"""Playing histories: each on a throw-away portal, with workers of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mock_bitrix import clock
from mock_bitrix.check import changes
from mock_bitrix.check.evidence import Evidence
from mock_bitrix.check.histories import History
from mock_bitrix.check.judging import Finding, judge
from mock_bitrix.check.processes import Workers
from mock_bitrix.check.stage import PERSON, Patience, Stage
from mock_bitrix.randomness import Randomness, sequence
from mock_bitrix.testing.portal import Portal
from mock_bitrix.testing.running import RunningServer


@dataclass(frozen=True, slots=True)
class Plan:
    """How a worker is checked. `variables`: what its environment has beside the portal's.

    `options`: those of the command line that it takes to do the same again.
    """

    command: Sequence[str]
    histories: Sequence[History]
    events: Sequence[str]
    connector: str = ""
    seed: str = "1"
    patience: Patience = field(default_factory=Patience)
    variables: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """A history that is over. `said`: the end of what the workers wrote."""

    history: History
    findings: Sequence[Finding]
    evidence: Evidence
    seconds: float
    said: str = ""
    stubborn: bool = False


def play(server: RunningServer, plan: Plan) -> Iterator[Played]:
    """Play the plan's histories on a server, one after the other."""
    for history in plan.histories:
        with (
            server.portal(_document(plan, _changes(plan, history))) as portal,
            tempfile.TemporaryDirectory(prefix="mock-bitrix-") as directory,
        ):
            yield _play(history, plan, portal, Path(directory))


def _play(history: History, plan: Plan, portal: Portal, directory: Path) -> Played:
    begun = clock.stopwatch()
    workers = Workers(
        plan.command,
        lambda: environment(portal, plan.variables),
        directory,
        plan.patience.grace,
    )
    dice = sequence(f"{plan.seed}:{history.name}:play")
    stage = Stage(
        portal,
        workers,
        changes=_changes(plan, history),
        connector=plan.connector,
        dice=dice,
        patience=plan.patience,
    )
    try:
        history.play(stage)
        stage.until_done()
        evidence = stage.evidence()
    finally:
        workers.stop()
    return Played(
        history,
        judge(evidence),
        evidence,
        clock.stopwatch() - begun,
        workers.said,
        workers.stubborn,
    )


def environment(portal: Portal, variables: Mapping[str, str]) -> dict[str, str]:
    """The portal's variables, with the tokens that are good now: they may have been renewed.

    `variables` go with them; where they name a proxy, the portal is reached by its own name.
    """
    shown = portal.environment
    [application] = portal.control.snapshot()["apps"]
    for token in application["tokens"]:
        if token.get("refresh_token"):
            shown["MOCK_BITRIX_ACCESS_TOKEN"] = token["access_token"]
            shown["MOCK_BITRIX_REFRESH_TOKEN"] = token["refresh_token"]
    if "HTTPS_PROXY" in variables:
        shown["MOCK_BITRIX_DOMAIN"] = portal.domain
    return shown | dict(variables)


def _changes(plan: Plan, history: History) -> changes.Changes:
    return changes.Changes(plan.events, sequence(f"{plan.seed}:{history.name}"))


def _document(plan: Plan, changing: changes.Changes) -> dict[str, Any]:
    """Who works there: the worker's administrator, and a person who changes things."""
    scope, chance = changes.scopes(plan.events), Randomness()
    token = {"access_token": chance.secret(32), "refresh_token": chance.secret(32), "user": 1}
    bindings = [
        {"event": event, "type": "offline", "auth_connector": plan.connector}
        for event in plan.events
    ]
    return {
        "portal": {"seed": plan.seed},
        "users": [
            {"id": 1, "name": "Anna", "admin": True},
            {"id": PERSON, "name": "Ulf", "last_name": "User"},
        ],
        "webhooks": [{"user": 1, "scope": scope, "secret": chance.secret(32)}],
        "apps": [{"scope": scope, "tokens": [token], "bindings": bindings}],
        "entities": changing.entities(),
    }
