"""What the answers on eligibility say: message key -> English, with the names of its values."""

from types import MappingProxyType

DETAILS = MappingProxyType(
    {
        "countries-in": "Bodies of these countries may apply: {countries}",
        "countries-out": "Bodies of these countries may not apply: {countries}",
        "countries-in-by-rule": "By the programme's standard rule bodies of these countries may apply: {countries}",
        "countries-unclear": "The call doesn't tell it of these countries: {countries}",
        "countries-not-told": "The call doesn't tell which countries may apply",
        "told-elsewhere": "The call says only where it is written",
        "applicant-not-known": "Who would apply isn't known",
        "kinds-in": "Bodies of these kinds may apply: {kinds}",
        "kinds-out": "Bodies of these kinds may not apply: {kinds}",
        "kinds-unclear": "The call doesn't tell it of bodies of these kinds: {kinds}",
        "kinds-not-told": "The call doesn't tell which kinds of bodies may apply",
        "any-body": "Any body may apply",
        "any-body-by-rule": "By the programme's standard rule any body may apply",
        "people-only": "It is for people, not for bodies",
        "named-bodies-only": "It is only for the bodies it names",
        "alone": "One body may apply alone",
        "alone-by-rule": "By the programme's standard rule one body may apply alone",
        "alone-only": "One body applies alone: a consortium can't",
        "at-least": "At least {least} bodies, from {countries} countries (0: not told)",
        "at-least-by-rule": "By the programme's standard rule at least {least} bodies, from {countries} countries",
        "at-least-of": "At least {least} of certain bodies, see the call's words",
        "at-most": "At most {most} bodies",
        "between": "At least {least} bodies, from {countries} countries, and at most {most}",
        "consortium-met": "The {bodies} bodies asked about are enough",
        "consortium-not-told": "The call doesn't tell how many bodies it takes",
        "closed": "The call is closed",
        "closed-on": "The call closed on {closes}",
        "closes-today": "The call closes today",
        "closes-in": "The call closes on {closes}: {days} days are left",
        "cut-offs": "There are several days to apply by: the next is {closes}, in {days} days, the last {last}",
        "opens-on": "The call opens on {opens} and closes on {closes}",
        "not-open-yet": "The call is not open yet; it closes on {closes}",
        "closes-about": "When in {closes} the call closes isn't told",
        "deadline-not-told": "When the call closes isn't told",
        "share": "Up to {share} % of the cost is paid: {own} % is one's own",
        "share-by-rule": "By the programme's standard rule up to {share} % of the cost is paid: {own} % is one's own",
        "whole": "The whole cost is paid",
        "whole-by-rule": "By the programme's standard rule the whole cost is paid",
        "shares-differ": "Several shares are told: {shares} %",
        "share-not-told": "The call doesn't tell what share of the cost is paid",
    }
)
"""``by-rule`` are weaker answers: the call itself doesn't say so."""
