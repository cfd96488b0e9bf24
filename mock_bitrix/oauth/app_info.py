"""What the authorisation server answers under `/rest/`: `app.info`, in a shape of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_bitrix.php.dates import iso
from mock_bitrix.portal.addresses import came_by, places
from mock_bitrix.portal.model import Grant
from mock_bitrix.rest import errors, registry, reply
from mock_bitrix.rest.caller import authorise, named_by, token_of
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.request import Asked, Request, asked
from mock_bitrix.tls.hosts import Hosts

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

METHOD = "app.info"


def answer(emulator: Emulator, request: Request) -> reply.Reply:
    """Answer a REST call at an authorisation server's name: it knows one method."""
    stopwatch, wanted = reply.Stopwatch(), asked(request)
    try:
        grant = _grant(emulator, request, wanted)
        address = came_by(request.scheme, request.host, emulator.url)
        told = _told(grant, address, emulator.hosts)
        body = reply.envelope(told, stopwatch.time(grant.portal))
        return reply.success(body, wanted.transport, stopwatch.headers())
    except Exception as failure:
        return reply.refusal(refusal_of(failure), wanted.transport, stopwatch.headers())


def _grant(emulator: Emulator, request: Request, wanted: Asked) -> Grant:
    method = registry.find(METHOD)
    assert method is not None
    if registry.find(wanted.method) is not method:
        raise errors.MethodNotFound
    directory = emulator.directory.revised()
    named = named_by(request, directory)
    if authorise(request, dict(wanted.parameters), method, directory, named).application is None:
        raise errors.WrongAuthType
    grant = directory.grant(token_of(request, wanted.parameters))
    assert grant is not None
    return grant


def _told(grant: Grant, address: str, hosts: Hosts) -> dict[str, object]:
    portal, token, application = grant.portal, grant.token, grant.application
    told, scope = places(portal, address, hosts), ",".join(application.scope)
    expires = token.expires or portal.clock.now() + portal.expires_in
    return {
        "client_id": application.client_id,
        "scope": scope,
        "expires": iso(expires, portal.zone),
        "install": {
            "installed": application.installed,
            "version": application.version,
            "status": application.status,
            "scope": scope,
            "domain": portal.domain,
            "uri": application.handler_url or "",
            "client_endpoint": told.client_endpoint,
            "member_id": portal.member_id,
            "member_type": "",
        },
        "user_id": token.user_id,
    }
