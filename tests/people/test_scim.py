import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.people import scim
from bot.people.hr_file import HrFile
from bot.people.import_errors import HrFileError
from bot.people.scim import check_address, read_people
from tests.bad_day import BadDay
from tests.scim_server import CORE, ENTERPRISE, ScimServer

ACME = "urn:example:params:scim:schemas:extension:acme:2.0:User"


async def read(server: ScimServer, mapping: Mapping[str, str] | None = None) -> HrFile:
    return await read_people(server.url, server.token, mapping or {})


class Sleeper:
    """Waits as a test does: not at all, and remembers how long it should have."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


async def refused(url: str, token: str = "t", **mapping: str) -> str:
    with pytest.raises(HrFileError) as caught:
        await read_people(url, token, mapping, sleep=Sleeper())
    return caught.value.key


class TestReadPeople:
    async def test_the_standard_attributes(self, scim_server: ScimServer) -> None:
        lena = scim_server.add("17", "Lena Boss")
        scim_server.add(
            "18",
            "Jo Young",
            manager=lena,
            title="Agent",
            timezone="Europe/Berlin",
            emails=[{"value": "home@example.com"}, {"value": "Jo@Example.com", "primary": True}],
        )
        people = {row.employee_id: row for row in (await read(scim_server)).rows}
        boss, jo = people["17"], people["18"]
        assert (boss.employee_id, boss.name, boss.level, boss.active) == (
            "17", "Lena Boss", None, True,
        )  # fmt: skip
        assert (jo.name, jo.email, jo.title) == ("Jo Young", "jo@example.com", "Agent")
        assert (jo.department, jo.time_zone) == ("Sales", "Europe/Berlin")
        assert jo.manager_employee_id == "17"

    async def test_somebody_inactive_has_left(self, scim_server: ScimServer) -> None:
        for number, active in enumerate((True, False)):
            scim_server.add(str(number), f"Person {number}", active=active)
        rows = (await read(scim_server)).rows
        assert {row.employee_id: row.active for row in rows} == {"0": True, "1": False}

    async def test_a_name_in_parts(self, scim_server: ScimServer) -> None:
        parts = {"givenName": "Jo", "familyName": "Young"}
        scim_server.add("1", "Jo", displayName=None, name=parts)
        assert (await read(scim_server)).rows[0].name == "Jo Young"

    async def test_a_level_from_where_the_server_keeps_it(self, scim_server: ScimServer) -> None:
        scim_server.add("1", "Lena Boss", userType="6")
        scim_server.add("2", "Jo Young")
        file = await read(scim_server, {"level": "userType"})
        assert {row.employee_id: row.level for row in file.rows} == {"1": 6, "2": None}
        assert file.columns["level"] == "userType"

    async def test_an_attribute_nobody_has(self, scim_server: ScimServer) -> None:
        scim_server.add("1", "Lena Boss")
        assert (
            await refused(scim_server.url, scim_server.token, level="grade") == "attribute_nowhere"
        )

    async def test_of_what_nobody_there_has_it_says_nothing(self, scim_server: ScimServer) -> None:
        lena = scim_server.add("1", "Lena Boss")
        assert (await read(scim_server)).fields == {"id", "name", "department"}
        scim_server.add("2", "Jo Young", manager=lena, active=True)
        assert (await read(scim_server)).fields == {"id", "name", "department", "manager", "left"}

    async def test_many_pages(
        self, scim_server: ScimServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(scim, "PAGE", 3)
        for number in range(10):
            scim_server.add(str(number), f"Person {number}")
        told = []
        file = await read_people(
            scim_server.url, scim_server.token, {}, lambda *words: told.append(words)
        )
        assert {row.employee_id for row in file.rows} == {str(number) for number in range(10)}
        assert told == [("fetching", done, 10) for done in (3, 6, 9, 10)]

    async def test_only_what_is_mapped_is_asked_for(self, scim_server: ScimServer) -> None:
        scim_server.add("1", "Lena Boss")
        await read(scim_server)
        [request] = scim_server.requests
        assert "attributes=" in request["QUERY_STRING"]
        assert "phoneNumbers" not in request["QUERY_STRING"]

    async def test_nobody(self, scim_server: ScimServer) -> None:
        assert await refused(scim_server.url, scim_server.token) == "scim_nobody"

    async def test_a_wrong_token(self, scim_server: ScimServer) -> None:
        scim_server.add("1", "Lena Boss")
        assert await refused(scim_server.url, "wrong") == "scim_refused"

    async def test_another_path(self, scim_server: ScimServer) -> None:
        scim_server.add("1", "Lena Boss")
        url = f"{scim_server.url}/elsewhere"
        assert await refused(url, scim_server.token) == "scim_not_one"

    async def test_nobody_listens(self) -> None:
        assert await refused("http://127.0.0.1:1/v2") == "scim_unreachable"


class TestCertificates:
    @pytest.fixture
    def signed(self, tmp_path: Path) -> Iterator[tuple[str, ScimServer]]:
        """A server whose certificate only its own file vouches for."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "HR")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
            )
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / "hr.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server = ScimServer()
        server.add("1", "Lena Boss")
        with server.serve(context):
            yield str(file), server

    async def test_one_nobody_vouches_for(self, signed: tuple[str, ScimServer]) -> None:
        _, server = signed
        assert await refused(server.url, server.token) == "scim_certificate"
        assert server.requests == []

    async def test_one_the_machine_was_told_to_trust(
        self, signed: tuple[str, ScimServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file, server = signed
        monkeypatch.setenv("SSL_CERT_FILE", file)
        assert len((await read(server)).rows) == 1


def users(*numbers: int, total: int) -> dict[str, Any]:
    """A page of a server of our own making, which can go wrong as the real one does not."""
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "Resources": [
            {
                "schemas": [CORE],
                "id": f"id{number}",
                ENTERPRISE.upper(): {"EMPLOYEENUMBER": str(number)},
                ACME: {"grade": {"value": number + 1}, "firstDay": "2026-01-02T00:00:00Z"},
            }
            for number in numbers
        ],
    }


def failures(count: int) -> list[web.Response]:
    return [web.Response(status=500) for _ in range(count)]


def busy(**headers: str) -> web.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(status=429, headers=named)


NOON = "Mon, 05 Jan 2026 12:00:00 GMT"


class TestPatience:
    async def read(
        self, bad_day: BadDay, *answers: web.Response
    ) -> tuple[HrFile, list[float], list[object]]:
        """The people, the seconds waited, and what was told."""
        left, sleeper, told = iter(answers), Sleeper(), []
        bad_day.answer = lambda: next(left)

        def tell(*words: object) -> None:
            told.append(words)

        file = await read_people(bad_day.api_url, "t", {}, tell, sleeper)
        return file, sleeper.waits, told

    async def test_somebody_who_asks_for_it_gets_it(self, bad_day: BadDay) -> None:
        file, waits, told = await self.read(
            bad_day,
            web.json_response(users(1, 2, total=3)),
            busy(Retry_After="7"),
            web.json_response(users(3, total=3)),
        )
        assert [row.employee_id for row in file.rows] == ["1", "2", "3"]
        assert waits == [7]
        assert told == [("fetching", 2, 3), ("waiting", 2, 3), ("fetching", 3, 3)]

    @pytest.mark.parametrize(
        ("answer", "seconds"),
        [
            (lambda: busy(Retry_After="0"), 0),
            (lambda: busy(Retry_After="Mon, 05 Jan 2026 12:00:20 GMT", Date=NOON), 20),
            (lambda: busy(Retry_After="Mon, 05 Jan 2026 11:59:00 GMT", Date=NOON), 0),
            (lambda: busy(Retry_After="soon"), 1),
            (busy, 1),
            (lambda: web.Response(status=503, headers={"Retry-After": "5"}), 5),
            (lambda: web.Response(status=503), scim.PAUSE),
            (lambda: web.Response(status=500), scim.PAUSE),
        ],
        ids=["at once", "a moment", "a past one", "a word", "none", "503", "503 plain", "500"],
    )
    async def test_as_long_as_is_asked_for(
        self, bad_day: BadDay, answer: Callable[[], web.Response], seconds: float
    ) -> None:
        page = web.json_response(users(1, total=1))
        file, waits, _ = await self.read(bad_day, answer(), page)
        assert len(file.rows) == 1
        assert waits == [seconds]

    async def test_longer_each_time_where_nobody_says_how_long(self, bad_day: BadDay) -> None:
        page = web.json_response(users(1, total=1))
        _, waits, _ = await self.read(bad_day, *(busy() for _ in range(4)), page)
        assert waits == [1, 2, 4, 8]

    async def test_ends_when_it_is_asked_for_again_and_again(self, bad_day: BadDay) -> None:
        bad_day.answer = lambda: busy(Retry_After="1")
        assert await refused(bad_day.api_url) == "scim_busy"
        assert bad_day.calls == scim.MOST_WAITS + 1

    async def test_a_server_that_fails_is_asked_once_more_for_each_page(
        self, bad_day: BadDay
    ) -> None:
        pages = [web.json_response(users(number, total=2)) for number in (1, 2)]
        file, waits, _ = await self.read(bad_day, *failures(1), pages[0], *failures(1), pages[1])
        assert len(file.rows) == 2
        assert waits == [scim.PAUSE] * 2


class TestServerOnABadDay:
    @pytest.mark.parametrize(
        ("answer", "key"),
        [
            (lambda: web.Response(text="<html>", content_type="text/html"), "scim_not_one"),
            (lambda: web.json_response([]), "scim_not_one"),
            (lambda: web.json_response({"totalResults": "many"}), "scim_not_one"),
            (lambda: web.json_response({"totalResults": 1, "Resources": [7]}), "scim_not_one"),
            (lambda: web.Response(status=302, headers={"Location": "/"}), "scim_not_one"),
            (lambda: web.Response(status=404), "scim_not_one"),
            (lambda: web.Response(status=403), "scim_refused"),
            (lambda: web.Response(status=429), "scim_busy"),
            (lambda: web.Response(status=429, headers={"Retry-After": "7200"}), "scim_busy"),
            (lambda: web.Response(status=503, headers={"Retry-After": "1"}), "scim_busy"),
            (lambda: web.Response(status=503), "scim_failed"),
            (lambda: web.json_response(users(total=5)), "scim_incomplete"),
            (lambda: web.json_response(users(1, 2, total=5)), "scim_incomplete"),
        ],
    )  # fmt: skip
    async def test_is_told(self, bad_day: BadDay, answer: Any, key: str) -> None:
        bad_day.answer = answer
        assert await refused(bad_day.api_url) == key

    async def test_a_page_that_fails_midway_leaves_nothing(self, bad_day: BadDay) -> None:
        pages = iter([web.json_response(users(1, 2, total=5)), *failures(2)])
        bad_day.answer = lambda: next(pages)
        assert await refused(bad_day.api_url) == "scim_failed"

    async def test_an_extension_of_ones_own_whatever_the_letters(self, bad_day: BadDay) -> None:
        bad_day.answer = lambda: web.json_response(users(1, 2, total=2))
        mapping = {"level": f"{ACME}:grade", "start": f"{ACME}:firstDay"}
        file = await read_people(bad_day.api_url, "t", mapping)
        assert [(row.employee_id, row.level, row.starts_on) for row in file.rows] == [
            ("1", 2, date(2026, 1, 2)),
            ("2", 3, date(2026, 1, 2)),
        ]


class TestCheckAddress:
    @pytest.mark.parametrize(
        "url", ["https://hr.example.com/scim/v2", "http://localhost:80/v2", "http://[::1]/v2"]
    )
    def test_takes(self, url: str) -> None:
        check_address(url)

    @pytest.mark.parametrize(
        "url", ["http://hr.example.com/v2", "ftp://localhost/v2", "hr.example.com", "", "http://"]
    )
    def test_refuses(self, url: str) -> None:
        with pytest.raises(HrFileError, match="scim_not_https"):
            check_address(url)
