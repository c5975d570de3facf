"""From the front door to the day a card comes back."""

from tests.conftest import Clock, Visitor


def test_a_card_answered_in_a_lesson_returns_on_the_day_its_button_said(
    visitor: Visitor, clock: Clock
) -> None:
    visitor.begin()
    lesson = visitor.get("/hoofdstuk1/eerste-les")
    assert "Wat doet een band op afstand?" in lesson

    stack = visitor.client.get("/herhalen/stapel?dagen=0").get_json()["cards"]
    card = next(card for card in stack if card["card"] == "band-afstand")
    answered = visitor.send(
        "/herhalen/beoordelingen",
        {
            "reviews": [
                {
                    "id": "5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001",
                    "card": "band-afstand",
                    "grade": "good",
                    "reviewed_at": clock().isoformat(),
                    "duration_ms": 4000,
                    "why_missed": None,
                }
            ]
        },
    ).get_json()
    assert answered["accepted"] == ["5a3c2c58-9d6a-4b11-9f3e-0d4cf7a0b001"]
    assert answered["due"] == {"band-afstand": card["returns"]["good"]}
    assert card["returns"]["good"] == "2026-03-04"

    clock.forward(days=1)
    assert "band-afstand" not in _cards_due(visitor)
    clock.forward(days=1)
    assert "band-afstand" in _cards_due(visitor)
    assert "Wat doet een band op afstand?" in visitor.get("/herhalen")


def _cards_due(visitor: Visitor) -> list[str]:
    answer = visitor.client.get("/herhalen/stapel?dagen=0").get_json()
    return [card["card"] for card in answer["cards"]]
