"""No secret of a step is in what it prints, however the bytes come."""

import pytest

from jupyter_mlops.submit.masking import masked


def shown(text, *secrets, size=None):
    data = text.encode()
    size = size or len(data)
    return b"".join(masked((data[at : at + size] for at in range(0, len(data), size)), secrets)).decode()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_a_secret_is_masked_wherever_the_blocks_are_cut(size):
    text = "abab hunter2 ababab\r50 %\rhunter2\nhunter2hunter2\nhunte\nat the end hunter2"
    assert shown(text, "hunter2", "abab", size=size) == "*** *** ***ab\r50 %\r***\n******\nhunte\nat the end ***"


@pytest.mark.parametrize(
    ("text", "secret", "expected"),
    [
        ("postgres://me:p%40ss%2Fword@db", "p@ss/word", "postgres://me:***@db"),
        ('{"password": "a\\"b\\u00e9c"}', 'a"béc', '{"password": "***"}'),
        ("KeyError: 'pa\\\\ss'", "pa\\ss", "KeyError: '***'"),
        ("key: first line\nkey: second line\n", "first line\nsecond line\n", "key: ***\nkey: ***\n"),
        ("hunter and hunter2", "hunter2", "hunter and ***"),
        ("123 of 123", "123", "123 of 123"),
        ("nothing", "", "nothing"),
    ],
)
def test_what_counts_as_the_secret(text, secret, expected):
    assert shown(text, secret) == expected


def test_of_two_secrets_the_longer_is_masked_whole():
    assert shown("password1234", "password", "password1234") == "***"


def test_without_a_secret_nothing_is_held_back():
    blocks = masked(iter([b"no end of line yet"]), [])
    assert next(blocks) == b"no end of line yet"
