"""Which records are compared, and that a world ten times as large has ten times as many pairs."""

from sympolis.engine.resolve.bodies import Body, prepare
from sympolis.engine.resolve.candidates import candidates
from sympolis.engine.resolve.resolve import resolve_bodies
from sympolis.engine.resolve.sketches import sketches

PLACES = ("Nord", "Sud", "Est", "Oest", "Centre", "Mar", "Muntanya", "Riu")


def compared(bodies: list[Body]) -> set[tuple[str, str]]:
    return {(bodies[left].id, bodies[right].id) for left, right in candidates(sketches(prepare(bodies, None))).tolist()}


def like_each_other(count: int) -> list[Body]:
    """Names that share words, beginnings and initials with very many others, each of them twice."""
    names = [f"Fundació Aigua {PLACES[at % 8]} {PLACES[at // 8 % 8]} {at // 64:b}x" for at in range(count)]
    return [Body(f"{name}#{copy}", (name,), "ES") for copy in range(2) for name in names]


def test_pairs_grow_no_faster_than_records_and_the_same_name_always_meets() -> None:
    few, many = like_each_other(150), like_each_other(1_500)
    pairs = [compared(bodies) for bodies in (few, many)]
    assert len(pairs[1]) <= 5 * len(many)
    assert len(pairs[1]) / len(many) <= 1.2 * len(pairs[0]) / len(few)
    assert {(one.id, f"{one.names[0]}#1") for one in many[:1_500]} <= pairs[1]


def test_what_says_much_is_compared_among_however_many() -> None:
    """An identifier in any country, a name without its country, initials, and an error of typing."""
    many = like_each_other(500)
    ones = [
        Body("id-es", ("Consorci del Delta",), "ES", identifiers=("pic:9",)),
        Body("id-fr", ("Something Else",), "FR", identifiers=("pic:9",)),
        Body("bare", ("Fundació Aigua Nord Nord 0x",), ""),
        Body("short", ("ACPD",), "ES"),
        Body("long", ("Associació Catalana Pobles Delta",), "ES"),
        Body("typed", ("Fundació Aigua Nord Nordd 0x",), "ES"),
    ]
    pairs = compared(many + ones)
    assert {("id-es", "id-fr"), ("short", "long")} <= pairs
    assert {right for left, right in pairs if left == "Fundació Aigua Nord Nord 0x#0"} >= {"bare", "typed"}


def test_another_country_without_anything_in_common_is_not_compared() -> None:
    pairs = compared([Body("es", ("Casa del Mar",), "ES"), Body("pt", ("Casa del Mar",), "PT")])
    assert pairs == set()
    pairs = compared(
        [Body("es", ("Casa Mar",), "ES", website="https://casa.org"), Body("pt", ("Mar",), "PT", website="casa.org")]
    )
    assert pairs == {("es", "pt")}


def test_dozens_of_records_written_alike_are_compared_with_the_first_of_them() -> None:
    """They would only keep each other, and who is written another way would find none of them."""
    one = [Body(f"one{at:02d}", ("Consell Comarcal del Delta",), "ES", identifiers=(f"pic:{at}",)) for at in range(40)]
    other = [Body(f"other{at:02d}", ("CONSELL COMARCAL DELTA",), "ES") for at in range(40)]
    another = Body("ror", ("Consell Comarcal del Delta",), "ES", identifiers=("ror:1",))  # a body has one of these
    pairs = compared([*one, *other, another])
    assert {("one00", "other00"), ("one00", "ror")} <= pairs
    assert pairs - {("other00", "ror")} == {
        ("one00", "other00"),
        ("one00", "ror"),
        *(("one00", body.id) for body in one[1:]),
        *(("other00", body.id) for body in other[1:]),
    }
    resolved = resolve_bodies([*one, *other], None).entities
    assert {standing for standing, _ in resolved.values()} == {"one00"}
