"""What the course states of each judged claim, held against the lessons themselves."""

from tests.claims import FILE, Claim, claims_in, mistake_in, renewed, text_of

# How many claims of each paragraph of the chapter were judged.
JUDGED = {1: 17, 2: 14, 3: 19, 4: 10, 5: 17, 6: 6}
LESSON = "---\ntitel: Een les\n---\n\n[**Rust** komt met oefening.]{kaart: rust} Vaak.\n"


def test_every_judged_claim_stands_in_the_lesson_and_on_the_line_that_the_table_names() -> None:
    claims = claims_in(FILE.read_text(encoding="utf-8"))
    assert [mistake for claim in claims if (mistake := mistake_in(claim, text_of(claim)))] == []


def test_no_judged_claim_is_left_out() -> None:
    claims = claims_in(FILE.read_text(encoding="utf-8"))
    numbers = {tuple(map(int, claim.number.split("."))) for claim in claims}
    judged = {(part, number) for part, last in JUDGED.items() for number in range(1, last + 1)}
    assert len(judged) == 83
    assert judged - numbers == set()


def test_the_right_line_is_told_and_renewed() -> None:
    claim = Claim("1.1", "a.md", 3, "komt met oefening")
    assert "stands on line 5, not 3" in mistake_in(claim, LESSON)
    assert renewed(claim, LESSON).line == 5
    assert mistake_in(renewed(claim, LESSON), LESSON) == ""


def test_words_that_are_gone_are_told_and_left_alone() -> None:
    claim = Claim("1.1", "a.md", 3, "komt vanzelf")
    assert "is gone" in mistake_in(claim, LESSON)
    assert renewed(claim, LESSON) == claim


def test_a_row_is_read_as_it_is_written() -> None:
    claim = Claim("1.10", "hoofdstuk1/01-a.md", 12, "Meestal: een 'persoon', zegt men")
    assert claims_in(
        f"| claim | lesson | line | words |\n| --- | --- | --- | --- |\n{claim}\n"
    ) == [claim]
