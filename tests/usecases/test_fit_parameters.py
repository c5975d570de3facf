"""A fit comes into use for everybody it is better for, and every memory stays a fold of the log."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest

from app.content.library import read_library
from app.learning.course import Course
from app.learning.parameters import (
    BY_DEFAULT,
    Log,
    NoFit,
    ParametersInUse,
    ParameterSource,
    Verdict,
    by_card,
)
from app.learning.people import Learner, Track
from app.learning.reviews import Grade, Review
from app.learning.rhythm import Rhythm
from app.learning.scheduling import (
    DEFAULT_PARAMETERS,
    Memory,
    Parameters,
    fold,
    retrievability,
    return_days,
)
from app.settings import ROOT
from app.storage import learners, reviews, tables
from app.storage.parameters import add_course_parameters, course_parameters
from app.usecases.begin_as_guest import begin_as_guest
from app.usecases.change_rhythm import change_rhythm
from app.usecases.check_data import check_data
from app.usecases.fit_parameters import Fitted, fit_parameters
from app.usecases.import_log import import_log
from app.usecases.merge_guest import merge_guest
from app.usecases.plan_session import cards_within
from app.usecases.rebuild_memory import rebuild_memory
from app.usecases.record_reviews import record_reviews
from app.usecases.redo_review import redo_review
from app.usecases.show_card import show_card
from app.usecases.undo_review import undo_review
from app.usecases.use_parameters import use_parameters
from tests.conftest import KEYRING, MONDAY, Clock
from tests.logs import HARDER_FIRST_DAYS, simulated_log
from tests.packages import zip_of

MakeReview = Callable[..., Review]

PEOPLE = 15
DAYS = 80
OWN = ParametersInUse(HARDER_FIRST_DAYS, ParameterSource.PERSON, date(2026, 3, 9))


def finds(found: Parameters) -> Callable[[Sequence[Log]], Parameters]:
    return lambda _: found


def fails(_: Sequence[Log]) -> Parameters:
    raise NoFit("nothing found")


def again(learner: Learner) -> Learner:
    found = learners.learner_of(learner.id)
    assert found is not None
    return found


def folded(learner: Learner, parameters: Parameters) -> dict[str, Memory]:
    """What the log says under these parameters."""
    spacing = replace(learner.spacing, parameters=parameters)
    memories = (fold(log, spacing) for log in by_card(reviews.all_reviews(learner.id)))
    return {memory.card: memory for memory in memories if memory is not None}


@pytest.fixture(scope="module")
def logs() -> list[list[Review]]:
    """Of fifteen people who forget sooner than FSRS begins with: 20,000 reviews together."""
    course = read_library(ROOT)
    whose = Learner(0, None, 0, MONDAY, "Europe/Amsterdam", Track.VERDIEPING, 4)
    return [
        simulated_log(course, replace(whose, seed=n), MONDAY.date(), DAYS, HARDER_FIRST_DAYS)
        for n in range(PEOPLE)
    ]


@pytest.fixture
def crowd(db_url: str, clock: Clock, logs: list[list[Review]]) -> list[Learner]:
    """Those people. No fit of the course sees three of them."""
    people = [begin_as_guest("Europe/Amsterdam", clock()) for _ in logs]
    clock.forward(days=DAYS + 1)
    for learner, log in zip(people, logs, strict=True):
        reviews.add_reviews(learner.id, log)
        rebuild_memory(learner)
    return people


@pytest.fixture
def fitted_anna(anna: Learner, small_course: Course, clock: Clock, review: MakeReview) -> Learner:
    """Anna after a few cards, on parameters of her own."""
    for day in range(4):
        record_reviews(
            small_course,
            anna,
            [
                review(card, Grade.GOOD if day else Grade.AGAIN)
                for card in list(small_course.cards)[:3]
            ],
            clock(),
        )
        clock.forward(days=day + 1)
    use_parameters(anna.id, OWN)
    return again(anna)


# The whole of a fit


def test_a_better_fit_comes_into_use_for_everybody_and_says_what_moved(
    crowd: list[Learner], clock: Clock
) -> None:
    course, *each = fit_parameters(finds(HARDER_FIRST_DAYS), clock())
    assert course.trial.verdict is Verdict.BETTER
    assert course.trial.before is not None and course.trial.after is not None
    assert course.trial.after.rmse_bins < course.trial.before.rmse_bins
    assert course_parameters() == ParametersInUse(
        HARDER_FIRST_DAYS, ParameterSource.COURSE, date(2026, 5, 22)
    )
    assert [one.learner_id for one in each] == [learner.id for learner in crowd]
    for one, learner in zip(each, crowd, strict=True):
        assert one.moved is not None
        now = again(learner).parameters
        # The base is what they forget by, so no fit of their own can say better what comes.
        assert now == course_parameters()
        assert reviews.memories_of(learner.id) == folded(learner, HARDER_FIRST_DAYS)
        before = folded(learner, DEFAULT_PARAMETERS)
        after = folded(learner, HARDER_FIRST_DAYS)
        assert one.moved.cards == len(after)
        assert one.moved.moved == sum(after[card].due_on != before[card].due_on for card in after)
        assert one.moved.moved > 0
    assert list(check_data()) == []
    # The second time there is nothing better, and nothing moves.
    course, *each = fit_parameters(finds(HARDER_FIRST_DAYS), clock())
    assert course.trial.verdict is Verdict.NOT_BETTER
    assert [one.moved for one in each] == [None] * PEOPLE


def test_the_optimizer_finds_what_helps_and_what_it_finds_is_used(
    crowd: list[Learner], clock: Clock
) -> None:
    pytest.importorskip("fsrs_rs_python", reason="the optimizer is an extra")
    from app.optimizer.parameters import load_optimizer

    course, *each = fit_parameters(load_optimizer(), clock())
    assert course.trial.verdict is Verdict.BETTER
    assert course.trial.fitted is not None
    assert course.trial.fitted[2] == pytest.approx(HARDER_FIRST_DAYS[2], rel=0.3)
    assert all(one.moved is not None for one in each)
    assert list(check_data()) == []


def test_what_is_worse_or_only_looked_at_or_of_simulated_learners_changes_nothing(
    crowd: list[Learner], clock: Clock
) -> None:
    before = [reviews.memories_of(learner.id) for learner in crowd]
    nobody_forgets = (70.0, 80.0, 90.0, 100.0, *DEFAULT_PARAMETERS[4:])
    worse = list(fit_parameters(finds(nobody_forgets), clock()))
    refused = (Verdict.NOT_BETTER, Verdict.WORSE_AT_FIRST)
    assert all(one.trial.verdict in refused for one in worse)
    looked = list(fit_parameters(finds(HARDER_FIRST_DAYS), clock(), only_look=True))
    assert looked[0].trial.verdict is Verdict.BETTER
    tables.Learner.update(simulated=True).execute()
    (alone,) = fit_parameters(finds(HARDER_FIRST_DAYS), clock())
    assert (alone.trial.verdict, alone.trial.reviews) == (Verdict.TOO_FEW, 0)
    assert [one.moved for one in (*worse, *looked)] == [None] * 2 * (PEOPLE + 1)
    assert {again(learner).parameters for learner in crowd} == {BY_DEFAULT}
    assert [reviews.memories_of(learner.id) for learner in crowd] == before
    assert course_parameters() == BY_DEFAULT
    counted = fit_parameters(finds(HARDER_FIRST_DAYS), clock(), with_simulated=True)
    assert next(counted).trial.verdict is Verdict.BETTER


def test_a_person_can_have_a_fit_of_their_own_shrunk_to_what_the_course_uses(
    crowd: list[Learner], clock: Clock
) -> None:
    def own_alone(logs: Sequence[Log]) -> Parameters:
        if sum(map(len, logs)) > 5_000:
            raise NoFit("the whole course")
        return HARDER_FIRST_DAYS

    course, *each = fit_parameters(own_alone, clock())
    assert course.trial.verdict is Verdict.NO_FIT
    better = [one for one in each if one.trial.verdict is Verdict.BETTER]
    assert better
    for one in better:
        assert one.learner_id is not None
        learner = learners.learner_of(one.learner_id)
        assert learner is not None and one.trial.fitted is not None
        assert learner.parameters.source is ParameterSource.PERSON
        assert learner.parameters.since == learner.day_at(clock())
        assert 0.1542 < learner.parameters.values[20] < 0.3
        assert reviews.memories_of(learner.id) == folded(learner, one.trial.fitted)
    assert list(check_data()) == []
    # Who has a fit of their own keeps it until another is better.
    after = list(fit_parameters(fails, clock()))
    assert [one.moved for one in after] == [None] * (PEOPLE + 1)


def test_a_course_of_beginners_is_left_alone(
    anna: Learner, bram: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    record_reviews(small_course, anna, [review()], clock())
    for optimize in (fails, finds(HARDER_FIRST_DAYS)):
        everything: list[Fitted] = list(fit_parameters(optimize, clock()))
        assert [one.trial.verdict for one in everything] == [Verdict.TOO_FEW] * 3
        assert [one.moved for one in everything] == [None] * 3


def test_a_rebuild_that_fails_leaves_the_old_parameters_with_the_old_memories(
    fitted_anna: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reviews.memories_of(fitted_anna.id)

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(reviews, "save_memories", full)
    with pytest.raises(OSError):
        use_parameters(fitted_anna.id, BY_DEFAULT)
    monkeypatch.undo()
    assert again(fitted_anna).parameters == OWN
    assert reviews.memories_of(fitted_anna.id) == before
    assert list(check_data()) == []


# Living with parameters of one's own


def test_everything_that_happens_later_goes_on_with_them(
    fitted_anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    anna = fitted_anna
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    given = review("band-engels", Grade.GOOD)
    record_reviews(small_course, anna, [given, review("los-vaster")], clock())
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    late = review("band-engels", Grade.HARD, reviewed_at=clock() - timedelta(days=2))
    record_reviews(small_course, anna, [late], clock())
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    undo_review(anna, given.id, clock())
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    redo_review(anna, given.id)
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    rebuild_memory(anna)
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    assert list(check_data()) == []


def test_whoever_was_read_before_the_fit_is_folded_with_what_is_in_use_now(
    anna: Learner, fitted_anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    """A grade that is under way while a fit comes into use."""
    assert anna.parameters == BY_DEFAULT
    given = review("band-engels", Grade.GOOD)
    recorded = record_reviews(small_course, anna, [given, review("los-vaster")], clock())
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    assert recorded.due["los-vaster"] == folded(anna, HARDER_FIRST_DAYS)["los-vaster"].due_on
    undo_review(anna, given.id, clock())
    rebuild_memory(anna)
    assert reviews.memories_of(anna.id) == folded(anna, HARDER_FIRST_DAYS)
    assert list(check_data()) == []


def test_what_was_chosen_about_time_and_the_parameters_hold_together(
    fitted_anna: Learner, bram: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    before = reviews.memories_of(fitted_anna.id)
    change_rhythm(fitted_anna, Rhythm(retention=80, easy_days=frozenset({6})))
    record_reviews(small_course, fitted_anna, [review("los-vaster")], clock())
    found = again(fitted_anna)
    assert (found.spacing.retention, found.spacing.parameters) == (0.8, HARDER_FIRST_DAYS)
    after = reviews.memories_of(found.id)
    assert after == folded(found, HARDER_FIRST_DAYS)
    assert after["band-engels"].stability == before["band-engels"].stability
    assert after["band-engels"].due_on > before["band-engels"].due_on
    assert list(check_data()) == []
    import_log(KEYRING, small_course, bram, BytesIO(zip_of(found, clock)), clock())
    assert (again(bram).rhythm, again(bram).parameters) == (found.rhythm, OWN)
    assert reviews.memories_of(bram.id) == after


@pytest.mark.parametrize("grade", list(Grade))
def test_the_day_on_a_button_is_the_day_that_happens(
    grade: Grade, fitted_anna: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    today = fitted_anna.day_at(clock())
    for card in ("band-engels", "los-vaster"):
        memory = reviews.memory_of(fitted_anna.id, card)
        shown = return_days(memory, card, today, fitted_anna.spacing)
        given = review(card, grade, day=today)
        recorded = record_reviews(small_course, fitted_anna, [given], clock())
        assert recorded.due[card] == shown[grade]


def test_a_cards_own_page_says_what_the_memory_says(fitted_anna: Learner, clock: Clock) -> None:
    today = fitted_anna.day_at(clock())
    for card, memory in reviews.memories_of(fitted_anna.id).items():
        assert memory.decay == HARDER_FIRST_DAYS[20]
        shown = show_card(fitted_anna, card, today)
        assert shown.progress.due_on == shown.answers[-1].due_on == memory.due_on
        (now,) = {point.chance for point in shown.curve if point.day == today}
        assert now == retrievability(memory, today) == shown.progress.chance_now


def test_somebody_new_begins_with_what_the_course_has_in_use(clock: Clock, db_url: str) -> None:
    assert again(begin_as_guest("Europe/Amsterdam", clock())).parameters == BY_DEFAULT
    add_course_parameters((*DEFAULT_PARAMETERS[:20], 0.2), date(2026, 2, 1))
    add_course_parameters(HARDER_FIRST_DAYS, date(2026, 3, 1))
    begun = begin_as_guest("Europe/Amsterdam", clock())
    assert begun.parameters == again(begun).parameters == course_parameters()
    assert begun.parameters.since == date(2026, 3, 1)


def test_a_guest_who_joins_an_account_takes_on_what_the_account_uses(
    fitted_anna: Learner, bram: Learner, small_course: Course, review: MakeReview, clock: Clock
) -> None:
    record_reviews(small_course, bram, [review("los-vaster")], clock())
    learners.give_account(fitted_anna.id, "anna@haven.test", "hash")
    merge_guest(bram, fitted_anna)
    assert "los-vaster" in reviews.memories_of(fitted_anna.id)
    assert reviews.memories_of(fitted_anna.id) == folded(fitted_anna, HARDER_FIRST_DAYS)
    assert list(check_data()) == []


def test_a_fresh_install_gives_the_same_days_under_the_same_parameters(
    fitted_anna: Learner, bram: Learner, small_course: Course, clock: Clock
) -> None:
    import_log(KEYRING, small_course, bram, BytesIO(zip_of(fitted_anna, clock)), clock())
    assert again(bram).parameters == OWN
    assert reviews.memories_of(bram.id) == reviews.memories_of(fitted_anna.id)
    assert list(check_data()) == []
    today = bram.day_at(clock())
    for stacked in cards_within(small_course, again(bram), today, today):
        assert stacked.memory is None or stacked.memory.decay == 0.3


def test_the_numbers_are_read_as_they_were_written(anna: Learner) -> None:
    values = tuple(value + 1e-15 for value in HARDER_FIRST_DAYS)
    use_parameters(anna.id, replace(OWN, values=values))
    assert again(anna).parameters.values == values
