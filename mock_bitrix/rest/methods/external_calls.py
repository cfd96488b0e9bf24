"""`telephony.externalCall.register` and `.finish`: calls of a telephone exchange elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.dates import iso
from mock_bitrix.php.values import Value, is_array, to_int, to_text
from mock_bitrix.portal.model import User
from mock_bitrix.queue.queue import randomness_of
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.caller import applications
from mock_bitrix.rest.errors import telephony as errors
from mock_bitrix.rest.registry import method
from mock_bitrix.rest.work import Anything, Work, equal, text_of

EXTERNAL_CALL, LEAD, ACTIVITY = (
    known("telephony.externalcall"),
    known("crm.lead"),
    known("crm.activity"),
)
KNOWN_FOR = 30 * 60
"""Seconds in which a call that is registered again is the same one."""

OWNERS = {"LEAD": 1, "CONTACT": 3, "COMPANY": 4}
OUTGOING, LAST_TYPE = 1, 5
TALKED, MISSED = "200", "304"
_PHONE = re.compile(r"[+0-9()\s.*#-]*[0-9][+0-9()\s.*#-]*")
_SAME = (
    "APPLICATION_ID",
    "PHONE_NUMBER",
    "TYPE",
    "USER_ID",
    "LINE_NUMBER",
    "EXTERNAL_CALL_ID",
)


@method("telephony.externalCall.register", Anything, allowed=[applications], scopes=["telephony"])
def register(call: Call, wanted: Anything) -> dict[str, Any]:
    """Register a call; give its CALL_ID. The same call again within half an hour is the same."""
    work, given = Work(call), wanted.given
    fields = _registered(work, given)
    with work.change() as room:
        before = _before(work, fields)
        if before is not None:
            return _shown(before.data)
        fields |= _owner(work, given, fields)
        entity = room.add(EXTERNAL_CALL, fields)
        work.tell(call.method, entity.data)
    return _shown(entity.data)


def _registered(work: Work, given: Mapping[str, Value]) -> dict[str, Value]:
    """What is kept of a call that begins. Raises the refusals in the documented order."""
    call, user = work.call, _user(work, given)
    kind = to_int(given.get("TYPE"))
    if not OUTGOING <= kind <= LAST_TYPE:
        raise errors.UnknownCallType
    phone = text_of(given.get("PHONE_NUMBER"))
    if not _PHONE.fullmatch(phone):
        raise errors.PhoneNumberInvalid
    now = work.room.frame.now
    digits = randomness_of(call.emulator.database, call.portal).hexadecimal(32)
    return {
        "APPLICATION_ID": call.application.id,
        "CALL_ID": f"externalCall.{digits}.{int(now)}",
        "PHONE_NUMBER": phone,
        "TYPE": kind,
        "USER_ID": user.id,
        "LINE_NUMBER": text_of(given.get("LINE_NUMBER")),
        "EXTERNAL_CALL_ID": text_of(given.get("EXTERNAL_CALL_ID")) or None,
        "BEGAN": _moment(work, given.get("CALL_START_DATE")),
        "AT": now,
    }


def _before(work: Work, fields: Mapping[str, Value]) -> Entity | None:
    """The same call, registered a short time ago."""
    key = {name: fields[name] for name in _SAME}
    alike = work.room.matching(EXTERNAL_CALL, equal(EXTERNAL_CALL, key))
    oldest = work.room.frame.now - KNOWN_FOR
    return next((each for each in alike if each.data["AT"] > oldest), None)


def _owner(work: Work, given: Mapping[str, Value], fields: Mapping[str, Value]) -> dict[str, Value]:
    """To whom in CRM the call belongs; with CRM_CREATE a new lead, where nobody is named."""
    kind, number = text_of(given.get("CRM_ENTITY_TYPE")).upper(), to_int(given.get("CRM_ENTITY_ID"))
    if kind in OWNERS and number > 0:
        return {"CRM_ENTITY_TYPE": kind, "CRM_ENTITY_ID": number, "CREATED": None}
    if to_int(given.get("CRM_CREATE")) != 1:
        return {"CRM_ENTITY_TYPE": None, "CRM_ENTITY_ID": None, "CREATED": None}
    phone = to_text(fields["PHONE_NUMBER"])
    way = "Outgoing" if fields["TYPE"] == OUTGOING else "Incoming"
    lead = work.room.add(
        LEAD,
        {
            "TITLE": f"{phone} - {way} call",
            "PHONE": [{"VALUE": phone, "VALUE_TYPE": "WORK"}],
            "SOURCE_ID": text_of(given.get("CRM_SOURCE")) or "CALL",
            "ASSIGNED_BY_ID": fields["USER_ID"],
        },
    )
    work.tell("crm.lead.add", lead.data)
    return {"CRM_ENTITY_TYPE": "LEAD", "CRM_ENTITY_ID": lead.id, "CREATED": lead.id}


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    created = data["CREATED"]
    return {
        "CALL_ID": data["CALL_ID"],
        "CRM_CREATED_LEAD": created,
        "CRM_CREATED_ENTITIES": [{"ENTITY_TYPE": "LEAD", "ENTITY_ID": created}] if created else [],
        "CRM_ENTITY_TYPE": data["CRM_ENTITY_TYPE"],
        "CRM_ENTITY_ID": data["CRM_ENTITY_ID"],
    }


@method("telephony.externalCall.finish", Anything, allowed=[applications], scopes=["telephony"])
def finish(call: Call, wanted: Anything) -> dict[str, Any]:
    """End a registered call; write it down, as an activity where it belongs to somebody in CRM."""
    work, given = Work(call), wanted.given
    name = given.get("CALL_ID")
    if not isinstance(name, str):
        raise errors.CallIdNoText
    user = _user(work, given)
    with work.change() as room:
        named: dict[str, Value] = {"APPLICATION_ID": call.application.id, "CALL_ID": name}
        found = next(iter(room.matching(EXTERNAL_CALL, equal(EXTERNAL_CALL, named))), None)
        if found is None:
            raise errors.CallNotFound
        activity = _activity(work, found, user, given)
        record = _record(work, found, user, given) | {"CRM_ACTIVITY_ID": activity}
        room.delete(EXTERNAL_CALL, found.id)
        work.tell(call.method, record)
    return record


def _record(work: Work, found: Entity, user: User, given: Mapping[str, Value]) -> dict[str, Any]:
    data, call = found.data, work.call
    duration = to_int(given.get("DURATION"))
    code = text_of(given.get("STATUS_CODE")) or (TALKED if duration > 0 else MISSED)
    return {
        "CALL_ID": data["CALL_ID"],
        "EXTERNAL_CALL_ID": data["EXTERNAL_CALL_ID"],
        "PORTAL_USER_ID": user.id,
        "PHONE_NUMBER": data["PHONE_NUMBER"],
        "PORTAL_NUMBER": data["LINE_NUMBER"] or "REST_APP:",
        "INCOMING": to_text(data["TYPE"]),
        "CALL_DURATION": duration,
        "CALL_START_DATE": iso(data["BEGAN"], work.zone),
        "CALL_STATUS": int(code == TALKED),
        "CALL_VOTE": to_int(given.get("VOTE")),
        "COST": to_int(given.get("COST")),
        "COST_CURRENCY": text_of(given.get("COST_CURRENCY")),
        "CALL_FAILED_CODE": code,
        "CALL_FAILED_REASON": text_of(given.get("FAILED_REASON")),
        "REST_APP_ID": to_text(call.application.id),
        "REST_APP_NAME": call.application.name,
        "CRM_ACTIVITY_ID": 0,
        "COMMENT": None,
        "CRM_ENTITY_TYPE": data["CRM_ENTITY_TYPE"],
        "CRM_ENTITY_ID": data["CRM_ENTITY_ID"],
        "ID": work.room.store.next_id("voximplant.statistic"),
    }


def _activity(work: Work, found: Entity, user: User, given: Mapping[str, Value]) -> int:
    """The id of the activity that tells of the call; 0: it belongs to nobody."""
    data = found.data
    if data["CRM_ENTITY_ID"] is None:
        return 0
    activity = work.room.add(
        ACTIVITY,
        {
            "OWNER_TYPE_ID": OWNERS[data["CRM_ENTITY_TYPE"]],
            "OWNER_ID": data["CRM_ENTITY_ID"],
            "TYPE_ID": 2,
            "SUBJECT": f"Call {data['PHONE_NUMBER']}",
            "RESPONSIBLE_ID": user.id,
            "COMPLETED": "Y" if to_int(given.get("DURATION")) > 0 else "N",
            "DIRECTION": 2 if data["TYPE"] == OUTGOING else 1,
        },
    )
    work.tell("crm.activity.add", activity.data)
    return activity.id


def _user(work: Work, given: Mapping[str, Value]) -> User:
    """The employee who talks: by id, or by the number inside of the office."""
    number, inner = to_int(given.get("USER_ID")), text_of(given.get("USER_PHONE_INNER"))
    if number <= 0 and not inner:
        raise errors.UserNotNamed
    directory, portal = work.call.emulator.directory, work.call.portal
    for user in directory.users(portal):
        mine = user.id == number if number > 0 else user.extra.get("UF_PHONE_INNER") == inner
        if mine and user.active:
            return user
    raise errors.UserNotActive


def _moment(work: Work, given: Value) -> float:
    if given is None or given == "":
        return work.room.frame.now
    try:
        return work.room.frame.moment("" if is_array(given) else to_text(given))
    except ValueError as error:
        raise errors.StartDateInvalid from error
