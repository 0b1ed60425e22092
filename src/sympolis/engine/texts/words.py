"""Texts as comparable words: one folding and one light stemming for every language Sympolis reads.

Documents and questions go through the same functions, so that *Residus*, *residuos* and *résidus* meet, and so that
Arabic is found with or without its vowel signs. The Arabic part follows the usual normalisation of Arabic retrieval
(Larkey, Ballesteros and Connell, *Light stemming for Arabic information retrieval*, 2007).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

PASSAGE_WORDS = 100
_LONGEST_WORD = 60
_LONGEST_PASSAGE = 1_500

_WORD = re.compile(r"[^\W_]+(?:·[^\W_]+)?", re.UNICODE)
_TWO_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)
_PIECE = re.compile(r"\S+")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_VOWEL_SIGNS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
_SENTENCE_END = re.compile(r"(?<=[.!?؟…])\s+(?=\S)|[\r\n]+|(?<=[;؛])\s+")
_ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None, "ک": "ك", "ی": "ي"}
    | {chr(0x0660 + digit): str(digit) for digit in range(10)}
    | {chr(0x06F0 + digit): str(digit) for digit in range(10)}
)
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "’": "'", "·": None})
_COMBINED = range(0x300, 0x1F000)  # where Unicode has its combining marks
_COMBINING = re.compile(f"[{''.join(letter for letter in map(chr, _COMBINED) if unicodedata.combining(letter))}]+")
_ARABIC_PREFIXES = ("وال", "بال", "كال", "فال", "لل", "ال", "و")
_ARABIC_SUFFIXES = ("ها", "ات", "ون", "ين", "ان", "يه", "ه", "ي")


def is_arabic(text: str) -> bool:
    """Whether a text holds a letter of the Arabic script."""
    return _ARABIC.search(text) is not None


def arabic_letters(text: str) -> int:
    """How many letters of the Arabic script a text holds; vowel signs, digits and marks are none."""
    return 0 if text.isascii() else sum(map(str.isalpha, _ARABIC.findall(text)))


def fold(text: str) -> str:
    """Lower case without accents, vowel signs or tatweel; Arabic letters in their plain forms. Idempotent."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).translate(_ARABIC_FORMS)
    return unicodedata.normalize("NFKC", _COMBINING.sub("", plain)).translate(_ARABIC_FORMS).casefold()


def words(text: str) -> list[str]:
    """Folded words of a text in order, each cut at 60 letters."""
    pieces = text.split()
    return list(chain.from_iterable(map(_known if _are_short(pieces) else _words_of, pieces)))


def _are_short(pieces: Sequence[str]) -> bool:
    """Whether what is read of them may be kept: of long ones it would fill the memory."""
    return max(map(len, pieces), default=0) <= _LONGEST_WORD


def _words_of(piece: str) -> tuple[str, ...]:
    """The words between two white spaces: the same come again and again."""
    return tuple(word[:_LONGEST_WORD] for word in _WORD.findall(fold(piece)))


_known = lru_cache(maxsize=100_000)(_words_of)


def spellings(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text, folded and as they are written in lower case."""
    for piece in text.split():
        yield from _spelled(piece)


def count_spellings(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """(folded, written) -> how often, over many texts."""
    counted: Counter[tuple[str, str]] = Counter()
    for piece, times in Counter(piece for text in texts for piece in text.split()).items():
        for pair in _spelled(piece):
            counted[pair] += times
    return counted


def _spelled(piece: str) -> tuple[tuple[str, str], ...]:
    return _known_spelled(piece) if len(piece) <= _LONGEST_WORD else _read_spelled(piece)


def _read_spelled(piece: str) -> tuple[tuple[str, str], ...]:
    found = _WORD.findall(_VOWEL_SIGNS.sub("", unicodedata.normalize("NFC", piece)).lower())
    pairs = ((fold(written), written) for written in found if len(written) <= _LONGEST_WORD)
    return tuple((folded, written) for folded, written in pairs if folded)


_known_spelled = lru_cache(maxsize=100_000)(_read_spelled)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A folded word without its plural and gender endings; the same rules for en, ca, es, fr, pt and it."""
    if is_arabic(word):
        return _stem_arabic(word)
    if len(word) < 4 or word.isdigit():
        return word
    for ending in ("aux", "eux", "oux"):
        if word.endswith(ending):
            return word[:-1]
    word = word.removesuffix("s") if not word.endswith("ss") else word
    word = word.removesuffix("e") if len(word) > 4 else word
    if word.endswith("cion"):
        return word[:-2]
    if len(word) > 4 and word[-1] in "ao":
        word = word[:-1]
    elif word.endswith("y") and len(word) > 3:
        return word[:-1] + "i"
    return _as_before_a(word)


def _as_before_a(word: str) -> str:
    """One spelling of a last sound: Catalan writes *platja* and *platges*, *biblioteca* and *biblioteques*."""
    for ending, plain in (("qu", "c"), ("gu", "g"), ("j", "g")):
        if word.endswith(ending) and len(word) > 3:
            return word.removesuffix(ending) + plain
    return word


def bare(word: str) -> str:
    """A folded word without the plural's *s*, an Arabic one without article and what is written in one with it."""
    if not is_arabic(word):
        return word.removesuffix("s")
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word


def _stem_arabic(word: str) -> str:
    word = bare(word)
    for suffix in _ARABIC_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


def terms(text: str) -> list[str]:
    """The stems a text is indexed and asked by, without words that say nothing."""
    return list(telling_stems(text))


def is_said(text: str) -> bool:
    """Whether a text has two letters at least. Encoders find something like digits, signs and emoji, too."""
    return _TWO_LETTERS.search(text) is not None


def telling_words(text: str) -> list[str]:
    """The folded words of a text without function words and single letters."""
    return list(_telling(text))


@lru_cache(maxsize=32)
def telling_stems(text: str) -> tuple[str, ...]:
    """The stems of ``telling_words``, one a word."""
    return tuple(map(stem, _telling(text)))


@lru_cache(maxsize=32)
def _telling(text: str) -> tuple[str, ...]:
    """A text is read for its stems, its meanings and its themes, one after the other."""
    pieces = text.split()
    return tuple(chain.from_iterable(map(_known_telling if _are_short(pieces) else _telling_of, pieces)))


def _telling_of(piece: str) -> tuple[str, ...]:
    return tuple(filter(_tells, _words_of(piece)))


_known_telling = lru_cache(maxsize=100_000)(_telling_of)


def telling_places(text: str) -> list[tuple[int, int]]:
    """Where the pieces between white space stand that hold the words of ``telling_words``: one (start, end) a word."""
    return [
        piece.span()
        for piece in _PIECE.finditer(text)
        for word in (_known if len(piece[0]) <= _LONGEST_WORD else _words_of)(piece[0])
        if _tells(word)
    ]


def _tells(word: str) -> bool:
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the white space around them."""
    return [piece.strip() for piece in _SENTENCE_END.split(text) if piece.strip()]


def passages(text: str, size: int = PASSAGE_WORDS) -> Iterator[str]:
    """Pieces of at most ``size`` words and 1,500 letters; a piece ends with a sentence where it can."""
    held: list[str] = []
    for sentence in sentences(text):
        parts = sentence.split()
        if held and len(held) + len(parts) > size:
            yield " ".join(held)[:_LONGEST_PASSAGE]
            held = []
        held += parts
        while len(held) > size:
            yield " ".join(held[:size])[:_LONGEST_PASSAGE]
            held = held[size:]
    if held:
        yield " ".join(held)[:_LONGEST_PASSAGE]


FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(listed.split())
    for language, listed in {
        "en": "the of and to in for with on by from at as is are be this that which their its an a or through into "
        "between how who what we our can will more other than not have has was were between towards against about",
        "ca": "el la els les de del dels i a al als en per amb un una uns unes que és són entre sobre com més o ni "
        "seva seves seu seus aquest aquesta cap des fins també on qui quan l d s hi ho nostra nostre volem cal fer pel "
        "pels dins sense contra vers mitjançant segons tot tots altres",
        "es": "el la los las de del y e a al en por para con un una unos unas que es son entre sobre como más o u ni "
        "su sus este esta hacia desde hasta también donde quien cuando lo se nuestra nuestro queremos hacer sin contra "
        "mediante según todo todos otros",
        "fr": "le la les de du des et à au aux en pour par avec un une que qui est sont entre sur comme plus ou ni "
        "son sa ses leur leurs ce cette ces vers depuis aussi où quand l d s nous notre nos dans sans contre selon "
        "tout tous autres afin ainsi",
        "pt": "o a os as de do da dos das e em no na nos nas por para com um uma uns umas que é são entre sobre como "
        "mais ou seu sua seus suas este esta pelo pela pelos pelas também onde quem quando ao aos à às sem até não",
        "it": "il lo la i gli le di del dello della dei degli delle e ed a al alla ai alle in nel nella nei nelle per "
        "con un una uno che è sono tra fra su sul sulla come più o da dal dalla suo sua loro questo questa anche",
        "tr": "ve bir bu için da de ki olan olarak gibi daha çok en her ne nasıl biz bizim var yok veya ya ama "
        "kadar sonra önce göre karşı üzerine arasında tarafından değil mi mı istiyoruz arıyoruz şu o hem ise",
        "de": "der die das und in zu den dem des ein eine einer einem eines mit für von auf an im am ist sind sich "
        "nicht als auch aus bei nach über durch zum zur wie wir uns unser unsere oder werden wird um vor zwischen "
        "gegen ohne mehr es sie ihre dass noch nur kein keine haben hat",
        "ar": "في من على إلى عن مع و أو هذا هذه التي الذي بين كما هو هي ما لا أن إن قد كل بعد قبل حول ذلك لدى عبر ضد",
    }.items()
}

STOP_WORDS: frozenset[str] = frozenset(
    word for listed in FUNCTION_WORDS.values() for entry in listed for word in words(entry)
)
