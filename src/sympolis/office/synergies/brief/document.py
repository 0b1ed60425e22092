"""A brief as it is stored: every line written down in one language, with what it rests on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from sympolis.engine.texts import vocabulary
from sympolis.office.core.texts import RIGHT_TO_LEFT
from sympolis.office.synergies.brief.assembly import Draft
from sympolis.office.synergies.brief.lines import Line, Proof, proof_of
from sympolis.office.synergies.brief.naming import name_of
from sympolis.office.synergies.brief.wording import Said, plain, written
from sympolis.office.synergies.brief.words import headings_in, words_in
from sympolis.office.synergies.models import Meeting
from sympolis.office.synergies.scope import Side

VERSION = 1

type Document = dict[str, Any]
type Item = dict[str, Any]


def document_of(draft: Draft, language: str) -> Document:
    """The snapshot: JSON alone, in one language, in need of no other row to be shown again."""
    question = draft.question
    pen = _Pen(language)
    sections: dict[str, list[Item]] = {
        section: [pen.item(line) for line in lines] for section, lines in draft.sections.items()
    }
    return {
        "version": VERSION,
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "title": title_of(draft, language),
        "on": question.on.isoformat(),
        "unconfirmed_included": question.include_unconfirmed,
        "parties": {side.name: _party(side, language) for side in question.sides},
        "network": _network(draft, language),
        "meeting": _meeting(draft.meeting, pen),
        "headings": headings_in(language),
        "words": words_in(language),
        "groups": _groups(draft, language),
        "learnt": draft.learnt,
        **sections,
    }


def title_of(draft: Draft, language: str) -> str:
    left, right = (name_of(side.organisation) for side in draft.question.sides)
    return plain(written(Said(_("%(left)s and %(right)s: a brief"), {"left": left, "right": right}), language))


def _party(side: Side, language: str) -> dict[str, Any]:
    best = name_of(side.organisation).best(language)
    return {
        "id": side.organisation.public_id,
        "name": best.text,
        "language": "" if best.language == language else best.language,
        "counted": [{"id": each.public_id, "name": name_of(each).best(language).text} for each in side.related],
    }


def _network(draft: Draft, language: str) -> dict[str, str] | None:
    network = draft.question.network
    return None if network is None else {"id": network.public_id, "name": name_of(network).best(language).text}


def _meeting(meeting: Meeting | None, pen: _Pen) -> Item | None:
    if meeting is None:
        return None
    said = Said(_("For %(when)s: %(title)s"), {"when": meeting.starts, "title": meeting.title_text()})
    line = Line(key=f"next:{meeting.public_id}", said=said, proofs=(proof_of(meeting),))
    return pen.item(line)


def _groups(draft: Draft, language: str) -> dict[str, str]:
    codes = {line.group for lines in draft.sections.values() for line in lines if line.group}
    return {code: vocabulary.label("themes", code, language) for code in sorted(codes)}


class _Pen:
    """Writes lines down in one language. What many lines rest on is written once."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._written: dict[int, tuple[Proof, dict[str, Any]]] = {}  # by identity: kept with the proof, so it stays

    def evidence(self, proof: Proof) -> dict[str, Any]:
        if id(proof) not in self._written:
            self._written[id(proof)] = proof, _evidence(proof, self.language)
        return self._written[id(proof)][1]

    def item(self, line: Line) -> Item:
        """Only what there is to say: empty fields are left out, ``text`` and ``evidence`` are always there."""
        language = self.language
        runs = written(line.said, language)
        is_synergy = line.key.startswith("synergy:")
        item: Item = {"key": line.key, "text": plain(runs), "evidence": [self.evidence(each) for each in line.proofs]}
        optional: dict[str, Any] = {
            "runs": [list(run) for run in runs] if any(run.language for run in runs) else None,
            "side": line.side,
            "group": line.group,
            "fold": str(line.fold),
            "via": "" if line.via is None else line.via.best(language).text,
            "kind": str(line.kind),
            "kind_word": vocabulary.label("synergy_kinds", line.kind, language) if is_synergy else "",
            "stage": str(line.stage),
            "stage_word": vocabulary.label("stages", line.stage, language) if line.stage else "",
            "state": str(line.state),
            "strength": str(line.strength or ""),
            "score": None if line.score is None else round(float(line.score), 3),
            "record": line.record,
            "private": str(line.kept_in_office),
            "long": not line.short,
            "unknown": line.unknown,
            "example": line.illustrative,
            "unconfirmed": line.unconfirmed,
            "parts": [self.item(part) for part in line.parts],
            "features": dict(line.features) or None,
        }
        return item | {name: value for name, value in optional.items() if value not in ("", None, False, [])}


def _evidence(proof: Proof, language: str) -> dict[str, Any]:
    passage, title = (written(each, language) for each in (proof.passage, proof.title))
    languages = {run.language for run in passage if run.language}
    evidence: dict[str, Any] = {
        "record": proof.record,
        "title": plain(title),
        "passage": plain(passage),
        "source_url": proof.source_url,
    }
    optional: dict[str, Any] = {
        "language": languages.pop() if len(languages) == 1 and len(passage) == 1 else "",
        "read_on": proof.read_on.isoformat() if proof.read_on else "",
        "example": proof.illustrative,
        "unconfirmed": not proof.confirmed,
    }
    return evidence | {name: value for name, value in optional.items() if value}
