"""Members of the named network who should be asked along, and why each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sympolis.engine.match import MemberFit
from sympolis.engine.match.learning import scores_by_name
from sympolis.office.directory.enums import NETWORK_KINDS
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.entries import proofs_of_items, said_of_item
from sympolis.office.synergies.brief.lines import Line, first_short
from sympolis.office.synergies.brief.naming import name_of, relation_proof
from sympolis.office.synergies.brief.wording import Country, Label, Many, Said, Value
from sympolis.office.synergies.facts import Facts

SHORT, THEMES = 4, 2


def member_lines(facts: Facts, answers: Answers) -> list[Line]:
    network = facts.question.network
    if network is None:
        said = Said(_("No network was named, so nobody is proposed here: name one to see whom to ask along."))
        return [Line(key="members:no-network", said=said, unknown=True, short=False)]
    if not facts.memberships and network.kind not in NETWORK_KINDS:
        said = Said(
            _("%(name)s is not a network, and nobody is known here to belong to it: name one to see whom to ask."),
            {"name": name_of(network)},
        )
        return [Line(key="members:not-a-network", said=said, unknown=True)]
    if not facts.memberships:
        said = Said(
            _("No member of %(network)s is known here: enter its members first."), {"network": name_of(network)}
        )
        return [Line(key="members:none", said=said, unknown=True)]
    lines = [line for fit in answers.members if (line := _line(facts, fit)) is not None]
    lines.sort(key=lambda line: line.illustrative)
    if lines:
        return first_short(lines, SHORT)
    said = Said(
        _("No member of %(network)s is known to work on what the two share: ask its secretariat."),
        {"network": name_of(network)},
    )
    return [Line(key="members:no-fit", said=said, unknown=True)]


def _themes(fit: MemberFit) -> Many:
    """What of the shared it is asked for: that of the entry named first leads."""
    codes = dict.fromkeys(str(feature.values["theme"]) for feature in fit.features)
    return Many(tuple(Label("themes", code) for code in list(codes)[:THEMES]))


def _line(facts: Facts, fit: MemberFit) -> Line | None:
    member = facts.by_public_id(fit.organisation_id)
    if member is None or not fit.items:
        return None
    values: dict[str, Value] = {
        "member": name_of(member),
        "country": Country(member.country),
        "themes": _themes(fit),
        "what": said_of_item(facts, fit.items[0]),
    }
    said = Said(_("%(member)s (%(country)s): %(themes)s. %(what)s"), values)
    if not member.country:
        said = Said(_("%(member)s: %(themes)s. %(what)s"), values)
    belongs = [relation for relation in facts.memberships if relation.from_organisation_id == member.pk][:1]
    more = [
        Line(key=f"member-item:{item.id}", said=said_of_item(facts, item), kind="brings", record=item.id, short=False)
        for item in fit.items[1:4]
    ]
    return Line(
        key=f"member:{member.public_id}",
        said=said,
        proofs=(
            *proofs_of_items(facts, fit.items[:4]),
            *(relation_proof(relation) for relation in belongs),
        ),
        strength=fit.strength,
        score=fit.score,
        features=scores_by_name(fit.features),
        record=member.public_id,
        parts=tuple(more),
    )
