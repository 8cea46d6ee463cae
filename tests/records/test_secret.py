"""What is masked as a secret, and what is left as it is."""

from __future__ import annotations

import pytest

from aml_magics.records.secret import byte_masker, mask, masker, remember


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('connect(password="hunter22")', 'connect(password="***")'),
        ("password = 'hunter22'", "password = '***'"),
        ("train.py --password hunter22 --lr 1", "train.py --password *** --lr 1"),
        ("train.py --db-password hunter22", "train.py --db-password ***"),
        ("train.py --api-key=abc123", "train.py --api-key=***"),
        ("Server=x;Password=hunter22;Port=1", "Server=x;Password=***;Port=1"),
        ("AccountKey=abcd==;x", "AccountKey=***;x"),
        ('{"client_secret": "abcdef"}', '{"client_secret": "***"}'),
        ("postgresql://ann:hunter22@db/x", "postgresql://ann:***@db/x"),
        ("https://:t0ken@host", "https://:***@host"),
        ("https://ann:p@ss@host/a@b", "https://ann:***@host/a@b"),
        ("git+https://ghp_abcdefghij0123456789@host/x", "git+https://***@host/x"),
        ('hf_token = "hf_abcdefghijklmnopq"', 'hf_token = "***"'),
    ],
)
def test_a_named_secret_is_masked(text: str, masked: str) -> None:
    assert mask(text, {}) == masked


@pytest.mark.parametrize(
    "text",
    [
        "password = read_password()",
        "secret = box.value",
        "token = tokens[0]",
        'pad_token="<pad>"',
        "max_tokens=512",
        "the password is asked for",
        "compass=north",
        "https://example.org/a:b@c",
        "https://example.org/a-long-name-of-a-package@1.0",
        "ssh://git@example.org/x",
        "secrets = {}",
    ],
)
def test_what_holds_no_secret_is_left_as_it_is(text: str) -> None:
    assert mask(text, {}) == text


def test_the_value_of_a_variable_named_key_is_masked_anywhere() -> None:
    environ = {"STORAGE_KEY": "abcdef12", "STORAGE_KEY_2_TOKEN": "abcdef1234"}

    assert mask("x = 'abcdef12' or abcdef1234", environ) == "x = '***' or ***"


@pytest.mark.parametrize("name", ["PWD", "OLDPWD", "PATH", "KEYBOARD", "MONKEY"])
def test_the_value_of_another_variable_is_left(name: str) -> None:
    assert mask("/data/lab", {name: "/data/lab"}) == "/data/lab"


def test_a_value_too_short_to_be_a_key_is_left() -> None:
    assert mask("x = 1234", {"API_KEY": "1234"}) == "x = 1234"


def test_the_environment_of_the_process_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "s3cr3tvalue")

    assert mask("print('s3cr3tvalue')") == "print('***')"


def test_masker_keeps_the_environment_as_it_was() -> None:
    environ = {"API_KEY": "abcdefgh"}
    masked = masker(environ)
    environ.clear()

    assert masked("abcdefgh") == "***"


def test_what_was_taken_from_where_secrets_are_kept_is_masked_from_then_on() -> None:
    masked = masker({})
    value = "taken-from-a-vault"
    assert masked(value) == value
    remember([value, "short"])

    assert masked(f"x {value} short") == "x *** short"
    assert mask(value, {}) == "***"


@pytest.mark.parametrize("end", ["", "\r", "\n", "\r\n"])
def test_bytes_keep_their_length_and_all_that_is_no_secret(end: str) -> None:
    masked = byte_masker({"API_KEY": "schl\u00fcssel"})
    line = f"a=schl\u00fcssel --password hunter22 \u00fc pg://me:pw@h/x{end}".encode()
    other = b"\xff\x00\n no \x85 word\x0b\n"

    assert masked(other + line + other) == other + (
        f"a={'*' * 10} --password {'*' * 8} \u00fc pg://me:**@h/x{end}".encode() + other
    )
