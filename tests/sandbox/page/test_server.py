import pytest
from yarl import URL

from sandbox.page import server
from tests.listeners import listeners


class TestServe:
    async def test_listens_on_loopback_alone(self, visitor) -> None:
        found = listeners()
        assert int(visitor.url.rpartition(":")[2]) in {port for _, port in found}
        assert len(found) == 2, "the page, and the workspace behind it"
        assert all(address.is_loopback for address, _ in found)


class TestStatic:
    async def test_the_page(self, visitor) -> None:
        async with visitor.session.get(visitor.url) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "<title>" in await response.text()

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("a.svg", "image/svg+xml; charset=utf-8"),
            ("a.png", "image/png"),
            ("deep/a.js", "text/javascript; charset=utf-8"),
        ],
    )
    async def test_each_kind(self, visitor, monkeypatch, tmp_path, name, kind) -> None:
        monkeypatch.setattr(server, "STATIC", tmp_path)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"here")
        async with visitor.session.get(f"{visitor.url}/static/{name}") as response:
            assert response.headers["Content-Type"] == kind
            assert await response.read() == b"here"

    @pytest.mark.parametrize(
        "path",
        [
            "../secret.json",
            "..%2fsecret.json",
            "%2e%2e/secret.json",
            "..%5csecret.json",
            "%2fetc/passwd",
            "{folder}/secret.json",
            "deep/../../secret.json",
            "secret",
            "notes.txt",
            "link.json",
            "deep",
            "%00",
            "a.js%00",
            "x" * 300 + ".js",
            "%ED%A0%80.js",
        ],
    )
    async def test_nothing_outside_the_folder(self, visitor, monkeypatch, tmp_path, path) -> None:
        static = tmp_path / "static"
        (static / "deep").mkdir(parents=True)
        (static / "notes.txt").write_text("secret")
        (tmp_path / "secret.json").write_text("secret")
        (static / "link.json").symlink_to(tmp_path / "secret.json")
        monkeypatch.setattr(server, "STATIC", static)
        address = f"{visitor.url}/static/{path.format(folder=tmp_path)}"
        async with visitor.session.get(URL(address, encoded=True)) as response:
            assert response.status == 404
            assert "secret" not in await response.text()
