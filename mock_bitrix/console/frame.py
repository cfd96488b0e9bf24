"""What every page of the console has around it."""

from __future__ import annotations

from mock_bitrix.console.html import Markup, element, joined, void

HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With less, a browser would name no origin for a form of ours, which is how it is known.
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Text from fixtures, events and calls never runs: scripts and styles are files of our own.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


def page(title: str, *main: object, header: object = "", portal: str | None = None) -> str:
    """A page. `header`: what stands beside its name; `portal`: the member_id that it is about."""
    head = joined([
        Markup('<meta charset="utf-8">'),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        void("link", rel="icon", href="data:,"),
        void("link", rel="stylesheet", href="/console/files/console.css"),
        element("script", src="/console/files/console.js", type="module"),
    ])  # fmt: skip
    name = element("a", "mock-bitrix", href="/", class_="brand")
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        element("header", name, header, class_="top"),
        element("main", *main, id_="content", data_portal=portal),
    )
    return f"<!doctype html>{element('html', element('head', head), body, lang='en')}"


def problem(title: str, told: str) -> str:
    """A page that says what is wrong."""
    back = element("p", element("a", "All portals", href="/"))
    return page(f"{title} · mock-bitrix", element("h1", title), element("p", told), back)
