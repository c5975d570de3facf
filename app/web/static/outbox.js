// Answers that are not known to be on disk at the server. They stay in this browser until they are.
//
// Each has a key of its own, with the learner in it: two tabs never overwrite each other's answers,
// and another account in the same browser never sends them. The server counts an id once, so
// sending one twice does no harm.

const REVIEW = "antwoord";
const UNDO = "ongedaan";
const LARGEST_BATCH = 500;
const PATIENCE = 10_000; // milliseconds

export class Outbox {
  #learner;
  #token;

  // `token` is a function that gives the CSRF token of the moment.
  constructor(learner, token) {
    this.#learner = learner;
    this.#token = token;
  }

  // False where the browser keeps nothing; what is sent at once still arrives.
  putReview(review) {
    return this.#put(REVIEW, review.id, review);
  }

  putUndo(id) {
    this.#put(UNDO, id, { id });
  }

  reviewOf(id) {
    return this.#all(REVIEW).find((review) => review.id === id);
  }

  removeReview(id) {
    localStorage.removeItem(this.#key(REVIEW, id));
  }

  get isEmpty() {
    return this.#all(REVIEW).length + this.#all(UNDO).length === 0;
  }

  // Send everything once. Gives how many were accepted and refused, and why it stopped:
  // null, "offline" or "signed_out".
  send() {
    const name = `haven/${this.#learner}`;
    return navigator.locks ? navigator.locks.request(name, () => this.#send()) : this.#send();
  }

  async #send() {
    const told = { accepted: 0, refused: 0, reason: null };
    const reviews = this.#all(REVIEW);
    for (let start = 0; start < reviews.length; start += LARGEST_BATCH) {
      const answer = await this.#post("/herhalen/beoordelingen", { reviews: reviews.slice(start, start + LARGEST_BATCH) });
      if (answer.reason) {
        return { ...told, reason: answer.reason };
      }
      const { accepted, refused } = answer.body;
      for (const id of [...accepted, ...refused.map((refusal) => refusal.id)]) {
        this.removeReview(id);
      }
      told.accepted += accepted.length;
      told.refused += refused.length;
    }
    for (const { id } of this.#all(UNDO)) {
      const answer = await this.#post("/herhalen/ongedaan", { id });
      // Not found is fine: the answer never arrived, or was taken back already.
      if (answer.reason && answer.status !== 404) {
        return { ...told, reason: answer.reason };
      }
      localStorage.removeItem(this.#key(UNDO, id));
      told.accepted += 1;
    }
    return told;
  }

  async #post(path, body) {
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": this.#token() },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.ok) {
        return { reason: null, body: await response.json() };
      }
      const isOurs = [400, 401, 403].includes(response.status);
      return { reason: isOurs ? "signed_out" : "offline", status: response.status };
    } catch {
      return { reason: "offline" };
    }
  }

  #put(kind, id, value) {
    try {
      localStorage.setItem(this.#key(kind, id), JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  #key(kind, id) {
    return `haven/${this.#learner}/${kind}/${id}`;
  }

  #all(kind) {
    const start = this.#key(kind, "");
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start))
      .map((key) => JSON.parse(localStorage.getItem(key)));
  }
}
