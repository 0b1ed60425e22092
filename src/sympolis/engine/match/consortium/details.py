"""What a consortium's rules, reasons and gaps say: message key -> English, with the names of their values."""

from types import MappingProxyType

RULES = MappingProxyType(
    {
        "at-least": "At least {least} bodies",
        "at-most": "At most {most} bodies",
        "alone": "One body may apply alone",
        "size-not-told": "The call doesn't tell how many bodies it takes",
        "from-countries": "From at least {countries} countries",
        "one-in": "At least one of them in one of the countries of {group}",
        "takes-part": "At least {least} in the role {role}, from {countries} countries (0: not told)",
        "more-asked": "More is asked of certain bodies, see the call's words",
        "countries": "Each from a country that may apply",
        "kinds": "Each of a kind that may apply",
        "deadline": "One can still apply",
    }
)

REASONS = MappingProxyType(
    {
        "covers": "It works on {theme}: {records}",
        "fills-roles": "It fills the roles {roles}",
        "already-partners": "It works with the lead already: {count} records",
        "only-there": "Nobody else in the set is in {country}",
        "new-region": "Nobody else in the set is in that part of the world: {region}",
        "needed": "Without it these rules would not be met: {rules}",
        "wished": "It was asked to be in",
    }
)
"""Beside these, the reasons of ``match/partners.py``."""

MISSING = MappingProxyType(
    {
        "bodies": "{count} more bodies are needed",
        "countries": "Bodies of {count} more countries are needed",
        "one-in": "Nobody is in one of the countries of {group}",
        "role-due": "{count} more are needed in the role {role}, and the call demands them",
        "role-countries": "Those in the role {role} must be of {count} more countries",
        "role": "Nobody fills the role {role}, which the call names",
        "competence": "Nobody works on {theme}, which the call asks for",
    }
)
