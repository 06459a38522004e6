"""How to enter a cluster: its address may be written down, its logins never are; they come from the environment of who starts the run."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from jupyter_mlops.server.context import Refused
from jupyter_mlops.submit.connection import Access


def access_to(endpoint: str) -> Access:
    """Return what the environment says about an address, by the names that `nb2pipe submit` reads too."""
    return Access(endpoint=endpoint, token=os.environ.get("KF_PIPELINES_TOKEN"), cookies=os.environ.get("KF_PIPELINES_COOKIES"))


def endpoint_of(asked: str) -> str:
    """Return the address that a request means: its own, or that of the environment.

    Raises
    ------
    Refused
        When there is none, or it holds a password.
    """
    endpoint = asked or os.environ.get("KF_PIPELINES_ENDPOINT", "")
    if not endpoint:
        raise Refused(400, "no Kubeflow address is given", "name the endpoint, or start Jupyter with KF_PIPELINES_ENDPOINT")
    if "@" in urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}").netloc:
        raise Refused(400, "the address holds a password, which would be written down", "start Jupyter with KF_PIPELINES_TOKEN instead")
    return endpoint
