"""The controlled lists are complete, tell their entries apart, and know every code the facts use."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pytest

from sympolis.engine.model import LANGUAGES, ItemKind, Stage, SynergyKind
from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.vocabulary import (
    Goal,
    Theme,
    VocabularyError,
    goal_words,
    label,
    role_code,
    sdgs,
    targets,
    terms,
    themes,
)

CHECKOUT = Path(__file__).resolve().parents[3]
FACTS = Path(os.environ.get("SYMPOLIS_SHARED", CHECKOUT.parent / "shared")) / "data" / "facts"
ARABIC = re.compile(r"[\u0621-\u064a]")

needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="the folder of shared facts is not on this machine")


def labellings() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every set of words shown to people, with where it stands."""
    for theme in themes():
        yield f"themes {theme.code}", theme.labels
    for goal in sdgs():
        yield f"sdgs {goal.code}", goal.labels
    for target in targets():
        yield f"targets {target.code}", target.labels
    for name in vocabulary.TERM_LISTS:
        for term in terms(name):
            yield f"{name} {term.code}", term.labels
            if term.plurals:
                yield f"{name} {term.code} plurals", term.plurals
            if term.inverse:
                yield f"{name} {term.code} inverse", term.inverse


def entries() -> tuple[Theme | Goal, ...]:
    """Everything that has phrases."""
    return (*themes(), *sdgs())


def folded(phrase: str) -> str:
    letters = unicodedata.normalize("NFKD", phrase.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def codes_in(table: str, column: str) -> set[str]:
    with (FACTS / f"{table}.csv").open(encoding="utf-8", newline="") as rows:
        return {code.strip() for row in csv.DictReader(rows) for code in row[column].split(";") if code.strip()}


def codes_of(name: str) -> set[str]:
    return {term.code for term in terms(name)}


def test_every_entry_has_a_label_in_every_language() -> None:
    wrong = [
        (where, language)
        for where, labels in labellings()
        for language in LANGUAGES
        if not labels.get(language, "").strip()
    ]
    assert wrong == []
    assert {where for where, labels in labellings() if set(labels) != set(LANGUAGES)} == set()


def test_arabic_is_written_in_arabic() -> None:
    labels = [labels["ar"] for _, labels in labellings()]
    phrases = [phrase for entry in entries() for phrase in entry.synonyms["ar"]]
    assert [words for words in labels + phrases if not ARABIC.search(words)] == []


def test_only_arabic_is_written_in_arabic() -> None:
    phrases = [
        phrase
        for entry in entries()
        for language in LANGUAGES
        if language != "ar"
        for phrase in (entry.labels[language], *entry.synonyms[language])
    ]
    assert [phrase for phrase in phrases if ARABIC.search(phrase)] == []


def test_each_list_has_each_code_once() -> None:
    assert [code for code, times in Counter(theme.code for theme in themes()).items() if times > 1] == []
    for name in vocabulary.TERM_LISTS:
        assert [code for code, times in Counter(term.code for term in terms(name)).items() if times > 1] == []
    assert [goal.code for goal in sdgs()] == list(range(1, 18))


# How many targets each goal has that are numbered, and how many that are lettered (A/RES/71/313).
TARGETS = {
    1: (5, 2),
    2: (5, 3),
    3: (9, 4),
    4: (7, 3),
    5: (6, 3),
    6: (6, 2),
    7: (3, 2),
    8: (10, 2),
    9: (5, 3),
    10: (7, 3),
    11: (7, 3),
    12: (8, 3),
    13: (3, 2),
    14: (7, 3),
    15: (9, 3),
    16: (10, 2),
    17: (19, 0),
}


def test_there_are_all_the_targets() -> None:
    wanted = [
        f"{goal}.{place}"
        for goal, (numbered, lettered) in TARGETS.items()
        for place in (*range(1, numbered + 1), *"abcd"[:lettered])
    ]
    assert [target.code for target in targets()] == wanted
    assert len(wanted) == 169
    assert {target.goal for target in targets()} == {goal.code for goal in sdgs()}


def test_targets_are_short_and_told_apart() -> None:
    for language in LANGUAGES:
        said = Counter(folded(target.labels[language]) for target in targets())
        assert [words for words, times in said.items() if times > 1] == []
    wrong = [
        (target.code, language, target.labels[language])
        for target in targets()
        for language in LANGUAGES
        if not 2 <= len(target.labels[language].split()) <= 9 or not target.phrases[language]
    ]
    assert wrong == []


@needs_facts
def test_no_label_of_a_target_is_the_official_wording() -> None:
    with (FACTS.parent / "sdg" / "goals_targets.tsv").open(encoding="utf-8", newline="") as rows:
        official = {folded(row[one]) for row in csv.DictReader(rows, delimiter="\t") for one in LANGUAGES}
    assert {label for one in targets() for label in map(folded, one.labels.values())} & official == set()


def test_every_goal_has_words_in_every_language() -> None:
    said = Counter((one.goal, one.language) for one in goal_words() if one.strength == vocabulary.STRONG)
    assert [(goal.code, language) for goal in sdgs() for language in LANGUAGES if said[goal.code, language] < 19] == []


def test_no_goal_has_a_phrase_twice_in_a_language() -> None:
    said = Counter((one.goal, one.language, folded(one.phrase)) for one in goal_words())
    assert [phrase for phrase, times in said.items() if times > 1] == []


def test_goal_words_are_in_their_script() -> None:
    said = [(one.language, one.phrase) for one in goal_words()]
    said += [(language, one) for target in targets() for language in LANGUAGES for one in target.phrases[language]]
    assert [pair for pair in said if (pair[0] == "ar") != bool(ARABIC.search(pair[1]))] == []


def test_labels_of_a_list_are_told_apart() -> None:
    for language in LANGUAGES:
        said = Counter(theme.labels[language] for theme in themes())
        assert [words for words, times in said.items() if times > 1] == []
        for name in vocabulary.TERM_LISTS:
            said = Counter(term.labels[language] for term in terms(name))
            assert [words for words, times in said.items() if times > 1] == [], name


def test_every_theme_has_its_own_icon() -> None:
    assert [icon for icon, times in Counter(theme.icon for theme in themes()).items() if times > 1] == []


def test_no_phrase_speaks_for_two_themes() -> None:
    doubled = []
    for language in LANGUAGES:
        spoken = Counter(folded(phrase) for theme in themes() for phrase in theme.synonyms[language])
        doubled += [(language, phrase) for phrase, times in spoken.items() if times > 1]
    assert doubled == []


def test_no_label_of_a_theme_is_a_phrase_of_another() -> None:
    for language in LANGUAGES:
        labels = {folded(theme.labels[language]): theme.code for theme in themes()}
        wrong = [
            (language, theme.code, phrase)
            for theme in themes()
            for phrase in theme.synonyms[language]
            if labels.get(folded(phrase), theme.code) != theme.code
        ]
        assert wrong == []


def test_there_are_enough_phrases_and_not_too_many() -> None:
    wrong = [
        (entry.code, language, len(entry.synonyms[language]))
        for entry in entries()
        for language in LANGUAGES
        if not 8 <= len(entry.synonyms[language]) <= 20
    ]
    assert wrong == []
    assert len(themes()) <= 45


def test_themes_serve_known_goals() -> None:
    assert [theme.code for theme in themes() if not theme.sdgs or not set(theme.sdgs) <= set(range(1, 18))] == []


def test_generic_themes() -> None:
    assert {theme.code for theme in themes() if theme.generic} == {"cooperation", "governance", "innovation"}


def test_the_lists_cover_what_the_engine_names() -> None:
    assert [term.code for term in terms("stages")] == list(Stage)
    assert [term.code for term in terms("synergy_kinds")] == list(SynergyKind)
    assert codes_of("need_stages") == set(ItemKind) - {ItemKind.PROJECT}


def test_every_relation_reads_from_both_ends() -> None:
    assert [term.code for term in terms("relation_types") if not term.inverse] == []
    mutual = {term.code for term in terms("relation_types") if term.labels == term.inverse}
    assert mutual == {"partner_of", "twinned_with"}


def test_label_in_a_language() -> None:
    assert label("themes", "water", "ca") == "Aigua i sanejament"
    assert label("sdgs", 11, "fr") == "Villes et communautés durables"
    assert label("sdgs", "11", "en") == "Sustainable cities and communities"
    assert label("agreement_kinds", "twinning", "ar") == "توأمة"


def test_an_unknown_code_is_its_own_label() -> None:
    assert label("kinds", "port-community", "ca") == "port-community"
    assert label("sdgs", 18, "ar") == "18"


def test_a_language_without_labels_reads_english() -> None:
    assert label("kinds", "city", "pt") == "City"


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(VocabularyError, match="no list 'colours'"):
        terms("colours")
    with pytest.raises(VocabularyError, match="no list 'README'"):
        label("README", "city", "en")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Host, founding  member", "host"),
        ("co-president", "co-president"),
        ("attended a meeting", "participant"),
        ("President 2023-2026", "president"),
        ("President at December 2025", "president"),
        ("Co-presidency elected November 2019", "co-president"),
        ("Member (2018 annual report)", "member"),
        ("Board of Directors 2015", "board-member"),
        ("Urban Hub / urban programme", ""),
        ("EUR 288,300 in 2021", ""),
        ("", ""),
    ],
)
def test_roles_as_sources_write_them(written: str, code: str) -> None:
    assert role_code(written) == code


def test_no_written_kind_stands_for_two() -> None:
    kinds = [{term.code, *map(str.casefold, (*term.labels.values(), *term.written))} for term in terms("kinds")]
    assert [word for word, times in Counter(chain.from_iterable(kinds)).items() if times > 1] == []


def test_no_written_role_stands_for_two() -> None:
    written = Counter(words for term in terms("seat_roles") for words in {term.code, *term.written})
    assert [words for words, times in written.items() if times > 1] == []
    assert [words for words in written if words != words.casefold()] == []


@needs_facts
def test_every_theme_of_the_facts_is_known() -> None:
    tables = ("agreements", "calls", "departments", "needs", "organisations", "plan_actions", "projects")
    used = set().union(*(codes_in(table, "themes") for table in tables))
    assert used - {theme.code for theme in themes()} == set()
    assert len(used) == 30


@needs_facts
@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("organisations", "kind", "kinds"),
        ("calls", "eligible_kinds", "kinds"),
        ("relations", "type", "relation_types"),
        ("agreements", "kind", "agreement_kinds"),
        ("meetings", "kind", "meeting_kinds"),
        ("needs", "stage", "need_stages"),
        ("projects", "status", "stages"),
    ],
)
def test_every_code_of_the_facts_is_known(table: str, column: str, name: str) -> None:
    used = codes_in(table, column)
    assert used
    assert used - codes_of(name) == set()


@needs_facts
def test_every_role_of_a_seat_is_known() -> None:
    used = codes_in("seats", "role")
    assert used
    assert {written for written in used if not role_code(written)} == set()


@needs_facts
def test_every_presidency_of_the_facts_is_a_role() -> None:
    with (FACTS / "relations.csv").open(encoding="utf-8", newline="") as rows:
        written = {row["role_or_body"] for row in csv.DictReader(rows) if row["type"] == "president_of"}
    assert written
    assert {words for words in written if not role_code(words).endswith("president")} == set()


@needs_facts
def test_every_goal_of_the_facts_is_known() -> None:
    used = codes_in("projects", "sdgs") | codes_in("plan_actions", "sdgs")
    assert used
    assert used - {str(goal.code) for goal in sdgs()} == set()
