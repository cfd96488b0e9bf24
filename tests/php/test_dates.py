from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.php.dates import iso, parse_date

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 0, 28, 5, tzinfo=BERLIN)

# What PHP 8.2 makes of each in Berlin at NOW.
PARSED = [
    ("2024-07-18T12:32:31+02:00", "2024-07-18T12:32:31+02:00"),
    ("2024-07-18T12:32:31+0300", "2024-07-18T12:32:31+03:00"),
    ("2024-07-18T12:32:31-05", "2024-07-18T12:32:31-05:00"),
    ("2024-07-18T12:32:31 +02:00", "2024-07-18T12:32:31+02:00"),
    ("2024-07-18T12:32:31.5Z", "2024-07-18T12:32:31+00:00"),
    ("2024-07-18t12:32:31z", "2024-07-18T12:32:31+00:00"),
    ("2024-07-18T12:32:31", "2024-07-18T12:32:31+02:00"),
    ("2024-12-18T12:32", "2024-12-18T12:32:00+01:00"),
    ("2024-07-18 12:32:31", "2024-07-18T12:32:31+02:00"),
    ("2024-07-18 12:32", "2024-07-18T12:32:00+02:00"),
    ("2024-07-18", "2024-07-18T00:00:00+02:00"),
    (" 2024-7-8 ", "2024-07-08T00:00:00+02:00"),
    ("18.07.2024", "2024-07-18T00:00:00+02:00"),
    ("8.7.2024 10:11", "2024-07-08T10:11:00+02:00"),
    ("18.07.2024 10:11:12", "2024-07-18T10:11:12+02:00"),
    ("2024-02-31", "2024-03-02T00:00:00+01:00"),
    ("2024-07-18T24:00:00", "2024-07-19T00:00:00+02:00"),
    ("@123", "1970-01-01T00:02:03+00:00"),
    ("@-5", "1969-12-31T23:59:55+00:00"),
    ("", "2026-11-24T00:28:05+01:00"),
    ("NOW", "2026-11-24T00:28:05+01:00"),
    ("today", "2026-11-24T00:00:00+01:00"),
    ("midnight", "2026-11-24T00:00:00+01:00"),
    ("noon", "2026-11-24T12:00:00+01:00"),
    ("yesterday", "2026-11-23T00:00:00+01:00"),
    ("tomorrow", "2026-11-25T00:00:00+01:00"),
    ("-1 day", "2026-11-23T00:28:05+01:00"),
    ("2 days", "2026-11-26T00:28:05+01:00"),
    ("+ 1 Day", "2026-11-25T00:28:05+01:00"),
    ("+2 hours", "2026-11-24T02:28:05+01:00"),
    ("+1 min", "2026-11-24T00:29:05+01:00"),
    ("-30 seconds", "2026-11-24T00:27:35+01:00"),
    ("1 week ago", "2026-11-17T00:28:05+01:00"),
    ("1day ago", "2026-11-23T00:28:05+01:00"),
    ("+1 fortnight", "2026-12-08T00:28:05+01:00"),
    ("+1 month", "2026-12-24T00:28:05+01:00"),
    ("+2 months", "2027-01-24T00:28:05+01:00"),
    ("-1 year", "2025-11-24T00:28:05+01:00"),
    ("-1 day -2 hours", "2026-11-22T22:28:05+01:00"),
    ("yesterday +2 hours", "2026-11-23T02:00:00+01:00"),
    ("2024-01-31 +1 month", "2024-03-02T00:00:00+01:00"),
    ("2024-07-18 10:00 +10 days", "2024-07-28T10:00:00+02:00"),
    ("2024-03-30 12:00 +1 day", "2024-03-31T12:00:00+02:00"),
    ("2024-03-31 00:30 +2 hours", "2024-03-31T03:30:00+02:00"),
]


@pytest.mark.parametrize(("text", "moment"), PARSED)
def test_a_date_is_read_as_php_reads_it(text: str, moment: str) -> None:
    assert iso_of(parse_date(text, BERLIN, NOW)) == moment


def iso_of(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def test_words_count_in_the_given_zone() -> None:
    # At NOW it is still the 23rd in New York.
    new_york = ZoneInfo("America/New_York")
    assert parse_date("today", new_york, NOW).isoformat() == "2026-11-23T00:00:00-05:00"


@pytest.mark.parametrize(
    "text",
    [
        "rubbish",
        "2024-13-01",
        "2024-07-32",
        "2024-07-18T25:00",
        "2024-07-18T12:60",
        "2024-07-18T12:32:31 02:00",
        "2024-07-18T12:32:31+99:99",
        "2024-07-18 rubbish",
        "0000-01-01",
        "1721298751",
        "1 eon ago",
        "-999999 years",
        "@999999999999999",
        "+1 day" * 1000,
        "٢٠٢٤-07-18",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Incorrect date/time"):
        parse_date(text, BERLIN, NOW)


@given(st.text() | st.text("0123456789-+:.@T Zdayhour "))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        moment = parse_date(text, BERLIN, NOW)
    except ValueError:
        return
    assert moment.tzinfo is not None


@pytest.mark.parametrize(
    ("timestamp", "zone", "text"),
    [
        (1721298751, BERLIN, "2024-07-18T12:32:31+02:00"),
        (1721298751.999, BERLIN, "2024-07-18T12:32:31+02:00"),
        (1702890751, BERLIN, "2023-12-18T10:12:31+01:00"),
        (0, UTC, "1970-01-01T00:00:00+00:00"),
        (-0.5, UTC, "1969-12-31T23:59:59+00:00"),
        (0, timezone(timedelta(hours=-3, minutes=-30)), "1969-12-31T20:30:00-03:30"),
    ],
)
def test_iso_shows_seconds_and_offset(timestamp: float, zone: ZoneInfo, text: str) -> None:
    assert iso(timestamp, zone) == text


@given(st.integers(0, 2**32))
def test_parse_date_reads_back_what_iso_shows(timestamp: int) -> None:
    assert parse_date(iso(timestamp, BERLIN), UTC, NOW).timestamp() == timestamp
