// A prompt: what is typed survives a lost page as a draft, sealed on this device; and who chose to
// keep writing on this device only, keeps it here and sends no more than how the moment ended.
import { canKeep, DeviceJournal } from "./device_journal.js";

const PAUSE = 800; // milliseconds after the last key

const sheet = document.querySelector("[data-keys]");
const journal = canKeep() ? new DeviceJournal(JSON.parse(sheet.dataset.keys)) : null;
const draftId = `concept/${sheet.dataset.prompt}`;

if (journal && sheet.dataset.ended === "written") {
  journal.remove(draftId).catch(() => {});
} else if (journal && sheet.matches("form")) {
  begin(sheet, sheet.querySelector("textarea"));
}

async function begin(form, field) {
  const { keeping } = form.dataset;
  if (!field || keeping === "nowhere") {
    return;
  }
  for (const part of document.querySelectorAll("[data-needs-script], [data-no-script]")) {
    part.hidden = part.matches("[data-no-script]");
  }
  const told = form.querySelector("[data-draft]");
  let timer;
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => keepDraft(field, told), PAUSE);
  };
  // Before anything is waited for: whoever is quick must not get past it.
  field.addEventListener("input", keepSoon);
  if (keeping === "device") {
    form.addEventListener("submit", (event) => keepHere(event, form, field, told));
  }
  const draft = await journal.get(draftId).catch(() => null);
  if (draft && !field.value) {
    field.value = draft.text;
    told.textContent = "Dit stond er nog van de vorige keer.";
  } else if (field.value !== field.defaultValue) {
    keepSoon(); // somebody wrote before this script was there
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keepDraft(field, told));
}

async function keepDraft(field, told) {
  const text = field.value.trim();
  try {
    await (text ? journal.put({ id: draftId, kind: "draft", text }) : journal.remove(draftId));
    told.textContent = text ? "Wat je typt, blijft op dit apparaat staan tot je afrondt." : "";
  } catch {
    told.textContent = "";
  }
}

async function keepHere(event, form, field, told) {
  if (event.submitter?.value !== "written") {
    return;
  }
  event.preventDefault();
  const text = field.value.trim();
  if (!text) {
    told.textContent = "Er staat nog niets. Schrijf iets, of kies een van de andere knoppen.";
    field.focus();
    return;
  }
  try {
    navigator.storage?.persist?.();
    const { prompt, question, day } = form.dataset;
    await journal.put({ id: form.elements.id.value, kind: "text", text, prompt, question, day, written: new Date().toISOString() });
  } catch {
    told.textContent = "Op dit apparaat kon de tekst niet bewaard worden. Hij staat hier nog; je kunt hem kopiëren.";
    return;
  }
  const ending = Object.assign(document.createElement("input"), { type: "hidden", name: "ending", value: "written" });
  form.append(ending);
  form.submit();
}
