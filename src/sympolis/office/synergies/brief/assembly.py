"""The brief in its order: read the rows, ask the engine, say each part."""

from __future__ import annotations

from dataclasses import dataclass

from sympolis.office.synergies.answers import answers_for, as_learnt
from sympolis.office.synergies.brief.calls import call_lines
from sympolis.office.synergies.brief.changes import change_lines
from sympolis.office.synergies.brief.lines import Line, Section
from sympolis.office.synergies.brief.meeting_points import meeting_point_lines
from sympolis.office.synergies.brief.members import member_lines
from sympolis.office.synergies.brief.people import people_lines
from sympolis.office.synergies.brief.promises import next_meeting, promise_lines
from sympolis.office.synergies.brief.themes import theme_lines
from sympolis.office.synergies.brief.together import together_lines
from sympolis.office.synergies.brief.who import who_lines
from sympolis.office.synergies.enums import Subject
from sympolis.office.synergies.facts import Question, gather
from sympolis.office.synergies.learning import office_learning
from sympolis.office.synergies.models import Meeting


@dataclass(frozen=True, slots=True)
class Draft:
    """A brief in no language yet."""

    question: Question
    sections: dict[Section, list[Line]]
    meeting: Meeting | None
    learnt: int = 0  # how many answers of the office have shaped the order of ways and calls


def assemble(question: Question) -> Draft:
    facts = gather(question)
    learning = office_learning()
    answers = as_learnt(answers_for(facts), learning)
    return Draft(
        question=question,
        sections={
            Section.SIDES: who_lines(facts),
            Section.COMMON: meeting_point_lines(facts),
            Section.THEMES: theme_lines(facts, answers),
            Section.SYNERGIES: together_lines(facts, answers),
            Section.CALLS: call_lines(facts, answers),
            Section.MEMBERS: member_lines(facts, answers),
            Section.PEOPLE: people_lines(facts, answers),
            Section.COMMITMENTS: promise_lines(facts),
            Section.CHANGES: change_lines(facts),
        },
        meeting=next_meeting(facts),
        learnt=learning.used(Subject.SYNERGIES, Subject.CALLS),
    )
