"""lakefs://repository/ref/path → a file system: lakefs-spec where it is installed, else the server's own S3 gateway through s3fs.

Source: lakeFS documentation, "S3 gateway": a bucket is a repository, a key begins with the ref.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

from jupyter_mlops.errors import EnvironmentProblem, need


def open_lakefs(options: dict[str, Any]) -> Any:
    """Open the file system.

    Raises
    ------
    EnvironmentProblem
        If neither package is installed, or no server is named.
    """
    if importlib.util.find_spec("lakefs_spec") is not None:
        return need("fsspec", "data").filesystem("lakefs", **options)
    if importlib.util.find_spec("s3fs") is None:
        raise EnvironmentProblem("reading `lakefs://` needs `lakefs-spec` or `s3fs`; neither is installed", hint="pip install lakefs-spec")
    server = settings()
    endpoint = str(options.get("host") or server.get("endpoint_url", "")).removesuffix("/").removesuffix("/api/v1")
    if not endpoint:
        raise EnvironmentProblem("no lakeFS server is named", hint="set LAKECTL_SERVER_ENDPOINT_URL, or run `lakectl config`")
    return need("fsspec", "data").filesystem(
        "s3",
        key=options.get("username") or server.get("access_key_id"),
        secret=options.get("password") or server.get("secret_access_key"),
        endpoint_url=endpoint,
        use_listings_cache=False,
    )


def settings() -> dict[str, str]:
    """Read the server and its credentials as lakectl does: its environment variables, then ``~/.lakectl.yaml``."""
    found = {
        "endpoint_url": os.environ.get("LAKECTL_SERVER_ENDPOINT_URL", ""),
        "access_key_id": os.environ.get("LAKECTL_CREDENTIALS_ACCESS_KEY_ID", ""),
        "secret_access_key": os.environ.get("LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY", ""),
    }
    file = Path.home() / ".lakectl.yaml"
    if not all(found.values()) and file.is_file():
        kept = need("yaml", "data").safe_load(file.read_text(encoding="utf-8")) or {}
        for section in ("server", "credentials"):
            for key, value in (kept.get(section) or {}).items():
                if not found.get(key):
                    found[key] = str(value)
    return {key: value for key, value in found.items() if value}
