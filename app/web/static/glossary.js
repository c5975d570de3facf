// A filter over the terms that are on the page already; without script the letters do.
const form = document.querySelector(".filter");
const field = form.querySelector("input");
const told = form.querySelector('[role="status"]');
const sections = [...document.querySelectorAll(".letter")];

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter() {
  const wanted = plain(field.value.trim());
  let found = 0;
  for (const section of sections) {
    let here = 0;
    for (const entry of section.querySelectorAll("dl > div")) {
      entry.hidden = !plain(entry.textContent).includes(wanted);
      here += entry.hidden ? 0 : 1;
    }
    section.hidden = here === 0;
    found += here;
  }
  told.textContent = wanted === "" ? "" : found === 1 ? "1 begrip" : `${found} begrippen`;
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", filter);
filter(); // a browser that comes back may have kept what was typed
