// A place to drop files. Each file goes to Python in pieces, a few ahead of what Python says
// it has, so no message is large, none is lost, and a busy kernel is not flooded. Of many
// files, Python asks for a few at a time.
const PIECE = 1024 * 1024;
const AHEAD = 4 * PIECE;
const SILENCE = 3000; // milliseconds after which the kernel is said to be busy

function initialize({ model }) {
  model.send({ kind: "here" }); // a page that was loaded again has nothing on its way
}

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
  button.textContent = model.get("description");
  button.title = model.get("tooltip") ?? "";
  said.setAttribute("role", "status");
  el.classList.add("leia-drop");
  el.replaceChildren(button, input, said);

  const say = (words) => (said.textContent = words);
  const percent = (file, offset) => (file.size ? Math.floor((100 * offset) / file.size) : 100);

  function offer(chosen) {
    const wanted = model.get("multiple") ? [...chosen] : [...chosen].slice(0, 1);
    if (!model.get("multiple")) files.clear();
    const offered = wanted.map((file) => {
      const id = Math.random().toString(36).slice(2);
      files.set(id, file);
      say(`${file.name} …`);
      return { file: id, name: file.name, size: file.size };
    });
    model.send({ kind: "begin", files: offered }); // one message, so that their order is kept
  }

  async function sendPieces(id, there) {
    const file = files.get(id);
    clearTimeout(file.silence);
    say(`${file.name}: ${percent(file, there)} %`);
    file.silence = setTimeout(() => say(`${file.name}: waiting for the kernel …`), SILENCE);
    file.sent ??= 0;
    try {
      while (file.sent < file.size && file.sent < there + AHEAD) {
        const offset = file.sent;
        file.sent = Math.min(offset + PIECE, file.size);
        const piece = await file.slice(offset, file.sent).arrayBuffer();
        model.send({ kind: "piece", file: id, offset }, undefined, [piece]);
      }
    } catch (error) {
      model.send({ kind: "broken", file: id, why: `The browser cannot read it: ${error.message}.` });
    }
  }

  function hear(message) {
    if (message.kind === "forget") return files.size === 0 && say("");
    const file = files.get(message.file);
    if (!file) return; // another view's file
    clearTimeout(file.silence);
    if (message.kind === "more") return sendPieces(message.file, message.offset);
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
  function lose() {
    const names = [...files.values()].map((file) => file.name);
    for (const file of files.values()) clearTimeout(file.silence);
    files.clear();
    if (names.length) say(`${names.join(", ")}: did not come, the kernel has gone.`);
  }

  model.on("msg:custom", hear);
  model.on("comm_live_update", lose);
  return () => {
    model.off("msg:custom", hear);
    model.off("comm_live_update", lose);
  };
}

export default { initialize, render };
