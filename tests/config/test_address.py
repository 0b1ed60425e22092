"""What an administrator writes into the environment, and what becomes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sympolis.config.address import answered_hosts, site_address
from tests.homes import environment

ASKED = """
import json
from sympolis.config import settings as s
told = [s.SITE_ADDRESS, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, s.BEHIND_TLS, s.ALLAUTH_TRUSTED_PROXY_COUNT]
print(json.dumps(told))
"""


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("", ""),
        ("https://relations.example.org", "https://relations.example.org"),
        (" https://Relations.example.org/ ", "https://relations.example.org"),
        ("http://localhost:8080/en/", "http://localhost:8080"),
    ],
)
def test_the_address_is_what_browsers_send_as_origin(written: str, address: str) -> None:
    assert site_address(written) == address


@pytest.mark.parametrize(
    "written", ["relations.example.org", "//a.org", "ftp://a.org", "https://", "https://a.org:x", "https://[::1"]
)
def test_what_is_no_address_is_refused_and_how_to_mend_it_is_said(written: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        site_address(written)
    assert str(refused.value) == (
        "SYMPOLIS_ADDRESS is to begin with https:// (or http://), such as https://relations.example.org; "
        f"it is '{written}'."
    )


def test_hosts_may_be_written_with_blanks_and_the_public_one_is_always_answered() -> None:
    assert answered_hosts(" a.org , b.org,", "https://c.org:8443") == ["a.org", "b.org", "c.org"]
    assert answered_hosts("a.org", "") == ["a.org"]


def test_behind_tls_guesses_are_counted_by_the_readers_address(tmp_path: Path) -> None:
    """Else ten wrong passwords of a stranger keep the whole office out."""
    told = environment(tmp_path, SYMPOLIS_ADDRESS="https://ir.example.org/", SYMPOLIS_HOSTS="localhost")
    done = subprocess.run([sys.executable, "-c", ASKED], env=told, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [
        "https://ir.example.org",
        ["localhost", "ir.example.org"],
        ["https://ir.example.org"],
        True,
        1,
    ]
    told = environment(tmp_path)
    done = subprocess.run([sys.executable, "-c", ASKED], env=told, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[3:] == [False, 0]
