// Copies a form's code. browser_sync.js is prepended to this file.
const SHOWN = 1500; // milliseconds that the button shows "Copied"

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // over http, to another machine
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button widget-button leia-copy";
  button.textContent = model.get("description");
  button.title = model.get("tooltip") ?? "";
  button.addEventListener("click", async () => {
    await copy(model.get("code"));
    button.textContent = "Copied";
    button.focus();
    setTimeout(() => (button.textContent = model.get("description")), SHOWN);
  });
  el.replaceChildren(button);
}

export default { initialize, render };
