"""The files that docs/ci.md prints, by the names that stand above them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
FILES: dict[str, str] = dict(
    re.findall(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)


def written(directory: Path, recipe: str) -> Path:
    """The files of a recipe, as a user would copy them."""
    for name, text in FILES.items():
        kind, _, rest = name.partition("/")
        if kind == recipe:
            file = directory / rest
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return directory
