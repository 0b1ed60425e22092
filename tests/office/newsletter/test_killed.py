"""Real worker processes, killed at any moment or two at once: nobody gets an issue twice, nobody is lost."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from sympolis.config.home import Home
from tests.homes import environment, in_home, make_home
from tests.office.newsletter.mail_server import MailServer

READERS = 150
FILL = """
import sys
from datetime import date
from django.utils import timezone
from sympolis.office.core.texts import Text
from sympolis.office.publishing.newsletter.models import Issue, Subscriber
addresses = [f"r{n}@readers.example" for n in range(READERS)]
Subscriber.objects.bulk_create(Subscriber(email=one, folded=one, state="subscribed") for one in addresses)
Issue.objects.create(month=date(2026, 10, 1), title=Text.of(en="October"), opening=Text.of(en="News"),
                     languages=("en",), state="scheduled", scheduled_for=timezone.now(),
                     address="https://office.example", rate=60000)
"""
SEND = """
from sympolis.cli.office import ready; ready()
from sympolis.office.publishing.newsletter.sending import send_due
send_due()
"""


@pytest.fixture
def home(tmp_path: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Home:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = make_home(tmp_path / "home")
    in_home(made.path, FILL.replace("READERS", str(READERS)))
    return made


def start(home: Home, server: MailServer) -> subprocess.Popen[bytes]:
    told = {"SYMPOLIS_SMTP_HOST": "127.0.0.1", "SYMPOLIS_SMTP_PORT": str(server.port), "SYMPOLIS_SMTP_TLS": "0"}
    return subprocess.Popen([sys.executable, "-c", SEND], env=environment(home.path, **told), stderr=subprocess.PIPE)


def states(home: Home) -> Counter[str]:
    with closing(sqlite3.connect(home.database)) as database:
        return Counter(dict(database.execute("SELECT state, count(*) FROM publishing_delivery GROUP BY state")))


def test_killed_at_any_moment(home: Home) -> None:
    chance, kills = random.Random(8), 0
    with MailServer() as server:
        server.taken.slow_s = 0.02
        deadline = time.monotonic() + 120
        while kills < 5:
            assert time.monotonic() < deadline
            before = len(server.taken.mails)
            working = start(home, server)
            while len(server.taken.mails) < before + 3:
                time.sleep(0.01)
                assert working.poll() is None
            time.sleep(chance.random() * 0.1)
            working.send_signal(signal.SIGKILL)
            working.communicate(timeout=10)
            kills += 1
        assert len(server.taken.mails) < READERS, "it was over before the last kill"
        server.taken.slow_s = 0
        last = start(home, server)
        _out, errors = last.communicate(timeout=120)
        assert last.returncode == 0, errors.decode()
        ids = server.taken.message_ids
    assert max(ids.values()) == 1, "somebody got it twice"
    found = states(home)
    assert set(found) <= {"sent", "doubt"}
    assert found["sent"] + found["doubt"] == READERS
    assert found["doubt"] <= kills
    assert found["sent"] <= len(ids) <= READERS  # whoever is in doubt may have got it, everybody else did


def test_two_workers_at_once(home: Home) -> None:
    with MailServer() as server:
        both = [start(home, server) for _ in range(2)]
        for one in both:
            _out, errors = one.communicate(timeout=120)
            assert one.returncode == 0, errors.decode()
        ids = server.taken.message_ids
    assert (len(ids), set(ids.values())) == (READERS, {1})
    assert states(home) == Counter(sent=READERS)
