"""What the first look at each page of a plan and its sessions costs after a writing: ``plans.py --after-a-writing``.

After each kind of writing that happens there the same page is asked for, by each reader; what was written is undone
after the look, which is another writing. Said of each page and reader: its questions at a first look, what a look with
nothing written costs, and the three writings after which it costs most. Processor time as measured.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

from speed import processor_ms, reference_loop

GROUPS, IN_A_GROUP, PEOPLE, DOTS = 25, 40, 300, 3
MOST_MS, MOST_QUERIES, TURNS, WORST = 22, 12, 9, 3

type Undo = Callable[[], object]
type Writing = Callable[[int], Undo]


class Page(NamedTuple):
    name: str
    address: str
    readers: tuple[str, ...]


def furnish(plan: Any) -> None:
    """Groups with dots in the session, phases, priorities and a version kept: what ``plans.py`` leaves empty."""
    from sympolis.office.core.texts import Text
    from sympolis.office.planning.models import Dot, GeographicalPriority, Participant, Process, Session
    from sympolis.office.planning.priorities.actions import begin_version, keep_priority
    from sympolis.office.planning.sessions.actions import set_phase, take_groups
    from sympolis.office.planning.versions import take_version

    session = Session.objects.get()
    if session.groups.exists():
        return
    officer = _officer()
    ids = list(session.contributions.order_by("pk").values_list("public_id", flat=True)[: GROUPS * IN_A_GROUP])
    names = [Text.of(ca=f"Grup {n}", en=f"Group {n}") for n in range(GROUPS)]
    groups = take_groups(officer, session, [(name, ids[n::GROUPS]) for n, name in enumerate(names)])
    set_phase(officer, session, "prioritise")
    made = [Participant(session=session, kind="expert", token=uuid4().hex, name=f"Expert {n}") for n in range(PEOPLE)]
    people = Participant.objects.bulk_create(made)
    Dot.objects.bulk_create(
        [
            Dot(participant=one, group=groups[(n * 7 + m) % GROUPS], client_id=uuid4().hex)
            for n, one in enumerate(people)
            for m in range(DOTS)
        ]
    )
    process = Process.objects.get(plan=plan)
    for n in range(4):
        process.phases.create(
            title=Text.of(ca=f"Fase {n}"), starts=f"20{24 + n}-01-01", ends=f"20{24 + n}-12-31",
            contribute=True, support=True, comment=True, prioritise=True,
        )  # fmt: skip
    version = begin_version(officer, plan, "2026", "2026-01-01")
    for n, country in enumerate(("TN", "MA", "DZ", "EG", "LB", "TR", "GR", "IT", "FR", "PT") * 2):
        priority = GeographicalPriority(version=version, title=Text.of(ca=f"Prioritat {n}"), countries=(country,))
        keep_priority(officer, priority)
    take_version(officer, plan, "consultation", "First")


def _officer() -> Any:
    from sympolis.office.core.enums import SiteRole
    from sympolis.office.core.models import User

    return User.objects.get_or_create(email="officer@example.org", defaults={"role": SiteRole.OFFICER})[0]


def readers() -> dict[str, Any]:
    from django.test import Client

    from sympolis.office.core.models import User
    from sympolis.office.directory.models import Membership, Organisation

    city, _new = Organisation.objects.get_or_create(name="Sfax", defaults={"kind": "city", "country": "TN"})
    contact, _new = User.objects.get_or_create(email="contact@example.org")
    Membership.objects.get_or_create(user=contact, organisation=city, defaults={"role": "administrator"})
    found = {"visitor": Client(), "participant": Client(), "contact": Client(), "officer": Client()}
    people = {"participant": User.objects.get(email="p0@example.org"), "contact": contact, "officer": _officer()}
    for name, user in people.items():
        found[name].force_login(user, backend="sympolis.office.directory.sign_in.SignIn")
    return found


def pages(public: dict[str, str], office: dict[str, str], sessions: dict[str, str]) -> list[Page]:
    """Of ``plans.py``: those for everybody, those of the office, those of a session."""
    everybody = ("visitor", "participant", "contact", "officer")
    return [
        *(Page(name, address, everybody) for name, address in public.items()),
        *(Page(name, address, ("officer",)) for name, address in office.items()),
        *(
            Page(name.partition(",")[0], address, ("visitor",) if name == "in the session" else everybody)
            for name, address in sessions.items()
        ),
    ]


def writings(plan: Any) -> dict[str, Writing]:
    """What somebody writes while others look, each as the verb does that pages call, with what takes it back."""
    return {**_of_a_plan(plan), **_of_a_session(), **_of_voices(plan)}


def _of_a_plan(plan: Any) -> dict[str, Writing]:
    from sympolis.office.core.texts import Text
    from sympolis.office.planning.actions import keep_action, keep_plan, keep_told
    from sympolis.office.planning.models import Action, GeographicalPriority, Milestone, Plan, ProcessPhase
    from sympolis.office.planning.priorities.actions import keep_priority
    from sympolis.office.planning.voices.process import keep_phase

    officer = _officer()

    def action(turn: int) -> Undo:
        deed = Action.objects.first()
        deed.stated_progress, deed.status = turn * 7 % 100, ("ongoing", "late")[turn % 2]
        deed.status_reason = "Cal temps"
        keep_action(deed)
        return bool

    def line(turn: int) -> Undo:
        one = Plan.objects.filter(parent__isnull=False).first()
        one.title = Text.of(ca=f"Línia dita {turn}")
        keep_plan(one)
        return bool

    def milestone(turn: int) -> Undo:
        step = Milestone.objects.first()
        step.done_on = f"2026-02-{turn % 27 + 1:02}"
        keep_told(officer, step)
        return bool

    def priority(turn: int) -> Undo:
        one = GeographicalPriority.objects.first()
        one.weight = turn + 1
        keep_priority(officer, one)
        return bool

    def phase(turn: int) -> Undo:
        one = ProcessPhase.objects.filter(process__plan=plan).first()
        one.title = Text.of(ca=f"Fase dita {turn}")
        keep_phase(officer, one)
        return bool

    return {"an action": action, "a line": line, "a milestone": milestone, "a priority": priority, "a phase": phase}


def _of_a_session() -> dict[str, Writing]:
    from sympolis.office.core.texts import Text
    from sympolis.office.planning.models import Action, Contribution, ContributionLink, Participant, Session
    from sympolis.office.planning.sessions.actions import Said, note_down, place_dot, take_dot_back
    from sympolis.office.planning.tracing.actions import decide, link_contributions
    from sympolis.office.planning.tracing.places import Tagged, tag_contributions

    officer, session = _officer(), Session.objects.get()

    def contribution(turn: int) -> Undo:
        words = f"Water for the port, and shade for its cities and parks, number {turn}."
        made = note_down(officer, session, [Said(uuid4().hex, words)])[0]
        return made.delete

    def correction(turn: int) -> Undo:
        one = session.contributions.order_by("pk")[turn % 30]
        one.text = f"{one.text.split(' (')[0]} ({uuid4().hex[:6]})"
        one.save()
        return bool

    def link(turn: int) -> Undo:
        one, home = session.contributions.order_by("pk")[turn % 30], Action.objects.order_by("pk")[turn]
        link_contributions(officer, [one], home)
        return ContributionLink.objects.filter(contribution=one, action=home).delete

    def outcome(turn: int) -> Undo:
        one = session.contributions.order_by("pk")[turn % 30]
        decide(officer, [one], ("taken", "part")[turn % 2], f"It is in line {turn}.", "en")
        return bool

    def place(turn: int) -> Undo:
        one = Contribution.objects.order_by("pk")[turn % 30]
        tag_contributions(officer, [one], Tagged(place=f"Town {uuid4().hex[:4]}"))
        Contribution.objects.filter(pk=one.pk).update(place="")
        return bool

    def group(turn: int) -> Undo:
        one = session.groups.all()[turn % GROUPS]
        one.name = Text.of(ca=f"Grup dit {turn}", en=f"Group said {turn}")
        one.save()
        return bool

    def dot(turn: int) -> Undo:
        somebody = Participant.objects.filter(kind="expert").order_by("pk")[turn]
        chosen = session.groups.all()[turn % GROUPS]
        for more in somebody.dots.order_by("pk")[DOTS:]:  # a run that was broken off left it
            more.delete()
        place_dot(somebody, chosen, uuid4().hex)
        return lambda: take_dot_back(somebody, chosen)

    return {
        "a contribution": contribution, "its words": correction, "a link": link, "an outcome": outcome,
        "a place": place, "a group": group, "a dot": dot,
    }  # fmt: skip


def _of_voices(plan: Any) -> dict[str, Writing]:
    from sympolis.office.core.models import User
    from sympolis.office.planning.models import Action, Comment, CommentReport
    from sympolis.office.planning.voices.actions import report, say, support
    from sympolis.office.planning.voices.moderation import hide, unhide

    officer = _officer()
    people = list(User.objects.filter(email__startswith="p").order_by("pk")[1:1_000])

    def comment(turn: int) -> Undo:
        made = say(people.pop(), Action.objects.first() if turn % 2 else plan, "Shade for the port.", uuid4().hex)
        return made.delete

    def backed(turn: int) -> Undo:
        one = Comment.objects.filter(plan=plan).latest("pk")
        one.supports.filter(person=people[turn]).delete()
        return support(people[turn], one).delete

    def backed_action(turn: int) -> Undo:
        deed = Action.objects.first()
        deed.supports.filter(person=people[turn]).delete()
        return support(people[turn], deed).delete

    def hiding(turn: int) -> Undo:
        one = hide(officer, Comment.objects.filter(plan=plan, thread=None).order_by("-pk")[turn], "Off the matter")
        return lambda: unhide(officer, one)

    def told(turn: int) -> Undo:
        one = Comment.objects.filter(plan=plan).latest("pk")
        CommentReport.objects.filter(comment=one, by=people[turn]).delete()
        return report(people[turn], one, "other").delete

    return {
        "a comment": comment, "a support of a comment": backed, "a support of an action": backed_action,
        "a hiding": hiding, "a report": told,
    }  # fmt: skip


def measure(plan: Any, shown: list[Page], turns: int = TURNS) -> None:
    clients, done = readers(), writings(plan)
    loop = statistics.median(processor_ms(reference_loop) for _turn in range(TURNS))
    print(f"reference loop {loop:.1f} ms")
    print(f"{'page, reader':<38}{'queries':>8}{'nothing written':>17}   first look after", flush=True)
    for page in shown:
        for reader in page.readers:
            _row(page, reader, clients[reader], done, turns)


def _row(page: Page, reader: str, client: Any, done: dict[str, Writing], turns: int) -> None:
    def look() -> Any:
        return client.get(page.address, headers={"host": "localhost"})

    answer = look()
    if answer.status_code != 200:
        print(f"{f'{page.name}, {reader}':<38}answered with {answer.status_code}")
        return
    look()
    kept = statistics.median(processor_ms(look) for _turn in range(turns))
    took = {what: _first_looks(look, write, turns) for what, write in done.items()}
    queries = max(_questions(look, write) for write in done.values())
    worst = sorted(took.items(), key=lambda one: -one[1])[:WORST]
    over = "  over" if worst[0][1] > MOST_MS or queries > MOST_QUERIES else ""
    said = ", ".join(f"{what} {ms:.1f}" for what, ms in worst)
    print(f"{f'{page.name}, {reader}':<38}{queries:>8}{kept:>14.1f} ms   {said}{over}", flush=True)


def _first_looks(look: Callable[[], Any], write: Writing, turns: int) -> float:
    taken = []
    for turn in range(turns):
        undo = write(turn)
        taken.append(processor_ms(look))
        undo()
        look()  # what is taken back is another writing, and may be of more than what was written
    return statistics.median(taken)


def _questions(look: Callable[[], Any], write: Writing) -> int:
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    undo = write(TURNS)
    with CaptureQueriesContext(connection) as asked:
        request_started.disconnect(reset_queries)
        look()
    count = len(asked)
    undo()
    return count
