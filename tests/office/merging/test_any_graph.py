"""Whatever names whatever: merging any two and undoing it leaves the database as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sympolis.office.core.enums import SiteRole
from sympolis.office.core.merging.errors import MergeRefused
from sympolis.office.core.merging.merge import merge_records
from sympolis.office.core.merging.undo import undo_merge
from sympolis.office.core.models import TagDecision, User
from sympolis.office.core.texts import Text
from sympolis.office.directory.models import Agreement, Membership, Organisation, Person, Relation
from sympolis.office.projects.models import Participation
from sympolis.office.synergies.facts import pair_of
from sympolis.office.synergies.models import Brief, LineDecision, PartnerDecision
from tests.factories import make_organisation, make_project
from tests.office.merging.rows import dump, rows_holding

COUNT = 5
one = st.integers(0, COUNT - 1)
pairs = st.lists(st.tuples(one, one), max_size=6)
some = st.lists(st.sets(one, max_size=COUNT), max_size=3)
texts = st.dictionaries(st.sampled_from(["en", "ca", "ar"]), st.sampled_from(["Water", "Ports", "مياه"]), max_size=3)
graphs = st.fixed_dictionaries(
    {
        "parents": st.lists(st.one_of(st.none(), one), min_size=COUNT, max_size=COUNT),
        "texts": st.lists(texts, min_size=COUNT, max_size=COUNT),
        "relations": st.lists(
            st.tuples(one, one, st.sampled_from(["member_of", "twinned_with"]), st.sampled_from(["", "chair"]),
                      st.sampled_from([None, date(2001, 1, 1)])), max_size=8,
        ),
        "projects": some, "agreements": some, "memberships": st.sets(one), "people": st.lists(one, max_size=4),
        "partners": pairs, "briefs": pairs, "lines": pairs,
        "tags": st.sets(st.tuples(one, st.sampled_from(["water", "ports"]), st.sampled_from(["confirmed", "removed"]))),
    }
)  # fmt: skip


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written within is gone after."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def draw_graph(graph: dict, user: User) -> list[Organisation]:  # type: ignore[type-arg]
    nodes = [make_organisation(f"City {at}", line=Text.of(**said), themes=("water",) * (at % 2))
             for at, said in enumerate(graph["texts"])]  # fmt: skip
    for at, parent in enumerate(graph["parents"]):
        if parent is not None and parent < at:
            nodes[at].parent = nodes[parent]
            nodes[at].save()
    for left, right, type_, role, since in graph["relations"]:
        Relation.objects.create(
            from_organisation=nodes[left], to_organisation=nodes[right], type=type_, role=role,
            since_earliest=since, since_latest=since,
        )  # fmt: skip
    for members in graph["projects"]:
        project = make_project("Project")
        for at in members:
            Participation.objects.create(project=project, organisation=nodes[at], money="1.50" if at % 2 else None)
    for members in graph["agreements"]:
        Agreement.objects.create(kind="twinning").parties.set([nodes[at] for at in members])
    for at in graph["memberships"]:
        Membership.objects.create(user=user, organisation=nodes[at])
    for at in graph["people"]:
        Person.objects.create(organisation=nodes[at], name="Amal")
    for left, right in set(graph["partners"]):
        PartnerDecision.objects.create(organisation=nodes[left], partner=nodes[right], verdict="yes")
    for left, right in graph["briefs"]:
        Brief.objects.create(
            left=nodes[left], right=nodes[right], on=date(2026, 5, 1), language="en", document={}, title="Brief",
            left_scope=(nodes[left].public_id,),
        )  # fmt: skip
    for left, right in set(graph["lines"]):
        LineDecision.objects.get_or_create(pair=pair_of(nodes[left], nodes[right]), line=f"x:{nodes[0].public_id}")
    for at, code, verdict in graph["tags"]:
        TagDecision.objects.get_or_create(
            record=nodes[at].public_id, scheme="theme", code=code, defaults={"verdict": verdict}
        )
    return nodes


NOTHING: dict[str, list[object]] = {
    name: []
    for name in ("relations", "projects", "agreements", "memberships", "people", "partners", "briefs", "lines", "tags")
}
WITH_ITSELF = {  # what was between the two goes; a link of the other with itself is no double of it
    "parents": [None] * COUNT, "texts": [{}] * COUNT, **NOTHING,
    "relations": [(1, 2, "twinned_with", "", None), (1, 1, "twinned_with", "chair", date(2001, 1, 1))],
}  # fmt: skip


@example(graph=WITH_ITSELF, merges=[(2, 1)])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs, merges=st.lists(st.tuples(one, one), min_size=1, max_size=3))
def test_any_merges_undone_backwards_leave_nothing_behind(db: None, graph: dict, merges: list) -> None:  # type: ignore[type-arg]
    with taken_back():
        officer = User.objects.create_user("officer@example.org", role=SiteRole.OFFICER)
        nodes = draw_graph(graph, officer)
        states, made = [dump()], []
        for left, right in merges:
            keeper, other = (Organisation.objects.filter(pk=nodes[at].pk).first() for at in (left, right))
            try:
                if keeper and other:
                    made.append(merge_records(keeper, other, officer))
                    assert rows_holding(other.public_id) == {"core.RetiredId.public_id"}
                    states.append(dump())
            except MergeRefused:
                assert dump() == states[-1]
        for merge in reversed(made):
            assert dump() == states.pop()
            undo_merge(merge, officer)
        assert dump() == states.pop()
