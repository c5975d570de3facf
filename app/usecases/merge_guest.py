"""What somebody did as a guest in this browser joins their account."""

from app.learning.people import Learner
from app.storage import (
    cohort_invitations,
    cohort_members,
    cohort_messages,
    keys,
    learners,
    lessons,
    moments,
    own_cards,
    reflections,
    reports,
    reviews,
)
from app.storage.database import transaction
from app.usecases.rebuild_memory import rebuild_memory


def merge_guest(guest: Learner, account: Learner) -> int:
    """Merge the logs by id, fold the memories again, take over what was written, remove the guest.

    Gives how many reviews were new to the account. A review that both have counts once.
    """
    with transaction(guest.id, account.id):
        if _pair(guest, account) is None:
            return 0
        # On disk before the texts move: without their key they could not be read.
        keys.copy_keys(guest.id, account.id)
    with transaction(guest.id, account.id):
        pair = _pair(guest, account)
        if pair is None:
            return 0
        left, right = pair
        added = reviews.copy_log(left.id, right.id)
        own_cards.copy_changes(left.id, right.id)
        reports.copy_reports(left.id, right.id)
        lessons.copy_openings(left.id, right.id)
        cohort_members.copy_memberships(left.id, right.id)
        cohort_messages.copy_wishes(left.id, right.id)
        cohort_invitations.move_invitations(left.id, right.id)
        moments.copy_moments(left.id, right.id)
        reflections.move_reflections(left.id, right.id)
        if moments.wishes_of(right.id).keeping is None:
            moments.save_wishes(right.id, moments.wishes_of(left.id))
        learners.set_joined_at(right.id, min(left.joined_at, right.joined_at))
        rebuild_memory(right)
        learners.remove_learner(left.id)
    return added


def _pair(guest: Learner, account: Learner) -> tuple[Learner, Learner] | None:
    """Both, read again under the lock: the guest may have got an account of their own meanwhile."""
    left, right = learners.learner_of(guest.id), learners.learner_of(account.id)
    if left is None or right is None or not left.is_guest or left.id == right.id:
        return None
    return left, right
