// The cards of today, fetched when a sitting begins, so that it can go on without a connection.
// The order is the server's: what is due, what is new, and what was missed in time to be remembered.

export class Pack {
  #cards = new Map();
  #waiting = [];
  #missed = [];
  #before; // the card that was here last: its sisters wait

  async fill() {
    const response = await fetch("/herhalen/stapel?dagen=0", { headers: { "Accept": "application/json" } });
    if (!response.ok) {
      return;
    }
    const { cards } = await response.json();
    this.#cards = new Map(cards.map((item) => [item.card, item]));
    this.#waiting = cards.map((item) => item.card);
  }

  of(card) {
    return this.#cards.get(card);
  }

  answered(card, grade) {
    this.#drop(card);
    this.#before = card;
    if (grade === "again") {
      this.#missed.push(card);
    }
  }

  putAway(card) {
    this.#drop(card);
    this.#before = card;
  }

  skipped(card) {
    this.#before = card;
  }

  // The answer was taken back: the card is asked again, first of all.
  restored(card) {
    this.#drop(card);
    this.#waiting.unshift(card);
  }

  next(left, skipped) {
    const askable = (card) => this.#cards.has(card) && !skipped.includes(card);
    const missed = this.#missed.filter(askable);
    const waiting = this.#waiting.filter(askable);
    if (left <= 0) {
      return undefined;
    }
    const candidates = missed.length >= left ? missed : [...waiting, ...missed];
    const card = candidates.find((other) => !this.#isSister(other)) ?? candidates[0];
    return this.#cards.get(card);
  }

  // One gives the other away; the rule is that of `is_sister` in app/learning/own_cards.py.
  #isSister(card) {
    const concepts = this.#cards.get(this.#before)?.concepts ?? [];
    return card === this.#before || this.#cards.get(card).concepts.some((concept) => concepts.includes(concept));
  }

  #drop(card) {
    this.#waiting = this.#waiting.filter((other) => other !== card);
    this.#missed = this.#missed.filter((other) => other !== card);
  }
}
