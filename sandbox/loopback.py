"""All traffic of the sandbox stays on this machine, whatever the environment says of proxies."""

import os

HOST = "127.0.0.1"
PROXY_SETTINGS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def forget_proxies() -> None:
    """The Slack SDK would send even calls to this machine through a proxy of the environment."""
    for name in PROXY_SETTINGS:
        os.environ.pop(name, None)
        os.environ.pop(name.lower(), None)
