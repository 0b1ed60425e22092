"""How organisations are called in a brief, and through whom a link comes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.languages import detect_language
from sympolis.office.core.texts import Text, Written
from sympolis.office.directory.models import Organisation, Relation
from sympolis.office.synergies.brief.lines import Proof, proof_of
from sympolis.office.synergies.brief.wording import Label, Said, Value
from sympolis.office.synergies.facts import Facts
from sympolis.office.synergies.scope import Side

SHORTEST = 3  # two letters such as "3M" say nothing to a reader


class Name(Text):
    """A name in some languages; in all others a body is called what it calls itself."""

    own: Written

    def best(self, *languages: str) -> Written:
        found = next((language for language in languages if self.get_text(language)), "")
        return Written(self.get_text(found), found) if found else self.own


def name_of(organisation: Organisation) -> Text:
    """The full name in the languages it has, else in its own."""
    name = Name(organisation.names)
    own, language = organisation.name, organisation.name_language
    if name.get_text(language) not in {"", own}:  # what is kept as its own language already has another form
        language = _language_of(own)
    name.own = Written(own, language)
    return name


@lru_cache(maxsize=4096)
def _language_of(name: str) -> str:
    return detect_language(name) or "en"


def short_name_of(organisation: Organisation) -> Text | str:
    """What colleagues call it, where that says enough. One whose name is no longer than that is called in each language
    as everywhere else: MedCities is MedCités in French."""
    short = organisation.short_name
    return name_of(organisation) if len(short) < SHORTEST or short == organisation.name else short


def via(side: Side | None, pk: int) -> Text | None:
    """The body close to a side through which a link comes; nothing where it is the side's own."""
    return name_of(side.ends[pk]) if side is not None and side.is_through(pk) else None


def named(facts: Facts, public_id: str) -> Text | str:
    """An organisation the engine names; its id where it is not among the rows read."""
    organisation = facts.by_public_id(public_id)
    return short_name_of(organisation) if organisation else public_id


def holds_post(relation: Relation) -> bool:
    """Whether a presidency is held: sources also list past presidents."""
    return vocabulary.role_code(relation.role) != "past-president"


def spoken(relation: Relation) -> Said:
    """A relation as a passage: who, what, whom, with the words of its source on the role."""
    values: dict[str, Value] = {
        "one": name_of(relation.from_organisation),
        "relation": Label("relation_types", relation.type),
        "other": name_of(relation.to_organisation),
    }
    if relation.role:
        return Said("%(one)s · %(relation)s · %(other)s (%(role)s)", {**values, "role": relation.role})
    return Said("%(one)s · %(relation)s · %(other)s", values)


def relation_proof(relation: Relation) -> Proof:
    """A relation as evidence, as doubtful and as private as its two ends."""
    proof = proof_of(relation, spoken(relation), relation.from_organisation, relation.to_organisation)
    return replace(proof, title=Said("%(relation)s", {"relation": Label("relation_types", relation.type)}))
