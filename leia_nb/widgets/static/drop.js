// A place to drop files. Each file goes to Python in pieces; the next piece is sent when
// Python has asked for it, so no message is large and nothing is lost.
const PIECE = 1024 * 1024;
const SILENCE = 3000; // milliseconds after which the kernel is said to be busy

function render({ model, el }) {
  const files = new Map();
  const input = document.createElement("input");
  const button = document.createElement("button");
  const said = document.createElement("span");
  input.type = "file";
  input.multiple = model.get("multiple");
  input.hidden = true;
  button.type = "button";
  button.className = "jupyter-button leia-choose";
  button.textContent = model.get("invitation");
  button.title = model.get("tooltip") ?? "";
  said.setAttribute("role", "status");
  el.classList.add("leia-drop");
  el.replaceChildren(button, input, said);

  const say = (words) => (said.textContent = words);
  const percent = (file, offset) => (file.size ? Math.floor((100 * offset) / file.size) : 100);

  function offer(chosen) {
    const wanted = model.get("multiple") ? [...chosen] : [...chosen].slice(0, 1);
    if (!model.get("multiple")) files.clear();
    for (const file of wanted) {
      const id = Math.random().toString(36).slice(2);
      files.set(id, file);
      say(`${file.name} …`);
      model.send({ kind: "begin", file: id, name: file.name, size: file.size });
    }
  }

  async function sendPiece(id, offset) {
    const file = files.get(id);
    say(`${file.name}: ${percent(file, offset)} %`);
    file.silence = setTimeout(() => say(`${file.name}: waiting for the kernel …`), SILENCE);
    try {
      const piece = await file.slice(offset, offset + PIECE).arrayBuffer();
      if (piece.byteLength === 0) throw new Error("it became shorter");
      model.send({ kind: "piece", file: id, offset }, undefined, [piece]);
    } catch (error) {
      model.send({ kind: "broken", file: id, why: `The browser cannot read it: ${error.message}.` });
    }
  }

  function hear(message) {
    if (message.kind === "forget") return files.size === 0 && say("");
    const file = files.get(message.file);
    if (!file) return; // another view's file
    clearTimeout(file.silence);
    if (message.kind === "more") return sendPiece(message.file, message.offset);
    files.delete(message.file);
    say(message.kind === "done" ? `${file.name}: here` : "");
  }

  const stop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    offer(input.files);
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    el.addEventListener(kind, (event) => {
      stop(event);
      el.classList.add("leia-over");
    });
  }
  el.addEventListener("dragleave", () => el.classList.remove("leia-over"));
  el.addEventListener("drop", (event) => {
    stop(event);
    el.classList.remove("leia-over");
    offer(event.dataTransfer.files);
  });
  model.on("msg:custom", hear);
  return () => model.off("msg:custom", hear);
}

export default { render };
