"""The table of what Slack documents; test_conformance.py walks over it."""

import json
import runpy
import sys

from sandbox.web_api.contract import CONTRACT, METHODS, compact, load_contract
from sandbox.web_api.methods import HANDLERS


class TestLoadContract:
    def test_covers_what_the_sandbox_answers(self) -> None:
        assert set(load_contract()) == set(METHODS) == set(HANDLERS)

    def test_a_token_is_no_argument(self) -> None:
        assert all("token" not in method.args for method in load_contract().values())

    def test_required_arguments_are_arguments(self) -> None:
        for method in load_contract().values():
            assert set(method.required) <= set(method.args)

    def test_every_tier_is_known(self) -> None:
        tiers = {method.tier for method in load_contract().values()}
        assert tiers <= {"t1", "t2", "t3", "t4", "t5"}


class TestCompact:
    def test_keeps_the_facts(self) -> None:
        reference = {
            "desc": "Long text",
            "scope": {"bot": ["b:write", "a:write"], "user": ["u:write"]},
            "rate_limits": "t3",
            "json_input_supported": True,
            "errors": {"z": {"desc": "Zed"}, "a": {"desc": "Ay"}},
            "args": {
                "required": ["token", "view", "name"],
                "properties": {
                    "token": {"type": "string"},
                    "view": {"schema": "view"},
                    "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "user": {"schema": "user_id"},
                    "modal": {"allOf": [{"type": "object"}, {"schema": "modal"}]},
                },
            },
        }
        assert compact(reference) == {
            "args": {"view": "object", "name": "string", "user": "string", "modal": "object"},
            "required": ["name", "view"],
            "errors": ["a", "z"],
            "tier": "t3",
            "scopes": ["a:write", "b:write"],
            "json": True,
        }


class TestMain:
    def test_writes_the_same_table_again(self, tmp_path, monkeypatch) -> None:
        """The script runs on its own, and its output does not depend on the order of anything."""
        methods = tmp_path / "methods"
        methods.mkdir()
        module = tmp_path / "contract.py"
        module.write_text(CONTRACT.with_name("contract.py").read_text())
        for name, method in load_contract().items():
            arguments = {key: {"type": kind} for key, kind in reversed(method.args.items())}
            reference = {
                "args": {"required": ["token", *method.required], "properties": arguments},
                "errors": dict.fromkeys(reversed(method.errors)),
                "rate_limits": method.tier,
                "scope": {"bot": list(reversed(method.scopes))},
                "json_input_supported": method.json,
            }
            (methods / f"{name}.json").write_text(json.dumps(reference))
        monkeypatch.setattr(sys, "argv", ["contract.py", "--from", str(tmp_path)])
        runpy.run_path(str(module), run_name="__main__")
        assert (tmp_path / "contract.json").read_text() == CONTRACT.read_text()
