// A button beside each password that shows what is typed. Without script the field just works.
for (const field of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toon";
  button.setAttribute("aria-controls", field.id);
  const show = (isShown) => {
    field.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Verberg wachtwoord" : "Toon wachtwoord";
  };
  button.addEventListener("click", () => show(field.type === "password"));
  // A browser must not keep what is sent as an ordinary text.
  field.form.addEventListener("submit", () => show(false));
  show(false);
  field.after(button);
}
