// The journal: what is kept on this device only, and a button that prints.
import { canKeep, DeviceJournal } from "./device_journal.js";

const section = document.getElementById("apparaat");
const list = section.querySelector("ol");
const template = section.querySelector("template");
const field = document.getElementById("zoek-hier");
const told = section.querySelector("[data-told]");
const keys = JSON.parse(section.dataset.keys);

const spelled = new Intl.DateTimeFormat("nl-NL", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const printing = document.querySelector("[data-print]");
printing.hidden = false;
printing.addEventListener("click", () => print());
if (keys.length && canKeep()) {
  show(new DeviceJournal(keys));
}

async function show(journal) {
  const texts = await journal.all("text").catch(() => []);
  if (!texts.length) {
    return;
  }
  section.hidden = false;
  document.querySelector("[data-empty]")?.remove();
  document.querySelector("[data-with-texts]")?.removeAttribute("hidden");
  list.replaceChildren(...texts.map((text) => itemOf(journal, text)));
  field.addEventListener("input", filter);
}

function filter() {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const item of list.children) {
    const there = plain(item.querySelector(".gestelde-vraag").textContent + item.querySelector(".geschreven").textContent);
    item.hidden = !words.every((word) => there.includes(word));
    found += item.hidden ? 0 : 1;
  }
  told.textContent = words.length === 0 ? "" : found === 1 ? "1 tekst" : `${found} teksten`;
}

function itemOf(journal, entry) {
  const item = template.content.cloneNode(true).firstElementChild;
  const part = (name) => item.querySelector(name);
  const written = part(".geschreven");
  const editor = part("[data-edit]");
  const area = part("textarea");
  const fill = () => {
    part(".opschrift").textContent = spelled.format(new Date(`${entry.day}T00:00:00Z`)) + (entry.changed ? " · gewijzigd" : "");
    part(".gestelde-vraag").textContent = entry.question;
    written.textContent = entry.text;
  };
  const editing = (on) => {
    editor.hidden = !on;
    written.hidden = on;
  };
  const sure = (on) => {
    part("[data-sure]").hidden = part("[data-keep]").hidden = !on;
    part("[data-change]").hidden = part("[data-delete]").hidden = on;
  };
  part("[data-change]").addEventListener("click", () => {
    area.value = entry.text;
    editing(true);
    area.focus();
  });
  part("[data-save]").addEventListener("click", async () => {
    const text = area.value.trim();
    if (text) {
      entry = { ...entry, text, changed: new Date().toISOString() };
      await journal.put(entry);
      fill();
      editing(false);
      part("[data-change]").focus();
    }
  });
  part("[data-delete]").addEventListener("click", () => {
    sure(true);
    part("[data-sure]").focus();
  });
  part("[data-keep]").addEventListener("click", () => {
    sure(false);
    part("[data-delete]").focus();
  });
  part("[data-sure]").addEventListener("click", async () => {
    await journal.remove(entry.id);
    item.remove();
    told.textContent = "De tekst is verwijderd.";
  });
  fill();
  return item;
}
