"""Ways to work together: what is said, who brings what, and a first step for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sympolis.engine.match.learning import scores_by_name
from sympolis.engine.model import Item, ItemKind, Stage, Synergy, SynergyKind
from sympolis.office.synergies.answers import Answers
from sympolis.office.synergies.brief.entries import proofs_of_items, said_of_item, title_of
from sympolis.office.synergies.brief.lines import Line, Proof, first_short
from sympolis.office.synergies.brief.naming import named, relation_proof, short_name_of
from sympolis.office.synergies.brief.openings import Opening, opening_of
from sympolis.office.synergies.brief.reasons import reason_lines
from sympolis.office.synergies.brief.wording import Label, Said, Value
from sympolis.office.synergies.facts import Facts

SHORT = 7

_OFFERED = {
    True: _("%(giver)s offers “%(given)s”, and that is what %(taker)s looks for: “%(wanted)s”."),
    False: _("%(giver)s offers “%(given)s”; %(taker)s can use it for “%(wanted)s”."),
}
_DONE = {
    True: _("%(giver)s has done “%(given)s”, and %(taker)s looks for just that: “%(wanted)s”."),
    False: _("%(giver)s has done “%(given)s”; %(taker)s can learn from it for “%(wanted)s”."),
}
_AT_WORK = {
    True: _("%(giver)s is at work on “%(given)s”, and %(taker)s looks for just that: “%(wanted)s”."),
    False: _("%(giver)s is at work on “%(given)s”, and %(taker)s can learn from it for “%(wanted)s”."),
}
_NOT_KNOWN = dict.fromkeys(
    (True, False),
    _("%(giver)s has “%(given)s”, whose stage is not known here; %(taker)s can ask about it for “%(wanted)s”."),
)


def together_lines(facts: Facts, answers: Answers) -> list[Line]:
    """In the order of the engine, but first what both sides themselves file under its theme and is no example."""
    firm = sorted(answers.synergies, key=lambda synergy: not _is_declared(facts, answers, synergy))
    lines = sorted((_line(facts, answers, synergy) for synergy in firm), key=lambda line: line.illustrative)
    if lines:
        return first_short(lines, SHORT)
    said = Said(
        _("No way to work together can be argued from what is known here; ask each side for one plan and one need.")
    )
    return [Line(key="synergies:none", said=said, unknown=True)]


def _is_declared(facts: Facts, answers: Answers, synergy: Synergy) -> bool:
    """Whether every entry behind it says of itself that it is about the theme; a guess from the texts comes later."""
    call = opening_of(facts, answers, synergy.call_id)
    named = [item.themes for item in synergy.items] + ([call.themes] if call else [])
    return all(synergy.theme in themes for themes in named)


def _line(facts: Facts, answers: Answers, synergy: Synergy) -> Line:
    call = opening_of(facts, answers, synergy.call_id)
    proofs = (*proofs_of_items(facts, synergy.items), *_other_proofs(facts, call, synergy))
    line = Line(
        key=f"synergy:{synergy.id}",
        said=_said(facts, call, synergy),
        proofs=proofs,
        kind=synergy.kind,
        group=synergy.theme,
        strength=synergy.strength,
        score=synergy.score,
        features=scores_by_name(synergy.features),
        record=synergy.call_id or synergy.body_id,
    )
    parts = (*_brings(facts, synergy), *reason_lines(facts, line.key, synergy.features), _step(facts, call, synergy))
    return replace(line, parts=parts)


def _other_proofs(facts: Facts, call: Opening | None, synergy: Synergy) -> Iterator[Proof]:
    if call is not None:
        yield call.proof
    for relation in facts.relations:
        if synergy.body_id and relation.to_organisation.public_id == synergy.body_id:
            yield relation_proof(relation)


def _said(facts: Facts, call: Opening | None, synergy: Synergy) -> Said:
    match synergy.kind:
        case SynergyKind.EXCHANGE | SynergyKind.ASSISTANCE:
            return _exchange(facts, synergy)
        case SynergyKind.JOINT_PROJECT:
            return _joint_project(facts, synergy)
        case SynergyKind.JOINT_APPLICATION:
            return _joint_application(facts, call, synergy)
        case SynergyKind.ADVOCACY:
            return _advocacy(facts, synergy)


def _sides(facts: Facts, synergy: Synergy) -> dict[str, Value]:
    return {
        "giver": named(facts, synergy.giver_id),
        "taker": named(facts, synergy.taker_id),
        "theme": Label("themes", synergy.theme) if synergy.theme else _("what they share"),
    }


def _owners(facts: Facts, first: Item, second: Item) -> dict[str, Value]:
    """Whose the two entries are: what a city has done is not said of the authority that it is part of."""
    return {"giver": named(facts, first.owner_id), "taker": named(facts, second.owner_id)}


def _two(synergy: Synergy) -> tuple[Item | None, Item | None]:
    """What the giver brings and what the taker wants; for joint work what each side brings."""
    first = synergy.items[0] if synergy.items else None
    return first, synergy.items[1] if len(synergy.items) > 1 else None


def _exchange(facts: Facts, synergy: Synergy) -> Said:
    given, wanted = _two(synergy)
    values = _sides(facts, synergy)
    if given is None or wanted is None:
        return Said(_("%(giver)s can help %(taker)s with %(theme)s."), values)
    values |= _owners(facts, given, wanted)
    values |= {"given": title_of(facts, given), "wanted": title_of(facts, wanted)}
    return Said(_message_of(given)[wanted.kind is ItemKind.NEED], values)


def _message_of(given: Item) -> Mapping[bool, str | Promise]:
    """What is said of a gift by how far it is: to one who looks for it (True), and to one who is at it or plans it."""
    if given.kind is ItemKind.OFFER:
        return _OFFERED
    return {Stage.FINISHED: _DONE, Stage.ONGOING: _AT_WORK}.get(given.stage, _NOT_KNOWN)


def _joint_project(facts: Facts, synergy: Synergy) -> Said:
    left, right = _two(synergy)
    values = _sides(facts, synergy)
    if left is None or right is None:
        return Said(_("%(giver)s and %(taker)s are both at work on %(theme)s now."), values)
    values |= _owners(facts, left, right)
    values |= {"first": title_of(facts, left), "second": title_of(facts, right)}
    stages = {item.stage for item in (left, right) if item.kind is ItemKind.PROJECT}
    if Stage.UNKNOWN in stages:
        return Said(
            _("%(giver)s has “%(first)s” and %(taker)s “%(second)s”; how far one of them is, is not known here."),
            values,
        )
    if stages == {Stage.ONGOING} and left.kind is right.kind:
        return Said(_("Both are at it now: %(giver)s with “%(first)s” and %(taker)s with “%(second)s”."), values)
    return Said(_("Both want to act on %(theme)s: %(giver)s with “%(first)s” and %(taker)s with “%(second)s”."), values)


def _joint_application(facts: Facts, call: Opening | None, synergy: Synergy) -> Said:
    values = _sides(facts, synergy)
    if call is None:
        return Said(_("%(giver)s and %(taker)s can apply together on %(theme)s."), values)
    values |= {"call": call.title, "closes": call.closes}
    if not call.closes:
        return Said(
            _("“%(call)s” fits what %(giver)s and %(taker)s do or want on %(theme)s; its deadline is not known here."),
            values,
        )
    return Said(
        _("“%(call)s” fits what %(giver)s and %(taker)s do or want on %(theme)s; it closes on %(closes)s."), values
    )


def _advocacy(facts: Facts, synergy: Synergy) -> Said:
    body = facts.by_public_id(synergy.body_id)
    values = _sides(facts, synergy)
    if body is None:
        return Said(_("%(giver)s and %(taker)s can say the same on %(theme)s."), values)
    return Said(
        _("%(giver)s and %(taker)s both take part in %(body)s and can say the same there on %(theme)s."),
        {**values, "body": short_name_of(body)},
    )


def _brings(facts: Facts, synergy: Synergy) -> Iterator[Line]:
    """Who brings what: each entry with whose it is."""
    for item in synergy.items:
        said = Said(_("%(who)s: %(what)s"), {"who": named(facts, item.owner_id), "what": said_of_item(facts, item)})
        yield Line(key=f"brings:{synergy.id}:{item.id}", said=said, kind="brings", record=item.id, short=False)


def _step(facts: Facts, call: Opening | None, synergy: Synergy) -> Line:
    values = _sides(facts, synergy)
    given, _wanted = _two(synergy)
    if given is not None:
        values |= {"giver": named(facts, given.owner_id), "given": title_of(facts, given)}
    match synergy.kind:
        case SynergyKind.EXCHANGE if given is not None:
            said = Said(_("Ask %(giver)s for an hour with the people of “%(given)s”."), values)
        case SynergyKind.EXCHANGE:
            said = Said(_("Ask %(giver)s for an hour with the people who did it."), values)
        case SynergyKind.JOINT_PROJECT:
            said = Said(
                _("Put the two project leads at one table and write down what each can use from the other."), values
            )
        case SynergyKind.JOINT_APPLICATION if call is not None and call.closes.latest:
            decide = decide_by(facts.question.on, call.closes.latest)
            said = Said(_("Decide by %(decide)s who leads, and read the call's rules together."), {"decide": decide})
        case SynergyKind.JOINT_APPLICATION:
            said = Said(_("Ask when the call closes, then decide who leads."), values)
        case SynergyKind.ASSISTANCE:
            said = Said(_("Send %(giver)s one page on what is needed, with a name to call."), values)
        case SynergyKind.ADVOCACY:
            said = Said(_("Agree on one sentence that both will say at its next meeting."), values)
    return Line(key=f"step:{synergy.id}", said=said, kind="step")


def decide_by(on: date, closes: date) -> date:
    """A third of the way to the deadline, and never in the past: consortia need the other two thirds."""
    return on + timedelta(days=max((closes - on).days // 3, 0))
