// Tells Python when all that was done in the browser has come to it. ipywidgets holds a change
// back while the one before is under way; a click, or an answer sent at once, would overtake it.
const PAUSE = 20; // milliseconds between two looks

async function arrived(manager, ids) {
  const found = await Promise.all(ids.map((id) => manager.get_model(id).catch(() => null)));
  while (found.some((model) => model?._pending_msgs > 0))
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
}

function initialize({ model }) {
  const answer = async ({ kind, number, models }) => {
    if (kind !== "ask") return;
    await arrived(model.widget_manager, models);
    model.send({ kind: "answer", number });
  };
  model.on("msg:custom", answer);
  model.send({ kind: "here" });
  return () => model.off("msg:custom", answer);
}
