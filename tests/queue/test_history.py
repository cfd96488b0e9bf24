import pytest

from tests.queue.history import Findings, Step, check


def take(
    client: str, at: float, *rows: int, process: str | None = None, confirmed: bool = False
) -> Step:
    return Step(client, at, at + 1, "take", process, rows, confirmed)


def confirm(client: str, at: float, process: str) -> Step:
    return Step(client, at, at + 1, "confirm", process)


GOOD = [
    take("a", 0, 1, 2, process="P"),
    take("b", 0.5, 3, confirmed=True),
    take("a", 1, process="Q"),
    confirm("a", 2, "P"),
]


def test_a_good_history_has_no_findings() -> None:
    assert not check(GOOD, stored=[1, 2, 3, 4], left=[4])


def test_rows_that_are_reserved_in_the_end_are_not_lost() -> None:
    assert not check([take("a", 0, 1, process="P")], stored=[1], left=[1])


def test_order_of_the_steps_given_does_not_matter() -> None:
    assert not check(reversed(GOOD), stored=[1, 2, 3])


@pytest.mark.parametrize(
    ("history", "left", "finding"),
    [
        pytest.param(
            [take("a", 0, 1, confirmed=True)],
            [],
            Findings(lost=["row 2 is gone, and nobody took it"]),
            id="nobody took it",
        ),
        pytest.param(
            [take("a", 0, 1, 2, process="P")],
            [2],
            Findings(lost=["row 1 is gone without its confirmation"]),
            id="gone without confirmation",
        ),
        pytest.param(
            [take("a", 0, 1, 2, confirmed=True), take("b", 0.5, 2, confirmed=True)],
            [],
            Findings(repeated=["row 2 was given 2 times: a at 0.000-1.000, b at 0.500-1.500"]),
            id="given to two",
        ),
        pytest.param(
            [take("a", 0, 1, 1, 2, confirmed=True)],
            [],
            Findings(repeated=["row 1 was given 2 times: a at 0.000-1.000, a at 0.000-1.000"]),
            id="twice in one answer",
        ),
        pytest.param(
            [take("a", 0, 1, 2, confirmed=True)],
            [1],
            Findings(repeated=["row 1 is there after its confirmation"]),
            id="came back",
        ),
        pytest.param(
            [take("a", 0, 1, process="P"), take("b", 0, 2, process="P"), confirm("a", 2, "P")],
            [1],
            Findings(repeated=["process id P was given twice: a at 0.000-1.000, b at 0.000-1.000"]),
            id="a process id twice",
        ),
        pytest.param(
            [take("a", 0, 1, 2, 3, confirmed=True)],
            [],
            Findings(invented=["row 3 was never there: a at 0.000-1.000"]),
            id="a row from nowhere",
        ),
        pytest.param(
            [take("a", 0, 1, 2, confirmed=True)],
            [9],
            Findings(invented=["row 9 is left, but was never there"]),
            id="left from nowhere",
        ),
        pytest.param(
            [take("a", 0, 1, 2, confirmed=True), confirm("b", 2, "P")],
            [],
            Findings(invented=["nobody had taken what was confirmed: b at 2.000-3.000"]),
            id="confirmation of nothing",
        ),
        pytest.param(
            [take("a", 0, 1, 2, process="P"), confirm("b", 0.5, "P")],
            [1, 2],
            Findings(invented=["nobody had taken what was confirmed: b at 0.500-1.500"]),
            id="confirmation before the answer",
        ),
    ],
)
def test_finding(history: list[Step], left: list[int], finding: Findings) -> None:
    found = check(history, stored=[1, 2], left=left)

    if finding.repeated and "process id" in finding.repeated[0]:
        assert finding.repeated[0] in found.repeated
    else:
        assert found == finding
