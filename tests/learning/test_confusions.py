"""A confusing pair is not introduced on one day, and what was mixed up has somewhere to look."""

from dataclasses import replace

from app.content.library import read_library
from app.learning.confusions import (
    ConfusingPair,
    LookAlike,
    confusing_pairs,
    held_apart,
    look_alikes,
)
from app.learning.course import Course
from app.settings import ROOT

ALL = ["band-afstand", "band-engels", "los-vaster"]


def test_what_is_confused_is_confused_from_either_side(small_course: Course) -> None:
    assert small_course.confusable == {"band": ("losse-band",), "losse-band": ("band",)}


def test_a_confusing_pair_is_not_introduced_on_one_day(small_course: Course) -> None:
    assert held_apart(small_course, ALL, (), ()) == ["band-afstand", "band-engels"]
    assert held_apart(small_course, ALL[::-1], (), ()) == ["los-vaster"]
    begun = ["band-lena"]
    assert held_apart(small_course, ALL, begun, begun) == ["band-afstand", "band-engels"]


def test_what_was_introduced_before_today_keeps_nothing_waiting(small_course: Course) -> None:
    assert held_apart(small_course, ALL, ["band-lena"], ()) == ALL
    both = ["band-lena", "los-vaster"]
    assert held_apart(small_course, ALL[:2], both, ["los-vaster"]) == ALL[:2]
    # Another card of a concept that is known introduces nothing.
    answered = ["band-lena", "los-vaster", "band-engels"]
    assert held_apart(small_course, ["band-afstand"], answered, ["los-vaster"]) == ["band-afstand"]


def test_a_card_about_the_difference_introduces_neither(small_course: Course) -> None:
    cards = ["los-of-vast", "band-afstand"]
    assert held_apart(small_course, cards, (), ()) == cards


def test_what_left_the_course_and_cards_about_nothing_hold_nothing_back(
    small_course: Course,
) -> None:
    cards = {**small_course.cards, "los": replace(small_course.cards["band-lena"], concepts=())}
    course = replace(small_course, cards=cards)
    assert held_apart(course, ["los", "los-vaster"], ["verdwenen"], ["verdwenen"]) == [
        "los",
        "los-vaster",
    ]


def test_a_mixed_up_card_names_what_it_is_taken_for_and_the_card_that_asks_the_difference(
    small_course: Course,
) -> None:
    assert look_alikes(small_course, "band-lena") == [LookAlike("losse-band", "los-of-vast")]
    assert look_alikes(small_course, "los-vaster") == [LookAlike("band", "los-of-vast")]
    assert look_alikes(small_course, "los-of-vast") == [LookAlike("band", None)]


def test_every_confusion_of_the_whole_course_leads_somewhere(small_course: Course) -> None:
    for card in small_course.cards:
        for other in look_alikes(small_course, card):
            assert other.concept in small_course.concepts
            assert other.contrast is None or other.contrast in small_course.cards


def test_a_pair_has_its_difference_and_its_card_from_either_side(small_course: Course) -> None:
    said = "een losse band laat makkelijker los"
    for one, other in (("band", "losse-band"), ("losse-band", "band")):
        assert confusing_pairs(small_course, one) == [
            ConfusingPair(one, other, said, "los-of-vast")
        ]


def test_each_confusing_pair_of_the_course_has_something_to_do_in_class() -> None:
    course = read_library(ROOT)
    pairs = [pair for concept in course.concepts for pair in confusing_pairs(course, concept)]
    said = {frozenset((pair.concept, pair.other)) for pair in pairs if pair.difference}
    told = {
        frozenset((concept.id, other))
        for concept in course.concepts.values()
        for other, _ in concept.confusions
    }
    assert said == told
