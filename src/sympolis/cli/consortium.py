"""A consortium for a call and a lead: who, why, which rules are met, and which role is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sympolis.cli.office import organisation_named, reader
from sympolis.cli.terminal import Refusal, language_choice, say, tell_json, today

if TYPE_CHECKING:
    from sympolis.engine.match.consortium.records import CompetenceCovered, Member
    from sympolis.engine.model import Call
    from sympolis.office.core.queries import Reader
    from sympolis.office.synergies.consortium.building import Built
    from sympolis.office.synergies.consortium.wording import RuleRow

_MARKS = {"met": "yes", "not-met": "NO", "cant-tell": "?"}


@click.command()
@click.argument("call")
@click.argument("lead")
@click.option("--size", type=click.IntRange(1, 40), help="Bodies in all, the lead too; as the call says otherwise.")
@click.option("--with", "include", default="", help="Ids or names of organisations that are in, parted by commas.")
@click.option("--without", "exclude", default="", help="Ids or names of organisations that stay out.")
@click.option(
    "--novelty",
    type=click.FloatRange(0.0, 1.0),
    default=0.0,
    show_default=True,
    help="How much less the usual suspects count: those with many partners, and those the lead works with.",
)
@click.option("--language", type=language_choice, default="en", show_default=True, help="In which reasons are told.")
@click.option("--json", "as_json", is_flag=True)
def consortium(
    call: str, lead: str, size: int | None, include: str, exclude: str, novelty: float, language: str, as_json: bool
) -> None:
    """Partners for a CALL that LEAD would lead: they meet its rules and cover what it asks for, as far as there are
    any; what lacks is named.

    CALL is an id, the funder's code or a title; LEAD an id, a name or a short name.
    """
    user = reader()
    from django.utils import translation

    from sympolis.office.synergies.consortium.building import Wish, consortium_for

    meant, leading = _call(user, call), organisation_named(user, lead)
    wish = Wish(size or 0, novelty, _ids(user, include), _ids(user, exclude))
    _refuse_twice(wish.include, wish.exclude, leading.public_id)
    with translation.override(language):
        built = consortium_for(user, meant, leading, today(), wish)
        if built.unknown:
            raise Refusal(f"Nobody here is {built.unknown[0]}.", "Name an organisation by its id or name.")
        answer = _answer(built, language)
    if as_json:
        tell_json(answer)
        return
    _tell(answer)


def _call(user: Reader, text: str) -> Call:
    from sympolis.office.synergies.consortium.finding import find_call

    found = find_call(user, text)
    if found.call is not None:
        return found.call
    near = "; ".join(f"{one.id} {next(iter(one.title.values()), '')[:60]}" for one in found.nearest[:3])
    remedy = f"Near: {near}." if near else "Write its id, the funder's code or its title."
    raise Refusal(f"No call is surely meant by {text[:80]!r}.", remedy)


def _ids(user: Reader, written: str) -> tuple[str, ...]:
    """Ids of the world's data (they hold a colon) as they are, everything else as names of ours."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    return tuple(part if ":" in part else organisation_named(user, part).public_id for part in parts)


def _refuse_twice(include: tuple[str, ...], exclude: tuple[str, ...], lead: str) -> None:
    if lead in (*include, *exclude):
        raise Refusal("The lead is in already and can't stay out.", "Leave it out of --with and --without.")
    if both := set(include) & set(exclude):
        raise Refusal(f"{min(both)} is to be in and to stay out.", "Name it once.")


def _answer(built: Built, language: str) -> dict[str, Any]:
    from sympolis.engine.match.consortium.records import Missing
    from sympolis.office.synergies.brief.wording import plain, written
    from sympolis.office.synergies.consortium.wording import missing_in_words, region_name, rule_rows
    from sympolis.office.synergies.eligibility import said_of

    found = built.consortium

    def gap(one: Missing) -> dict[str, Any]:
        [said] = missing_in_words([one])
        return {"code": one.code, "values": one.values, "text": plain(written(said, language))}

    title = built.call.title
    return {
        "call": {"id": built.call.id, "title": title.get(language) or next(iter(title.values()), "")},
        "size": found.size,
        "size_from": found.size_from,
        "number_told": found.is_number_told,
        "lead_out": [plain(written(said_of(one), language)) for one in found.lead_out],
        "members": [_member(built, one, language) for one in found.members],
        "rules": [_rule(row, language) for row in rule_rows(built)],
        "competences": [_competence(built, one, language) for one in found.competences],
        "roles": [
            {
                "role": one.asked.role,
                "demanded": one.asked.must,
                "by": list(one.by),
                "passage": one.asked.passage,
                "language": one.asked.language,
            }
            for one in found.roles
        ],
        "missing": [gap(one) for one in found.missing],
        "regions": [{"code": one.code, "name": region_name(one.code), "ids": list(one.ids)} for one in found.regions],
        "others": [_member(built, one, language) for one in found.others],
    }


def _member(built: Built, member: Member, language: str) -> dict[str, Any]:
    from sympolis.office.synergies.consortium.wording import name_in, reasons_of

    party = built.parties[member.id]
    return {
        "id": member.id,
        "name": name_in(party, language),
        "kind": party.kind,
        "country": party.country,
        "lead": member.is_lead,
        "world": party.is_world,
        "gain": member.gain,
        "reasons": [
            {
                "name": one.feature.name,
                "score": one.feature.score,
                "detail": one.feature.detail,
                "values": {name: value for name, value in one.feature.values.items() if name != "records"},
                "records": [{"id": each.id, "title": each.title.best(language).text} for each in one.grounds],
                "text": one.text,
            }
            for one in reasons_of(built, member)
        ],
    }


def _rule(row: RuleRow, language: str) -> dict[str, Any]:
    from sympolis.office.synergies.brief.wording import plain, written

    rule = row.check.rule
    return {
        "rule": rule.code,
        "outcome": row.code,
        "values": {**rule.values, **row.check.values},
        "text": plain(written(row.said, language)),
        "here": plain(written(row.here, language)) if row.here else "",
        "passage": rule.passage,
        "language": rule.language,
        "where": rule.where,
    }


def _competence(built: Built, one: CompetenceCovered, language: str) -> dict[str, Any]:
    return {
        "theme": one.competence.theme,
        "weight": one.competence.weight,
        "words": list(one.competence.words),
        "passage": one.competence.passage,
        "language": one.competence.language,
        "by": [
            {
                "id": cover.id,
                "score": cover.score,
                "strength": str(cover.strength),
                "records": [
                    {"id": built.grounds[key].id, "title": built.grounds[key].title.best(language).text}
                    for key in cover.records
                    if key in built.grounds
                ],
            }
            for cover in one.by
        ],
    }


def _tell(answer: dict[str, Any]) -> None:
    for line in answer["lead_out"]:
        say(f"The lead may not apply: {line}")
    if answer["size_from"] == "usual":
        told = "Within what the call asks for" if answer["number_told"] else "The call doesn't say how many"
        say(f"{told}: {answer['size']} is a usual size.")
    for member in answer["members"]:
        mark = "lead" if member["lead"] else "world" if member["world"] else ""
        click.echo(f"{mark:<6} {member['id']:<18} {member['country']:<2} {member['name']}")
        click.echo("".join(f"       {_line(reason)}\n" for reason in member["reasons"]), nl=False)
    click.echo("")
    for rule in answer["rules"]:
        click.echo(f"{_MARKS[rule['outcome']]:<4} {rule['text']} {rule['here']}".rstrip())
    if answer["missing"]:
        click.echo("")
    for gap in answer["missing"]:
        click.echo(f"Missing: {gap['text']}")


def _line(reason: dict[str, Any]) -> str:
    """A reason with the titles of the records it rests on."""
    titles = "; ".join(one["title"] for one in reason["records"])
    return f"{reason['text']} ({titles})" if titles else str(reason["text"])
