// The cards of today, fetched when a sitting begins, so that it can go on without a connection.
// The order is the server's: what is due, what is new, and what was missed in time to be remembered.

export class Pack {
  #cards = new Map();
  #waiting = [];
  #missed = [];

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
    if (grade === "again") {
      this.#missed.push(card);
    }
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
    const card = missed.length >= left ? missed[0] : (waiting[0] ?? missed[0]);
    return this.#cards.get(card);
  }

  #drop(card) {
    this.#waiting = this.#waiting.filter((other) => other !== card);
    this.#missed = this.#missed.filter((other) => other !== card);
  }
}
