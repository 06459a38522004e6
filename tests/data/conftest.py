"""A home of its own for every test, and an S3 that speaks HTTP on this machine."""

import os
import socket

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("NB2PIPE_HOME", str(folder))
    return folder


@pytest.fixture(scope="module")
def s3():
    """The address of a moto server, and boto's client for it."""
    import boto3
    from moto.server import ThreadedMotoServer

    names = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "do-not-show", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in names.items():
            patch.setenv(name, value)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
        server.start()
        address = f"http://127.0.0.1:{port}"
        patch.setenv("AWS_ENDPOINT_URL", address)
        try:
            yield address, boto3.client("s3", endpoint_url=address)
        finally:
            server.stop()
            os.environ.pop("AWS_ENDPOINT_URL", None)
