"""Dates as PHP reads and writes them (protocol D.6.5)."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from mock_bitrix.php.values import trim

_CLOCK = (
    r"(?:(?:[T ]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<offset>Z|UTC|[+-]\d\d(?::?\d\d)?(?![\d\s]*[a-z]))?)?"
)
_ABSOLUTE = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)" + _CLOCK, re.ASCII | re.I),
    re.compile(r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})" + _CLOCK, re.ASCII | re.I),
)
_UNIX = re.compile(r"@(-?\d{1,15})(?:\.\d+)?", re.ASCII)
_WORD = re.compile(r"now|today|midnight|noon|yesterday|tomorrow", re.I)
_STEP = re.compile(
    r"\s*(?P<count>[+-]?\s*\d{1,9})\s*"
    r"(?P<unit>sec|second|min|minute|hour|day|week|fortnight|month|year)s?(?P<ago>\s+ago)?(?![a-z])",
    re.ASCII | re.I,
)
_LONGEST = 200
_SECONDS = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "year": 12}


def parse_date(text: str, zone: tzinfo, now: datetime) -> datetime:
    """The moment that a text names, as PHP understands it; what names no offset is in `zone`.

    Understood are ISO 8601, `YYYY-MM-DD HH:MM:SS`, `DD.MM.YYYY HH:MM:SS` (time or seconds may be
    missing), `@123`, the words now, today, midnight, noon, yesterday and tomorrow, and steps such
    as `-1 day` or `2 weeks ago`, alone or after one of the others. Empty is now. Raises ValueError
    for anything else and for moments outside the years 1 to 9999.
    """
    try:
        moment, rest = _start(trim(text[:_LONGEST]), zone, now.astimezone(zone))
        while step := _STEP.match(rest):
            moment, rest = _stepped(moment, step), rest[step.end() :]
    except (OverflowError, ValueError) as error:
        raise ValueError(f"Incorrect date/time: {text[:_LONGEST]}") from error
    if rest or len(text) > _LONGEST:
        raise ValueError(f"Incorrect date/time: {text[:_LONGEST]}")
    return moment


def _start(text: str, zone: tzinfo, now: datetime) -> tuple[datetime, str]:
    """The moment that the text begins with (now, if it begins with a step), and the rest."""
    for form in _ABSOLUTE:
        if match := form.match(text):
            return _absolute(match, zone), text[match.end() :]
    if match := _UNIX.match(text):
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(match[1])), text[
            match.end() :
        ]
    if match := _WORD.match(text):
        return _of_word(match[0].lower(), now), text[match.end() :]
    return now, text


def _absolute(match: re.Match[str], zone: tzinfo) -> datetime:
    part = match.groupdict(default="0")
    day, hour, minute, second = (int(part[name]) for name in ("day", "hour", "minute", "second"))
    if day > 31 or hour > 24 or minute > 59 or second > 60:
        raise ValueError(match[0])
    offset = match["offset"]
    first = datetime(int(part["year"]), int(part["month"]), 1, tzinfo=_zone(offset) or zone)
    # As in PHP, the 31st of a month with 30 days is the 1st of the next.
    return first + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)


def _zone(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    if offset.upper() in {"Z", "UTC"}:
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-distance if offset[0] == "-" else distance)


def _of_word(word: str, now: datetime) -> datetime:
    if word == "now":
        return now
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + {
        "noon": timedelta(hours=12),
        "yesterday": timedelta(days=-1),
        "tomorrow": timedelta(days=1),
    }.get(word, timedelta())


def _stepped(moment: datetime, step: re.Match[str]) -> datetime:
    count = int(re.sub(r"\s", "", step["count"])) * (-1 if step["ago"] else 1)
    unit = step["unit"].lower()
    if unit in _SECONDS:
        later = moment.astimezone(UTC) + timedelta(seconds=count * _SECONDS[unit])
        return later.astimezone(moment.tzinfo)
    if unit in _DAYS:
        return moment + timedelta(days=count * _DAYS[unit])
    year, month = divmod(moment.year * 12 + moment.month - 1 + count * _MONTHS[unit], 12)
    return moment.replace(year=year, month=month + 1, day=1) + timedelta(days=moment.day - 1)


def iso(timestamp: float, zone: tzinfo) -> str:
    """A Unix time as `YYYY-MM-DDTHH:MM:SS+HH:MM` in the zone, fractions cut off."""
    quarter, second = divmod(int(timestamp // 1), QUARTER)
    known = _quarter(quarter, zone)
    if known is None:
        return datetime.fromtimestamp(timestamp // 1, zone).isoformat()
    hour, minute, offset = known
    return f"{hour}{_TWO_DIGITS[minute + second // 60]}:{_TWO_DIGITS[second % 60]}{offset}"


_TWO_DIGITS = tuple(f"{number:02}" for number in range(60))


QUARTER = 900
"""Seconds: clocks are put forward and back at the beginning of one, but for long ago."""


@lru_cache(maxsize=4096)
def _quarter(number: int, zone: tzinfo) -> tuple[str, int, str] | None:
    """What all seconds of a quarter share: text up to the hour, first minute, offset as text.

    None where they don't share it. Rows of a queue seldom have one second, but often a quarter.
    """
    begin = datetime.fromtimestamp(number * QUARTER, zone)
    end = datetime.fromtimestamp((number + 1) * QUARTER - 1, zone)
    if begin.utcoffset() != end.utcoffset() or begin.second or begin.minute % 15:
        return None
    shown = begin.isoformat()
    return shown[:14], begin.minute, shown[19:]
