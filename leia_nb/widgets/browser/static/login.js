// The field of an API key. What is typed stays here until Python asks for it; then it goes
// out once, as a message, and the field is empty. It is never part of the widget's state.
function render({ model, el }) {
  const input = document.createElement("input");
  input.type = "password";
  input.id = "leia-key-" + Math.random().toString(36).slice(2);
  input.autocomplete = "off";
  input.spellcheck = false;
  input.placeholder = model.get("placeholder");
  input.title = model.get("tooltip") ?? "";

  const label = document.createElement("label");
  label.className = "widget-label";
  label.htmlFor = input.id;
  label.textContent = model.get("description");
  label.title = input.title;
  label.style.width = model.get("label_width");
  el.classList.add("widget-inline-hbox", "widget-text");
  el.replaceChildren(label, input);

  const tell = () => {
    model.set("typed", input.value !== "");
    model.save_changes();
  };
  const give = (message) => {
    if (message.kind !== "ask" || input.value === "") return;
    const key = input.value;
    input.value = "";
    model.send({ kind: "key", key });
    tell();
  };
  input.addEventListener("input", tell);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") model.send({ kind: "enter" });
  });
  model.on("msg:custom", give);
  tell();
  return () => model.off("msg:custom", give);
}

export default { render };
