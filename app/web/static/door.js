// Whoever signs in or out here is somebody else afterwards, so answers that still wait in this browser go out first.
// Without a connection they do not, but then the form does not arrive either, and they stay.
import { Outbox } from "./outbox.js";

const token = () => document.querySelector('meta[name="csrf-token"]').content;

for (const form of document.querySelectorAll("form[data-learner]")) {
  const outbox = new Outbox(form.dataset.learner, token);
  form.addEventListener("submit", async (event) => {
    if (!outbox.isEmpty) {
      event.preventDefault();
      await outbox.send();
      form.submit();
    }
  });
}
