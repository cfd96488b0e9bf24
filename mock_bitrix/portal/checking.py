"""What a document must keep to beyond its schema: names that are unique, users that exist."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from mock_bitrix.portal.document import DEFAULT_USERS, ApplicationPart, Document, TokenPart
from mock_bitrix.portal.paths import LoadError, Path, told

Named = tuple[Path, Hashable]


def check(document: Document) -> None:
    """Raise `LoadError` where a document contradicts itself."""
    for what, named in _unique_names(document):
        _once(named, what)
    for kind, entities in document.entities.items():
        _once(_entity_ids(kind, entities), "is there twice; first at")
    _users_exist(document, {user.id for user in document.users or DEFAULT_USERS})


def server_names(document: Document) -> Iterator[tuple[str, Path, str]]:
    """The given names that are unique in a server: what they are, where, and the name."""
    portal = document.portal
    found: list[tuple[str, Path, str | None]] = [
        ("domain", ("portal", "domain"), portal.domain),
        ("member_id", ("portal", "member_id"), portal.member_id),
    ]
    for n, hook in enumerate(document.webhooks):
        found.append(("secret", ("webhooks", n, "secret"), hook.secret))
    for path, token in _tokens(document):
        found.append(("access_token", (*path, "access_token"), token.access_token))
        found.append(("refresh_token", (*path, "refresh_token"), token.refresh_token))
    return ((what, path, name) for what, path, name in found if name is not None)


def _tokens(document: Document) -> Iterator[tuple[Path, TokenPart]]:
    for number, part in enumerate(document.apps or []):
        for index, token in enumerate(part.tokens):
            yield ("apps", number, "tokens", index), token


def _unique_names(document: Document) -> Iterator[tuple[str, Iterable[Named]]]:
    applications = list(enumerate(document.apps or []))
    taken = "is taken already, at"
    for what in ("secret", "access_token", "refresh_token"):
        yield taken, [(path, name) for kind, path, name in server_names(document) if kind == what]
    yield taken, ((("users", n, "id"), user.id) for n, user in enumerate(document.users or []))
    yield taken, ((("apps", n, "client_id"), part.client_id) for n, part in applications)
    twice = "is the same subscription as"
    yield twice, ((("outgoing", n), (o.event, o.handler)) for n, o in enumerate(document.outgoing))
    for number, part in applications:
        yield twice, _subscriptions(number, part)


def _subscriptions(number: int, part: ApplicationPart) -> Iterator[Named]:
    for index, binding in enumerate(part.bindings):
        same = (binding.event, binding.handler, binding.user, binding.auth_connector)
        yield ("apps", number, "bindings", index), same


def _entity_ids(kind: str, entities: Sequence[Mapping[str, object]]) -> Iterator[Named]:
    for index, entity in enumerate(entities):
        name = "ID" if "ID" in entity else "id"
        given = entity.get(name)
        if isinstance(given, int | str):
            yield ("entities", kind, index, name), str(given)


def _once(named: Iterable[Named], problem: str) -> None:
    seen: dict[Hashable, Path] = {}
    for path, name in named:
        if name is None:
            continue
        if name in seen:
            given = told(path, str(name))
            text = f'"{given}" {problem}' if isinstance(name, str | int) else problem
            raise LoadError(path, text, seen[name])
        seen[name] = path


def _users_exist(document: Document, known: set[int]) -> None:
    for path, user in _users_named(document):
        if user not in known:
            there = ", ".join(str(number) for number in sorted(known)[:10])
            raise LoadError(path, f"there is no user {user}; expected one of users: {there}")


def _users_named(document: Document) -> Iterator[tuple[Path, int]]:
    for index, webhook in enumerate(document.webhooks):
        yield ("webhooks", index, "user"), webhook.user
    for path, token in _tokens(document):
        yield (*path, "user"), token.user
