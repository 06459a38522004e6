"""What a kernel says of names, asked in a real one."""

from __future__ import annotations

import json

import pytest
from jupyter_client.manager import KernelManager

from jupyter_mlops.server.sizes import sizes

SETUP = """
import numpy as np
import pandas as pd
array = np.zeros((1000, 12))
frame = pd.DataFrame({"a": [1, 2, 3], "b": [1.0, 2.0, 3.0]})
series = frame["a"]
items, text, raw, n, ok, nothing = [1, 2], "abc", b"0" * 2000, 3, True, None
table = {"one": 1}
class Loud:
    def __len__(self): raise SystemExit("len")
    @property
    def shape(self): raise SystemExit("shape")
    def __getattr__(self, name): raise SystemExit(name)
    def __repr__(self): raise SystemExit("repr")
class Meta(type):
    def __getattribute__(cls, name): raise SystemExit(name)
    @property
    def __module__(cls): raise SystemExit("module")
class Odd(metaclass=Meta): pass
class List(list):
    def __len__(self): raise SystemExit("len")
class Frame(pd.DataFrame):
    @property
    def shape(self): raise SystemExit("shape")
loud, odd, own, sub = Loud(), Odd(), List(), Frame()
class Array(np.ndarray):
    nbytes = property(lambda self: 1 / 0)
Array.__module__, Array.__qualname__ = "numpy", "ndarray"
fake, score, point = np.zeros(2).view(Array), np.float64(0.5), np.array(3)
größe = 1.5
exec = globals = len = type = repr = int = None
"""


@pytest.fixture(scope="module")
def kernel():
    manager = KernelManager()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def asked(client, code, **expressions):
    asked_by = client.execute(code, silent=True, store_history=False, user_expressions=expressions)
    message = client.get_shell_msg(timeout=60)
    while message["parent_header"]["msg_id"] != asked_by:  # a late answer to "are you ready?"
        message = client.get_shell_msg(timeout=60)
    reply = message["content"]
    assert reply["status"] == "ok", reply
    return reply["user_expressions"]


@pytest.mark.slow
def test_a_kernel_says_what_names_hold_and_calls_nothing_of_the_user(kernel):
    asked(kernel, SETUP)
    before = asked(kernel, "", names="sorted(dir())", modules="sorted(__import__('sys').modules)")
    names = "array frame series items text raw n ok nothing table loud odd own sub fake score point größe gone".split()
    question = sizes(None, {"names": [*names, "not a name"]})
    answer = asked(kernel, question["code"], sizes=question["expression"])["sizes"]
    assert answer["status"] == "ok", answer
    assert json.loads(answer["data"]["text/plain"]) == {
        "array": {"type": "numpy.ndarray", "size": "1,000 × 12, 96 kB"},
        "frame": {"type": "pandas.DataFrame", "size": "3 × 2, 180 B"},
        "series": {"type": "pandas.Series", "size": "3, 156 B"},
        "items": {"type": "list", "size": "2 items"},
        "text": {"type": "str", "size": "3 characters"},
        "raw": {"type": "bytes", "size": "2 kB"},
        "n": {"type": "int", "size": "3"},
        "ok": {"type": "bool", "size": "True"},
        "nothing": {"type": "NoneType", "size": ""},
        "table": {"type": "dict", "size": "1 item"},
        "loud": {"type": "Loud", "size": ""},
        "odd": {"type": "Odd", "size": ""},
        "own": {"type": "List", "size": ""},
        "sub": {"type": "Frame", "size": ""},
        "fake": {"type": "numpy.ndarray", "size": ""},
        "score": {"type": "numpy.float64", "size": "0.5"},
        "point": {"type": "numpy.ndarray", "size": "one value, 8 B"},
        "größe": {"type": "float", "size": "1.5"},
    }
    assert asked(kernel, "", names="sorted(dir())", modules="sorted(__import__('sys').modules)") == before
