// A line to type words into. A comma or Enter makes a chip of what is typed, here in the
// browser, so that a person who types faster than the kernel answers loses no letter.
const split = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);

function render({ model, el }) {
  const input = document.createElement("input");
  input.type = "text";
  input.id = "leia-words-" + Math.random().toString(36).slice(2);
  input.autocomplete = "off";
  input.placeholder = model.get("placeholder");
  input.title = model.get("tooltip") ?? "";

  const label = document.createElement("label");
  label.className = "widget-label";
  label.htmlFor = input.id;
  label.textContent = model.get("description");
  label.title = input.title;
  label.style.width = model.get("label_width");

  const chips = document.createElement("ul");
  chips.className = "leia-chips";
  chips.setAttribute("aria-label", label.textContent);
  const box = document.createElement("div");
  box.className = "leia-words";
  box.append(input, chips);
  el.classList.add("widget-inline-hbox", "widget-text");
  el.replaceChildren(label, box);

  function send(words, text) {
    model.set({ words: [...new Set(words)], text });
    model.save_changes();
  }

  function enter(text, rest = "") {
    input.value = rest;
    send([...model.get("words"), ...split(text)], rest);
  }

  function takeOut(place) {
    const words = model.get("words").filter((_word, other) => other !== place);
    send(words, input.value);
    (chips.querySelectorAll("button")[Math.min(place, words.length - 1)] ?? input).focus();
  }

  function chip(word, place) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const name = document.createElement("span");
    name.textContent = word;
    button.type = "button";
    button.textContent = "×";
    button.title = `Take ${word} out`;
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => takeOut(place));
    button.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") takeOut(place);
    });
    item.append(name, button);
    return item;
  }

  function showChips() {
    chips.replaceChildren(...model.get("words").map(chip));
    chips.hidden = model.get("words").length === 0;
  }

  function showText() {
    if (input.value !== model.get("text")) input.value = model.get("text");
  }

  input.addEventListener("input", () => {
    const end = input.value.lastIndexOf(",");
    if (end >= 0) enter(input.value.slice(0, end), input.value.slice(end + 1).trimStart());
    else if (model.get("continuous_update")) send(model.get("words"), input.value);
  });
  input.addEventListener("blur", () => {
    if (input.value !== model.get("text")) send(model.get("words"), input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") enter(input.value);
    if (event.key === "Backspace" && input.value === "" && !event.repeat)
      send(model.get("words").slice(0, -1), "");
  });
  model.on("change:words", showChips);
  model.on("change:text", showText);
  showChips();
  showText();
  return () => {
    model.off("change:words", showChips);
    model.off("change:text", showText);
  };
}

export default { render };
