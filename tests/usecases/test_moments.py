"""The prompt of a day, and how a moment ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.learning.course import Course, ReflectivePrompt
from app.learning.moments import Ending, Reason
from app.learning.people import Learner
from app.learning.reflections import JournalWishes, Keeping
from app.secrets.sealing import Keyring
from app.storage import keys, moments
from app.usecases.change_journal_wishes import change_journal_wishes
from app.usecases.end_moment import end_moment
from app.usecases.prompt_of_day import prompt_of_day
from tests.conftest import MONDAY, Clock

# No free day for anybody here: what is asked for is always there.
DAY = MONDAY.date()


@pytest.fixture
def course(small_course: Course) -> Course:
    """The small course with ten prompts."""
    [one] = small_course.prompts.values()
    names = [f"moment-{number}" for number in range(10)]
    return replace(small_course, prompts={name: replace(one, id=name) for name in names})


def prompt_on(course: Course, learner: Learner, day: date, is_get: bool) -> ReflectivePrompt:
    choice = prompt_of_day(course, learner, day, MONDAY, is_get, is_asked_for=True)
    assert choice.prompt is not None
    return choice.prompt


def test_a_get_decides_and_does_not_write(course: Course, anna: Learner) -> None:
    first = prompt_on(course, anna, DAY, is_get=True)
    assert moments.moment_of(anna.id, DAY) is None
    assert prompt_on(course, anna, DAY, is_get=True) == first


def test_page_and_mail_show_the_same_prompt_on_one_day(course: Course, anna: Learner) -> None:
    seen = prompt_on(course, anna, DAY, is_get=True)
    mailed = prompt_on(course, anna, DAY, is_get=False)
    assert mailed == seen
    # Whatever happens later, the day keeps what it showed.
    end_moment(anna, DAY, mailed.id, Ending.NOT_FOR_ME, MONDAY)
    again = prompt_of_day(course, anna, DAY, MONDAY, is_get=False)
    assert (again.prompt, again.reason) == (mailed, Reason.SHOWN_BEFORE)


def test_a_prompt_that_left_the_course_is_shown_no_more(course: Course, anna: Learner) -> None:
    shown = prompt_on(course, anna, DAY, is_get=False)
    left = {name: each for name, each in course.prompts.items() if name != shown.id}
    later = prompt_on(replace(course, prompts=left), anna, DAY, is_get=True)
    assert later.id != shown.id


def test_each_day_another_prompt_until_all_were_seen(course: Course, anna: Learner) -> None:
    days = [DAY + timedelta(days=number) for number in range(10)]
    assert len({prompt_on(course, anna, day, is_get=False).id for day in days}) == 10
    rest = prompt_of_day(course, anna, DAY + timedelta(days=10), MONDAY, True, is_asked_for=True)
    assert rest.reason is Reason.NOTHING_LEFT


@pytest.mark.parametrize("ending", list(Ending))
def test_a_moment_ends_and_can_be_opened_again(
    course: Course, anna: Learner, bram: Learner, ending: Ending
) -> None:
    prompt = prompt_on(course, anna, DAY, is_get=True)
    end_moment(anna, DAY, prompt.id, ending, MONDAY, is_fruitful=True)
    ended = moments.moment_of(anna.id, DAY)
    assert ended and (ended.prompt, ended.ending, ended.is_fruitful) == (prompt.id, ending, True)
    end_moment(anna, DAY, prompt.id, None, MONDAY)
    opened = moments.moment_of(anna.id, DAY)
    assert opened and (opened.ending, opened.is_fruitful) == (None, False)
    assert moments.moment_of(bram.id, DAY) is None


def test_a_prompt_of_some_days_ago_is_ended_on_its_own_day(course: Course, anna: Learner) -> None:
    mailed = prompt_on(course, anna, DAY, is_get=False)
    end_moment(anna, DAY + timedelta(days=3), mailed.id, Ending.IN_HEAD, MONDAY)
    then = moments.moment_of(anna.id, DAY)
    assert then and then.ending is Ending.IN_HEAD
    assert moments.moment_of(anna.id, DAY + timedelta(days=3)) is None


def test_a_prompt_somebody_picked_takes_the_place_of_an_open_one(
    course: Course, anna: Learner
) -> None:
    mailed = prompt_on(course, anna, DAY, is_get=False)
    first, second = [name for name in course.prompts if name != mailed.id][:2]
    end_moment(anna, DAY, first, Ending.WRITTEN, MONDAY)
    end_moment(anna, DAY, second, Ending.LATER, MONDAY)
    today = moments.moment_of(anna.id, DAY)
    assert today and (today.prompt, today.ending) == (first, Ending.WRITTEN)


@pytest.mark.parametrize("keeping", list(Keeping))
def test_a_choice_is_kept_and_can_be_changed(
    anna: Learner, bram: Learner, clock: Clock, keyring: Keyring, keeping: Keeping
) -> None:
    assert moments.wishes_of(anna.id) == JournalWishes(None, False)
    for wishes in (JournalWishes(keeping, True), JournalWishes(None, False)):
        change_journal_wishes(keyring, anna, wishes, clock())
        assert moments.wishes_of(anna.id) == wishes
    assert moments.wishes_of(bram.id) == JournalWishes()
    # A key is made only where there will be something to seal.
    assert len(keys.keys_of(anna.id, keys.Purpose.JOURNAL)) == (keeping is not Keeping.NOWHERE)
