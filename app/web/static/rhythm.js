// What a retention costs, while the slider moves: on the line through the rows of the table beneath.
const slider = document.querySelector("#retention");
const output = document.querySelector("#uitkomst");
const rows = [...document.querySelectorAll("#kosten tbody tr")].map(({ dataset }) => ({
  retention: Number(dataset.retention),
  minutes: Number(dataset.minutes),
  known: Number(dataset.known),
}));

const show = (name, value) => {
  const part = output.querySelector(`[data-part="${name}"]`);
  if (part) {
    part.textContent = String(value);
  }
};

const costOf = (retention) => {
  const after = rows.findIndex((row) => row.retention >= retention);
  const [low, high] = [rows[Math.max(0, after - 1)], rows[after]];
  const share = high.retention === low.retention ? 0 : (retention - low.retention) / (high.retention - low.retention);
  const between = (name) => Math.round(low[name] + share * (high[name] - low[name]));
  return { minutes: Math.max(1, between("minutes")), known: between("known") };
};

slider.addEventListener("input", () => {
  const retention = Number(slider.value);
  show("retention", retention);
  slider.setAttribute("aria-valuetext", `${retention} van de 100`);
  if (rows.length > 0) {
    const { minutes, known } = costOf(retention);
    show("minutes", minutes);
    show("known", known);
  }
});
