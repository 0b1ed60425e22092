"""The turns of phrase by which calls limit who may apply, in English, Spanish, Catalan, French and Arabic."""

from __future__ import annotations

import re

from .vocabulary import pattern


def phrases(*parts: str) -> re.Pattern[str]:
    """Alternatives, each standing on its own between other words."""
    return re.compile(rf"(?<!\w){pattern(*parts)}(?!\w)", re.IGNORECASE)


LIMITS = phrases(
    r"(?:limited|restricted|reserved|open|opened)(?: only| exclusively)? (?:to|for)",
    r"only(?: (?:open )?(?:to|for))?",
    r"(?:must|shall|have to|has to) be",
    r"(?:eligible )?(?:applicants?|beneficiar(?:y|ies)|bodies|entities|organi[sz]ations)(?: are)?:",
    r"eligible (?:applicants?|beneficiar(?:y|ies)|bodies|entities|organi[sz]ations)(?: are)?",
    r"(?:limitad|reservad|abiert|restringid)[ao]s?(?: (?:únicamente|exclusivamente|solo|sólo))? a(?:l| los| las)?",
    r"(?:solo|sólo|únicamente)(?: podrán (?:participar|solicitar|presentar(?:se)?))?",
    r"debe(?:n|rá|rán)? (?:estar|ser)",
    r"podrán (?:participar|presentar(?:se| solicitudes)?|solicitar)",
    r"(?:limita(?:t|da|des|ts)|reserva(?:t|da|des|ts)|ober(?:t|ta|ts|tes)|restringi(?:t|da|ts|des))(?: (?:únicament"
    r"|exclusivament|només))? a(?:ls?| les)?",
    r"(?:només|únicament)(?: (?:poden|podran) (?:participar|sol·licitar|presentar(?:-s['’]hi)?))?",
    r"(?:ha|han|haurà|hauran) (?:d['’]estar|de ser|d['’]ésser)",
    r"(?:poden|podran) (?:participar|presentar(?:-s['’]hi| sol·licituds)?|sol·licitar)",
    r"(?:limité|réservé|ouvert)e?s?(?: (?:uniquement|exclusivement))? (?:aux?|à|à la|à l['’])",
    r"(?:uniquement|exclusivement|seul(?:e?s)?)",
    r"(?:doit|doivent|devra|devront) être",
    r"تقتصر(?: (?:المشاركة|الدعوة))?(?: على)?",
    r"(?:مقتصرة?|مخصصة|مفتوحة)(?: (?:فقط|حصرا|حصراً))?(?: (?:على|أمام))?",
    r"يجب أن (?:تكون|يكون)",
    r"فقط",
)
"""Words before a list that says who may apply."""

BODIES_MEANT = phrases(
    r"(?:legal )?(?:entit(?:y|ies)|persons?)",
    r"applicants?",
    r"participants?",
    r"participation",
    r"beneficiar(?:y|ies)",
    r"organi[sz]ations?",
    r"institutions?",
    r"authorit(?:y|ies)",
    r"bod(?:y|ies)",
    r"municipalit(?:y|ies)",
    r"cit(?:y|ies)",
    r"SMEs?",
    r"NGOs?",
    r"entidad(?:es)?",
    r"solicitantes?",
    r"participantes?",
    r"participación",
    r"beneficiari[oa]s?",
    r"organizaci(?:ón|ones)",
    r"autoridades",
    r"municipios",
    r"ciudades",
    r"ayuntamientos",
    r"entitats?",
    r"sol·licitants?",
    r"participació",
    r"organitzaci(?:ó|ons)",
    r"autoritats",
    r"municipis",
    r"ciutats",
    r"ajuntaments",
    r"beneficiaris?",
    r"entités?",
    r"demandeurs?",
    r"candidats?",
    r"bénéficiaires?",
    r"organismes?",
    r"organisations?",
    r"communes?",
    r"villes?",
    r"collectivités",
    r"(?:ال)?كيانات",
    r"(?:ال)?مشاركة",
    r"(?:ال)?متقدم(?:ون|ين)?",
    r"(?:ال)?مستفيد(?:ون|ين)?",
    r"(?:ال)?مؤسسات",
    r"(?:ال)?منظمات",
    r"(?:ال)?بلديات",
    r"(?:ال)?مدن",
)

NOT_OF_APPLICANTS = phrases(
    r"coordinators?", r"third part(?:y|ies)", r"financial support", r"sub-?contract\w*", r"placements?", r"controlled",
    r"activities", r"experts?", r"evaluators?", r"pilots?", r"living labs?", r"sites?", r"demonstrations?",
    r"associated partners?",
    r"international organi[sz]ations with headquarters", r"non-academic", r"owned", r"FSTP", r"should", r"could",
    r"encouraged", r"invited", r"recommended",
    r"coordinador(?:a|es)?", r"terceros", r"subcontrat\w+", r"deberían", r"se recomienda", r"se anima",
    r"coordinador(?:s|es)?", r"tercers", r"subcontract\w+", r"haurien", r"es recomana", r"s['’]anima",
    r"coordinateurs?", r"coordonnateurs?", r"tiers", r"sous-traitan\w+", r"devraient", r"encouragée?s", r"recommandé",
    r"(?:ال)?منسق(?:ون|ين)?", r"أطراف ثالثة", r"ينبغي", r"يستحسن",
)  # fmt: skip
"""A sentence about these binds not everybody who applies, or doesn't bind at all."""

AT_LEAST = phrases(
    r"at least", r"al menos", r"como mínimo", r"almenys", r"com a mínim", r"au moins", r"au minimum", r"على الأقل",
    r"(?:a )?minimum(?: of)?", r"un mínimo de", r"un mínim de", r"un minimum de", r"(?:ما )?لا يقل عن",
    r"no fewer than",
)  # fmt: skip

TOLD_ELSEWHERE = re.compile(
    r"(?:eligible countries|other eligib\w+ conditions)\s*:?\s*(?:eligible countries "
    r"|other eligib\w+ conditions )?(?:are |as )?"
    r"(?:described|set out|laid down|detailed) in [^.\n]{3,160}(?:\.|\n|$)",
    re.IGNORECASE,
)
