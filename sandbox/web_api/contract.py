"""What Slack documents about each Web API method that the sandbox answers.

`contract.json` holds the facts (arguments, errors, tier, scopes) and nothing of the texts. It is
made from a directory of `methods/*.json` files of the MIT-licensed slack-api-ref:

    python -m sandbox.web_api.contract --from DIR
"""

import argparse
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).with_name("contract.json")

METHODS = (
    "api.test",
    "apps.connections.open",
    "apps.uninstall",
    "auth.revoke",
    "auth.test",
    "bookmarks.add",
    "bookmarks.list",
    "chat.delete",
    "chat.getPermalink",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.archive",
    "conversations.close",
    "conversations.create",
    "conversations.info",
    "conversations.invite",
    "conversations.join",
    "conversations.kick",
    "conversations.leave",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.rename",
    "conversations.setPurpose",
    "conversations.setTopic",
    "conversations.unarchive",
    "files.completeUploadExternal",
    "files.delete",
    "files.getUploadURLExternal",
    "files.info",
    "pins.add",
    "team.info",
    "users.conversations",
    "users.info",
    "users.list",
    "users.lookupByEmail",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
)


@dataclass(frozen=True)
class Method:
    """One method's contract. `token` is no argument here: it travels apart from them.

    `args` maps a name to a JSON type, or to several joined with "|". `scopes` are those a bot
    token may use; where they are for kinds of conversation, the kind decides (see scopes.py).
    `json` says whether the method reads a JSON body; Slack ignores the body otherwise.
    """

    args: dict[str, str]
    required: tuple[str, ...]
    errors: tuple[str, ...]
    tier: str
    scopes: tuple[str, ...]
    json: bool


@cache
def load_contract() -> dict[str, Method]:
    table = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return {
        name: Method(
            args=facts["args"],
            required=tuple(facts["required"]),
            errors=tuple(facts["errors"]),
            tier=facts["tier"],
            scopes=tuple(facts["scopes"]),
            json=facts["json"],
        )
        for name, facts in table.items()
    }


def compact(reference: dict[str, Any]) -> dict[str, Any]:
    """The facts of one reference file."""
    arguments = reference["args"]
    return {
        "args": {
            name: _type_of(schema)
            for name, schema in sorted(arguments["properties"].items())
            if name != "token"
        },
        "required": sorted(name for name in arguments.get("required", ()) if name != "token"),
        "errors": sorted(reference.get("errors", ())),
        "tier": reference["rate_limits"],
        "scopes": sorted(reference.get("scope", {}).get("bot", ())),
        "json": reference.get("json_input_supported", False),
    }


def _type_of(schema: dict[str, Any]) -> str:
    """A JSON type. Null is left out: it says only that an argument may be absent."""
    if "type" in schema:
        return str(schema["type"])
    if "anyOf" in schema:
        return "|".join(sorted({_type_of(one) for one in schema["anyOf"]} - {"null"}))
    if "allOf" in schema:
        return _type_of(schema["allOf"][0])
    return "object" if "view" in schema["schema"] or schema["schema"] == "modal" else "string"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write contract.json from the reference files.")
    parser.add_argument("--from", dest="reference", type=Path, required=True, metavar="DIR")
    methods = parser.parse_args().reference / "methods"
    table = {
        name: compact(json.loads((methods / f"{name}.json").read_text(encoding="utf-8")))
        for name in METHODS
    }
    CONTRACT.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
