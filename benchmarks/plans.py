"""A plan of a whole metropolis: what its public pages cost in queries and processor time, and its open data in memory.

    .venv/bin/python benchmarks/plans.py [--share 1.0] [--home FOLDER]

It makes up 400 actions in 40 lines under five levels, 5,000 contributions, 50,000 comments and 200,000 supports in a
home of its own that is thrown away. As in ``speed.py``, every measurement stands between two runs of the same loop, and
the last column says what it is where that takes 43 ms. ``--profile PAGE`` prints where the time of one page goes,
``--after-a-writing`` what the first look at each page costs after each kind of writing (``plans_written.py``).
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from speed import LOOP_MS, processor_ms, reference_loop

ACTIONS, LINES, CONTRIBUTIONS, COMMENTS, SUPPORTS, PEOPLE = 400, 40, 5_000, 50_000, 200_000, 2_000
COUNTRIES = ("TN", "MA", "DZ", "FR", "IT", "BE", "TR", "LB", "CL", "MX", "SN")
THEMES = ("water", "climate", "mobility", "housing", "culture", "digital", "cooperation", "migration")
WORDS = "water port region cities plan money small towns transport housing shade park reuse exchange young people"
AT_ONCE = 2_000
MOST_MS, MOST_QUERIES, TURNS = 25, 12, 9


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--share", type=float, default=1.0)
    asked.add_argument("--home")
    asked.add_argument("--profile")
    asked.add_argument("--after-a-writing", action="store_true")
    asked.add_argument("--only", default="", help="pages whose name has this word, with --after-a-writing")
    asked.add_argument("--turns", type=int, default=TURNS)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="sympolis-plans-") as folder:
        os.environ["SYMPOLIS_HOME"] = wanted.home or folder
        os.environ["SYMPOLIS_PAGES_KEPT_S"] = "0"  # what a page costs is asked, not what is kept of it
        os.environ["DJANGO_SETTINGS_MODULE"] = "sympolis.config.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import transaction

        from sympolis.office.planning.models import Plan

        call_command("migrate", verbosity=0)
        began = time.process_time()
        with transaction.atomic():  # one write to the disk, not one for each record
            plan = Plan.objects.filter(parent=None).first() or fill(wanted.share)
        print(f"filled in {time.process_time() - began:.0f} s of processor")
        if wanted.after_a_writing:
            after_a_writing(plan, wanted.only, wanted.turns)
        else:
            pages(plan, wanted.profile)


def fill(share: float) -> Any:
    from sympolis.office.core.models import User
    from sympolis.office.core.texts import Text
    from sympolis.office.directory.models import Office, Organisation
    from sympolis.office.planning.models import Action, Plan, Process, Session

    chance = random.Random(6)  # the same plan each time
    amb = Organisation.objects.create(name="AMB", kind="metropolitan-authority", country="ES")
    Office.objects.create(organisation=amb, languages=("en", "ca"))
    users = User.objects.bulk_create(User(email=f"p{n}@example.org", first_name=f"Person {n}") for n in range(PEOPLE))
    people = [one.pk for one in users]
    plan = Plan.objects.create(organisation=amb, title=Text.of(ca="El pla", en="The plan"), kind="plan")
    Process.objects.create(plan=plan, is_open=True)
    axes = [_line(plan, amb, number) for number in range(4)]
    lines = [_line(chance.choice(axes), amb, 10 + number) for number in range(LINES - len(axes))]
    for number in range(round(ACTIONS * share)):
        deed = Action.objects.create(
            plan=lines[number % len(lines)], title=Text.of(ca=f"Acció {number}", en=_words(chance, 6)),
            text=Text.of(ca=_words(chance, 60)), themes=tuple(chance.sample(THEMES, 2)), status="ongoing",
            sdgs=(str(chance.randint(1, 17)),), countries=tuple(chance.sample(COUNTRIES, 2)),
            stated_progress=chance.randint(0, 100) if number % 2 else None, progress_reason="told", position=number,
        )  # fmt: skip
        done_on = None if number % 3 else "2026-01-01"
        deed.milestones.create(title=Text.of(en="Study"), due="2026-01-01", done_on=done_on)
    session = Session.objects.create(
        organisation=amb, plan=plan, title=Text.of(en="Session"), visibility="public",
        published_at="2026-01-01T00:00Z", decisions_published_at="2026-01-01T00:00Z",
    )  # fmt: skip
    _contributions(session, lines, chance, round(CONTRIBUTIONS * share))
    _comments(plan, people, chance, round(COMMENTS * share))
    _supports(plan, people, chance, round(SUPPORTS * share))
    return plan


def _line(parent: Any, house: Any, number: int) -> Any:
    from sympolis.office.core.texts import Text
    from sympolis.office.planning.models import Plan

    about = {"organisation": house, "parent": parent, "kind": "line", "position": number, "code": f"{number}."}
    return Plan.objects.create(title=Text.of(ca=f"Línia {number}"), text=Text.of(ca="Text de la línia. " * 8), **about)


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS.split(), k=count)).capitalize()


def _contributions(session: Any, lines: list[Any], chance: random.Random, count: int) -> None:
    from sympolis.office.planning.models import Contribution, ContributionLink

    made = Contribution.objects.bulk_create(
        [
            Contribution(
                session=session, client_id=f"c{n}", text=_words(chance, 25), kind="need", sequence=n, language="en",
                themes=tuple(chance.sample(THEMES, 1)), countries=tuple(chance.sample(COUNTRIES, chance.randint(0, 2))),
            )
            for n in range(count)
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    ContributionLink.objects.bulk_create(
        [ContributionLink(contribution=one, line=chance.choice(lines)) for one in made], batch_size=AT_ONCE
    )


def _comments(plan: Any, people: list[int], chance: random.Random, count: int) -> None:
    """Half of them on the plan itself, the others on its actions, one in three an answer."""
    from django.utils import timezone

    from sympolis.office.planning.models import Action, Comment

    actions = list(Action.objects.values_list("pk", flat=True))
    begun: list[tuple[int, Any]] = []
    for start in range(0, count, AT_ONCE):
        made = []
        for n in range(start, min(start + AT_ONCE, count)):
            answers, where = (
                chance.choice(begun) if begun and n % 3 == 0 else (None, None if n % 2 else chance.choice(actions))
            )
            about = {"action_id": where} if where else {"plan": plan}
            hangs = {"thread_id": answers, "parent_id": answers, "answers_id": answers}
            made.append(
                Comment(author_id=chance.choice(people), client_id=f"m{n}", text=_words(chance, 30), **about, **hangs)
            )
        kept = Comment.objects.bulk_create(made, batch_size=AT_ONCE)
        begun += [(one.pk, one.action_id) for one in kept if one.thread_id is None]
    # Said all at once they would be a flood, and nobody could say anything for an hour.
    Comment.objects.update(created_at=timezone.now() - timedelta(days=30))


def _supports(plan: Any, people: list[int], chance: random.Random, count: int) -> None:
    from sympolis.office.planning.models import Action, Comment, Support

    actions = list(Action.objects.values_list("pk", flat=True))
    comments = list(Comment.objects.values_list("pk", flat=True))
    given: set[tuple[str, int, int]] = {("plan_id", plan.pk, one) for one in people}
    while len(given) < count:
        of = ("action_id", chance.choice(actions)) if len(given) % 2 else ("comment_id", chance.choice(comments))
        given.add((*of, chance.choice(people)))
    rows = [Support(person_id=person, **{of: pk}) for of, pk, person in sorted(given)]
    Support.objects.bulk_create(rows, batch_size=AT_ONCE)


def after_a_writing(plan: Any, only: str, turns: int) -> None:
    import plans_written

    plans_written.furnish(plan)
    shown = plans_written.pages(_public_pages(plan), _office_pages(plan), _session_pages())
    plans_written.measure(plan, [one for one in shown if only in one.name], turns)


def pages(plan: Any, profiled: str | None) -> None:
    from django.test import Client

    from sympolis.office.core.models import User

    signed_in = Client()
    signed_in.force_login(User.objects.first(), backend="sympolis.office.directory.sign_in.SignIn")
    addresses = _public_pages(plan)
    at = addresses["plan"]
    if profiled:
        of_office = _office_pages(plan)
        everything = {**addresses, **of_office, **_session_pages()}
        profile(_officer() if profiled in of_office else signed_in, everything[profiled])
        return
    print(f"{'page':<36}{'queries':>9}{'measured':>12}{'as at 43 ms':>14}", flush=True)
    for name, address in addresses.items():
        for who, client in (("visitor", Client()), ("signed in", signed_in)):
            row(f"{name}, {who}", lambda c=client, a=address: c.get(a, headers={"host": "localhost"}))
    for name, address in _office_pages(plan).items():
        row(f"{name}, officer", lambda a=address: _officer().get(a, headers={"host": "localhost"}))
    for name, address in _session_pages().items():
        row(name, lambda a=address: Client().get(a, headers={"host": "localhost"}))
    for name in ("data", "comments/data", "supports/data"):
        for form in ("csv", "json", "xlsx"):
            _taken_away(f"{at}{name}/{form}/")


def _public_pages(plan: Any) -> dict[str, str]:
    """What everybody reads of the plan."""
    from django.urls import reverse
    from django.utils.translation import override

    from sympolis.office.planning.models import Action, Comment, Plan
    from sympolis.web.public.plan_pages import WAYS

    line = Plan.objects.exclude(pk=plan.pk).order_by("-pk").first()
    with override("ca"):
        at = plan.get_absolute_url()
        return {
            "plan": at, "line": line.get_absolute_url(), "action": Action.objects.first().get_absolute_url(),
            "plans": "/ca/plans/", **{f"by {way}": f"{at}by/{way}/" for way in WAYS}, "map": f"{at}map/",
            "widget": f"{at}widget/", "versions": f"{at}versions/",
            "comment": reverse("public:comment", args=[Comment.objects.latest("pk").public_id]),
        }  # fmt: skip


@cache
def _officer() -> Any:
    from django.test import Client

    from sympolis.office.core.enums import SiteRole
    from sympolis.office.core.models import User

    user, _new = User.objects.get_or_create(email="officer@example.org", defaults={"role": SiteRole.OFFICER})
    client = Client()
    client.force_login(user, backend="sympolis.office.directory.sign_in.SignIn")
    return client


def _office_pages(plan: Any) -> dict[str, str]:
    """What the office opens of the plan and of its session."""
    from django.urls import reverse
    from django.utils.translation import override

    from sympolis.office.planning.models import Action, Comment, Session

    session, comment = Session.objects.get(), Comment.objects.latest("pk")
    own = {"public_id": plan.public_id}
    with override("ca"):
        bench = reverse("staff:workbench", kwargs=own)
        return {
            "workbench": bench,
            "workbench, a later page": f"{bench}?page=9",
            "workbench, without a line": f"{bench}?home=no",
            "workbench, by a place": f"{bench}?where=002",
            "session": reverse("staff:session", kwargs={"public_id": session.public_id}),
            "invitations": reverse("staff:session_invitations", kwargs={"public_id": session.public_id}),
            "sessions": reverse("staff:sessions"),
            "groups": reverse("staff:groups"),
            "process": reverse("staff:process", kwargs=own),
            "moderation": reverse("staff:comments"),
            "one comment": reverse("staff:moderate", kwargs={"public_id": comment.public_id}),
            "priorities": reverse("staff:plan_priorities", kwargs=own),
            "alignment": reverse("staff:plan_alignment", kwargs=own),
            "versions kept": reverse("staff:plan_versions", kwargs=own),
            "my actions": reverse("staff:my_actions"),
            "today": reverse("staff:dashboard"),
            "plans of the office": reverse("staff:plans"),
            "an action's progress": reverse("staff:action", kwargs={"public_id": Action.objects.all()[0].public_id}),
        }


def _session_pages() -> dict[str, str]:
    """What everybody reads of a session, and what somebody in it has open."""
    from django.urls import reverse
    from django.utils.translation import override

    from sympolis.office.core.tokens import hashed
    from sympolis.office.planning.models import Participant, Session

    session, token = Session.objects.get(), "a-participant-of-the-benchmark"
    Participant.objects.get_or_create(session=session, token=hashed(token), defaults={"kind": "council"})
    with override("ca"):
        return {
            "session page, visitor": session.get_absolute_url(),
            "in the session": reverse("session_in", args=[token]),
        }


def _taken_away(address: str) -> None:
    from django.test import Client

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, size = time.process_time(), 0
    response = Client().get(address, headers={"host": "localhost"})
    for part in response.streaming_content:
        size += len(part)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    taken = time.process_time() - began
    print(f"{'/'.join(address.split('/')[-4:-1]):<36}{size / 1e6:>9.1f} MB{taken:>10.1f} s{grown:>10.0f} MB more")


def row(what: str, work: Callable[[], Any]) -> None:
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    assert work().status_code == 200, what
    with CaptureQueriesContext(connection) as asked:
        request_started.disconnect(reset_queries)
        work()
    queries = len(asked)  # before another request forgets them
    taken, ratios = [], []
    for _turn in range(TURNS):
        before = processor_ms(reference_loop)
        ms = processor_ms(work)
        taken.append(ms)
        ratios.append(ms * LOOP_MS / ((before + processor_ms(reference_loop)) / 2))
    ms = statistics.median(ratios)
    over = "  over" if ms > MOST_MS or queries > MOST_QUERIES else ""
    print(f"{what:<36}{queries:>9}{statistics.median(taken):>9.1f} ms{ms:>11.1f} ms{over}", flush=True)


def profile(client: Any, address: str) -> None:
    client.get(address, headers={"host": "localhost"})
    with cProfile.Profile() as found:
        for _turn in range(10):
            client.get(address, headers={"host": "localhost"})
    pstats.Stats(found).sort_stats("tottime").print_stats(35)


if __name__ == "__main__":
    main()
