"""What somebody did as a guest in this browser joins their account."""

from app.learning.people import Learner
from app.storage import cohort_members, learners, lessons, own_cards, reports, reviews
from app.storage.database import transaction
from app.usecases.rebuild_memory import rebuild_memory


def merge_guest(guest: Learner, account: Learner) -> int:
    """Merge the logs by id, fold the memories again and remove the guest.

    Gives how many reviews were new to the account. A review that both have counts once.
    """
    with transaction(guest.id, account.id):
        # Read again under the lock: the guest may have got an account of their own meanwhile.
        left, right = learners.learner_of(guest.id), learners.learner_of(account.id)
        if left is None or right is None or not left.is_guest or left.id == right.id:
            return 0
        added = reviews.copy_log(left.id, right.id)
        own_cards.copy_changes(left.id, right.id)
        reports.copy_reports(left.id, right.id)
        lessons.copy_openings(left.id, right.id)
        cohort_members.copy_memberships(left.id, right.id)
        learners.set_joined_at(right.id, min(left.joined_at, right.joined_at))
        rebuild_memory(right)
        learners.remove_learner(left.id)
    return added
