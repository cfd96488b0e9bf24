"""The pages that people see on the way to a code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from mock_bitrix.portal.model import Application, Portal, User

HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"),
]

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1rem/1.5 system-ui, sans-serif; }}
  body {{ max-width: 32rem; margin: 10vh auto; padding: 0 1rem; }}
  h1 {{ font-size: 1.4rem; }}
  fieldset {{ border: 1px solid; border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }}
  label {{ display: block; padding: .25rem 0; }}
  button {{ font: inherit; padding: .4rem 1.2rem; }}
  code {{ overflow-wrap: anywhere; }}
</style>
<h1>{title}</h1>
{body}
"""

_CHOICE = """<p>{name} (<code>{client_id}</code>) asks for access to <code>{domain}</code>:
<code>{scope}</code>.</p>
<form method="get" action="/oauth/authorize/">
{hidden}
<fieldset>
<legend>Sign in as</legend>
{users}
</fieldset>
<button name="approve" value="1">Allow</button>
</form>"""


def refused(reason: str) -> str:
    """A page that says why nobody is let in."""
    return _PAGE.format(title="Access not granted", body=f"<p>{escape(reason)}</p>")


def choice(
    portal: Portal, application: Application, users: Sequence[User], fields: Mapping[str, str]
) -> str:
    """A page to choose a user on; `fields` come back with the choice."""
    first = next((user for user in users if user.admin), users[0])
    body = _CHOICE.format(
        name=escape(application.name or "An application"),
        client_id=escape(application.client_id),
        domain=escape(portal.domain),
        scope=escape(", ".join(application.scope)),
        hidden="\n".join(_hidden(name, value) for name, value in fields.items() if value),
        users="\n".join(_user(user, checked=user.id == first.id) for user in users),
    )
    return _PAGE.format(title="Allow access?", body=body)


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _user(user: User, *, checked: bool) -> str:
    name = f"{user.name} {user.last_name}".strip() or "User"
    kind = ", administrator" if user.admin else ""
    return (
        f'<label><input type="radio" name="user" value="{user.id}"{" checked" * checked}> '
        f"{escape(name)} ({user.id}{kind})</label>"
    )
