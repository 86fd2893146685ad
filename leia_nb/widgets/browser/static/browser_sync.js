// The browser's part of a form. It tells Python when all earlier input has reached it:
// ipywidgets holds a change back while the previous one is pending, and a click, or an answer
// sent at once, would overtake it. It also marks widgets whose kernel has stopped.
const PAUSE = 20; // milliseconds between two checks

async function arrived(manager, ids) {
  const found = await Promise.all(ids.map((id) => manager.get_model(id).catch(() => null)));
  while (found.some((model) => model?._pending_msgs > 0))
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
}

// JupyterLab does this itself when a kernel restarts, but not when it is stopped or changed.
function onKernelGone(manager) {
  const changes = manager.context?.sessionContext?.kernelChanged;
  const gone = (_context, { oldValue }) => oldValue && manager.disconnect?.();
  changes?.connect(gone);
  return () => changes?.disconnect(gone);
}

function initialize({ model }) {
  const answer = async ({ kind, number, models }) => {
    if (kind !== "ask") return;
    await arrived(model.widget_manager, models);
    model.send({ kind: "answer", number });
  };
  model.on("msg:custom", answer);
  model.send({ kind: "here" });
  const forget = onKernelGone(model.widget_manager);
  return () => {
    model.off("msg:custom", answer);
    forget();
  };
}
