"""Reads the people of a company from a SCIM 2.0 server (RFC 7643, RFC 7644): HR's own directory.

SCIM knows no level and no first or last day: an operator says once in which attribute the server
keeps them. Only mapped attributes are asked for. Everybody is read before anything is written.
"""

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from scim2_client import BaseAsyncSCIMClient, SCIMClientException
from scim2_models import ResourceType, ScimProvider, User

from bot.people.columns import checked
from bot.people.csv_text import INVISIBLE, Record
from bot.people.hr_file import HrFile, read_table
from bot.people.hr_row import Sheet
from bot.people.import_errors import FileError, HrFileError, MappingError
from bot.people.progress import Tell, quietly

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ATTRIBUTES: Mapping[str, str] = {
    "id": f"{ENTERPRISE}:employeeNumber",
    "name": "displayName",
    "email": "emails",
    "department": f"{ENTERPRISE}:department",
    "title": "title",
    "manager": f"{ENTERPRISE}:manager",
    "time_zone": "timezone",
    "left": "active",
}
"""Where the standard keeps our fields. A manager is the server's id of somebody, and `active` says
the contrary of having left; both are put right below."""

ALWAYS_SAID = ("id", "name")
NAME_PARTS = "name"
PAGE = 200
SECONDS = 30.0
"""How long a page may take."""
PAUSE = 1.0
MOST_WAITS = 8
"""So often we wait for one page. A server's limit is mostly for a minute, so this is enough."""
LONGEST_WAIT = 120.0
"""Seconds; an operator who sits at the terminal would rather come back than wait longer."""

Json = Mapping[str, Any]
Wait = Callable[[float], Awaitable[None]]


class ScimError(HrFileError):
    """The server could not be read to its end; nothing has been changed."""


class _Client(BaseAsyncSCIMClient):
    """scim2-client's requests, sent by httpx. A server that asks for patience gets it, and one that
    fails is asked once more."""

    def __init__(self, http: httpx.AsyncClient, wait: Wait) -> None:
        provider = ScimProvider(models=[User], resource_types=[ResourceType.from_resource(User)])
        super().__init__(provider=provider)
        self._http = http
        self._wait = wait

    async def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        waits = failures = 0
        while True:
            response = await self._http.request(method, url, **kwargs)
            status = response.status_code
            if status in (401, 403):
                raise ScimError("scim_refused", status=status)
            if status == 429 or (status == 503 and "Retry-After" in response.headers):
                seconds = _patience(response.headers, waits)
                if waits == MOST_WAITS or seconds > LONGEST_WAIT:
                    raise ScimError("scim_busy", status=status)
                waits += 1
            elif status >= 500:
                if failures:
                    raise ScimError("scim_failed", status=status)
                failures, seconds = 1, PAUSE
            else:
                return response
            await self._wait(seconds)


def _patience(headers: Mapping[str, str], waits: int) -> float:
    """The seconds that Retry-After asks for, as such or as a moment by the server's own clock.
    Without it, twice as long each time."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        until, now = map(parsedate_to_datetime, (asked, headers.get("Date", "")))
    except ValueError:
        return float(2**waits)
    return max(0.0, until.timestamp() - now.timestamp())


def mapping_with_defaults(mapping: Mapping[str, str]) -> dict[str, str]:
    """The attribute of each field: the standard's, but for those that are mapped."""
    return {**ATTRIBUTES, **checked(mapping.items())}


def check_address(url: str) -> None:
    """Raises ScimError for an address over which the token could be read by others."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise ScimError("scim_not_https")


async def read_people(
    url: str,
    token: str,
    mapping: Mapping[str, str],
    tell: Tell = quietly,
    sleep: Wait = asyncio.sleep,
) -> HrFile:
    """Everybody the server knows. Of an attribute that nobody there has it says nothing: what we
    have stays. While the server asks for patience, `sleep` is given the seconds.

    Raises ScimError when the server cannot be read, MappingError for an attribute that nobody has,
    FileError when there is nobody.
    """
    check_address(url)
    attributes = mapping_with_defaults(mapping)
    users = await _fetch(url, token, _asked_for(attributes), tell, sleep)
    if not users:
        raise FileError("scim_nobody")
    for field in mapping:
        if not any(_value(user, attributes[field]) for user in users):
            raise MappingError("attribute_nowhere", field=field, attribute=attributes[field])
    said = {
        field: attribute
        for field, attribute in attributes.items()
        if field in ALWAYS_SAID or any(_value(user, attribute) for user in users)
    }
    sheet = Sheet(
        columns={field: at for at, field in enumerate(attributes) if field in said},
        names=said,
        width=len(attributes),
        needs_level=False,
    )
    body = list(_records(users, attributes))
    return read_table(sheet, body, encoding="scim", in_all=len(users), tell=tell)


async def _fetch(
    url: str, token: str, attributes: Sequence[str], tell: Tell, sleep: Wait
) -> list[Json]:
    users: dict[str, Json] = {}
    in_all = 0
    headers = {"Authorization": f"Bearer {token}"}

    async def wait(seconds: float) -> None:
        tell("waiting", len(users), in_all)
        await sleep(seconds)

    try:
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=SECONDS) as http:
            client, start = _Client(http, wait), 1
            while True:
                question = {"startIndex": start, "count": PAGE, "attributes": list(attributes)}
                page = await client.query(
                    User, query_parameters=question, check_response_payload=False
                )
                in_all, found = _page(page)
                known = len(users)
                users |= {str(user["id"]): user for user in found}
                start += len(found)
                tell("fetching", len(users), in_all)
                if start > in_all:
                    return list(users.values())
                if len(users) == known:  # an empty page, or the same one again
                    raise ScimError("scim_incomplete", count=known, total=in_all)
    except httpx.HTTPError as error:
        raise _named(error, len(users), in_all) from None
    except (SCIMClientException, _NotScim, json.JSONDecodeError, httpx.InvalidURL):
        raise ScimError("scim_not_one") from None


class _NotScim(Exception):
    """The answer is no list of users."""


def _page(answer: Any) -> tuple[int, list[Json]]:
    """How many users there are in all, and those of this page."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("totalResults"), int):
        raise _NotScim
    found = answer.get("Resources") or []
    if not isinstance(found, list) or not all(
        isinstance(user, dict) and user.get("id") for user in found
    ):
        raise _NotScim
    return answer["totalResults"], found


def _named(error: httpx.HTTPError, count: int, total: int) -> ScimError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ScimError("scim_certificate")
        cause = cause.__cause__ or cause.__context__
    if count:
        return ScimError("scim_broke_off", count=count, total=total)
    return ScimError("scim_unreachable")


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _asked_for(attributes: Mapping[str, str]) -> list[str]:
    return sorted({"id", NAME_PARTS, *attributes.values()})


def _records(users: Sequence[Json], attributes: Mapping[str, str]) -> Iterator[Record]:
    """A row for each user, numbered from 1 as the server lists them."""
    numbers = {str(user["id"]): _value(user, attributes["id"]) for user in users}
    for line, user in enumerate(users, start=1):
        said = {field: _value(user, attribute) for field, attribute in attributes.items()}
        said["name"] = said["name"] or _full_name(user)
        said["manager"] = numbers.get(said["manager"]) or said["manager"]
        if attributes["left"].casefold() == ATTRIBUTES["left"]:
            said["left"] = "yes" if said["left"] == "false" else "no"
        yield line, [INVISIBLE.sub("", cell) for cell in said.values()]


def _full_name(user: Json) -> str:
    parts = (_value(user, f"{NAME_PARTS}.{part}") for part in ("givenName", "familyName"))
    return _value(user, f"{NAME_PARTS}.formatted") or " ".join(filter(None, parts))


def _value(user: Json, attribute: str) -> str:
    """What stands in an attribute, "" for nothing. Of several values the primary one, else the
    first; of a complex one its `value`. Names are the same in capitals and small letters."""
    found: Any = user
    for name in _steps(tuple(user), attribute):
        found = _one(found)
        if not isinstance(found, dict):
            return ""
        found = _member(found, name)
    found = _one(found)
    if isinstance(found, dict):
        found = _member(found, "value")
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int | float) else ""


def _member(found: Json, name: str) -> Any:
    if name in found:
        return found[name]
    plain = name.casefold()
    return next((value for key, value in found.items() if key.casefold() == plain), None)


def _one(found: Any) -> Any:
    if not isinstance(found, list):
        return found
    primary = (one for one in found if isinstance(one, dict) and one.get("primary") is True)
    return next(primary, found[0] if found else None)


@lru_cache(maxsize=1024)
def _steps(keys: tuple[str, ...], attribute: str) -> tuple[str, ...]:
    """The names to follow, in a user with these keys: an extension's has dots in it and is one.
    Remembered, as most users have the same."""
    plain = attribute.casefold()
    for key in (CORE, *keys):
        schema = key.casefold()
        if schema.startswith("urn:") and plain.startswith(f"{schema}:"):
            rest = attribute[len(schema) + 1 :].split(".")
            return tuple(rest) if key == CORE else (key, *rest)
    return (attribute,) if plain.startswith("urn:") else tuple(attribute.split("."))
