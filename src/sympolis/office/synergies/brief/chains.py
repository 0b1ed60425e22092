"""The shortest chains of acquaintance: who could introduce one side to the other, and how they know each other."""

from __future__ import annotations

from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from sympolis.office.core.models import Record
from sympolis.office.directory.models import Agreement, Organisation, Relation
from sympolis.office.synergies.acquaintance import Chain, chains_between
from sympolis.office.synergies.brief.lines import Line, Proof, proof_of
from sympolis.office.synergies.brief.naming import name_of, relation_proof
from sympolis.office.synergies.brief.wording import Said
from sympolis.office.synergies.facts import Facts

_SENTENCES = {
    1: _("%(one)s knows both %(left)s and %(right)s and could introduce them."),
    2: _("%(one)s knows %(left)s, %(other)s knows %(right)s, and these two know each other."),
    3: _("%(one)s knows %(left)s, %(other)s knows %(right)s, and %(middle)s knows these two."),
}


def chain_lines(facts: Facts) -> list[Line]:
    """The best of the shortest, each link with its evidence."""
    return [_line(chain) for chain in chains_between(facts.question) if len(chain.bodies) - 2 in _SENTENCES]


def _line(chain: Chain) -> Line:
    left, *between, right = chain.bodies
    values = {"left": name_of(left), "right": name_of(right), "one": name_of(between[0])}
    if len(between) > 1:
        values["other"] = name_of(between[-1])
    if len(between) > 2:
        values["middle"] = name_of(between[1])
    return Line(
        key=f"chain:{':'.join(each.public_id for each in between)}",
        said=Said(_SENTENCES[len(between)], values),
        proofs=tuple(_proof(link, *ends) for link, ends in zip(chain.links, pairwise(chain.bodies), strict=True)),
    )


def _proof(link: Record, one: Organisation, other: Organisation) -> Proof:
    """What the two have to do with each other; as private as they are."""
    if isinstance(link, Relation):
        return relation_proof(link)
    values = {"one": name_of(one), "other": name_of(other), "title": link.title_text()}
    if isinstance(link, Agreement):
        return proof_of(link, Said(_("%(one)s and %(other)s signed %(title)s."), values), one, other)
    return proof_of(link, Said(_("%(one)s and %(other)s both take part in %(title)s."), values), one, other)
