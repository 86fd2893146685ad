// An area to drop files. Each file is sent to Python in pieces, a few ahead of what Python has
// acknowledged, so no message is large, none is lost, and a busy kernel is not flooded. Of many
// files, Python requests a few at a time.
const PIECE = 1024 * 1024;
const AHEAD = 4 * PIECE;
const SILENCE = 3000; // milliseconds after which the kernel is shown as busy

function initialize({ model }) {
  model.send({ kind: "here" }); // a page that was loaded again has nothing on its way
}

function render({ model, el }) {
  const files = new Map();
  const input = document.createElement("input");
  const button = document.createElement("button");
  const status = document.createElement("span");
  input.type = "file";
  input.multiple = model.get("multiple");
  input.hidden = true;
  button.type = "button";
  button.className = "jupyter-button leia-choose";
  button.textContent = model.get("description");
  button.title = model.get("tooltip") ?? "";
  status.setAttribute("role", "status");
  el.classList.add("leia-drop");
  el.replaceChildren(button, input, status);

  const showStatus = (text) => (status.textContent = text);
  const percent = (file, offset) => (file.size ? Math.floor((100 * offset) / file.size) : 100);

  function offer(chosen) {
    const wanted = model.get("multiple") ? [...chosen] : [...chosen].slice(0, 1);
    if (!model.get("multiple")) files.clear();
    const offered = wanted.map((file) => {
      const id = Math.random().toString(36).slice(2);
      files.set(id, file);
      showStatus(`${file.name} …`);
      return { file: id, name: file.name, size: file.size };
    });
    model.send({ kind: "begin", files: offered }); // one message, so that their order is kept
  }

  async function sendPieces(id, received) {
    const file = files.get(id);
    clearTimeout(file.silence);
    showStatus(`${file.name}: ${percent(file, received)} %`);
    file.silence = setTimeout(() => showStatus(`${file.name}: waiting for the kernel …`), SILENCE);
    file.sent ??= 0;
    try {
      while (file.sent < file.size && file.sent < received + AHEAD) {
        const offset = file.sent;
        file.sent = Math.min(offset + PIECE, file.size);
        const piece = await file.slice(offset, file.sent).arrayBuffer();
        model.send({ kind: "piece", file: id, offset }, undefined, [piece]);
      }
    } catch (error) {
      model.send({ kind: "broken", file: id, why: `The browser cannot read it: ${error.message}.` });
    }
  }

  function onMessage(message) {
    if (message.kind === "forget") return files.size === 0 && showStatus("");
    const file = files.get(message.file);
    if (!file) return; // another view's file
    clearTimeout(file.silence);
    if (message.kind === "more") return sendPieces(message.file, message.offset);
    files.delete(message.file);
    showStatus(message.kind === "done" ? `${file.name}: received` : "");
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
  function onKernelGone() {
    const names = [...files.values()].map((file) => file.name);
    for (const file of files.values()) clearTimeout(file.silence);
    files.clear();
    if (names.length) showStatus(`${names.join(", ")}: not received because the kernel has stopped.`);
  }

  model.on("msg:custom", onMessage);
  model.on("comm_live_update", onKernelGone);
  return () => {
    model.off("msg:custom", onMessage);
    model.off("comm_live_update", onKernelGone);
  };
}

export default { initialize, render };
