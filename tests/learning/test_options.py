"""The order of the options of a multiple-choice card."""

from app.learning.options import in_shown_order

OPTIONS = ["goed", "fout", "mis"]


def test_the_order_stays_until_the_card_is_answered() -> None:
    assert in_shown_order(OPTIONS, "kaart", 3) == in_shown_order(OPTIONS, "kaart", 3)
    assert sorted(in_shown_order(OPTIONS, "kaart", 3)) == sorted(OPTIONS)


def test_the_place_of_an_option_teaches_nothing() -> None:
    places = [
        in_shown_order(OPTIONS, f"kaart-{card}", reviews).index("goed")
        for card in range(100)
        for reviews in range(10)
    ]
    for place in range(3):
        assert 280 < places.count(place) < 390


def test_the_order_of_one_card_changes_over_its_reviews() -> None:
    orders = {tuple(in_shown_order(OPTIONS, "kaart", reviews)) for reviews in range(30)}
    assert len(orders) == 6
