// A table whose rows are chosen with checkboxes. Texts go in as text, never as HTML.

function element(name, attributes = {}, text = null) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

function checkbox(label, key) {
  return element("input", { type: "checkbox", "aria-label": label, "data-key": key });
}

function render({ model, el }) {
  const table = element("table", { class: "leia-table" });
  const caption = table.appendChild(element("caption"));
  const head = table.appendChild(element("thead")).appendChild(element("tr"));
  const body = table.appendChild(element("tbody"));
  const frame = element("div", { class: "leia-table-frame", tabindex: "-1" });
  frame.append(table);
  el.append(frame);
  const everything = checkbox("Select all rows shown", "all");

  function send(name, value) {
    model.set(name, value);
    model.save_changes();
  }

  function choose(id, chosen) {
    const others = model.get("selected").filter((one) => one !== id);
    send("selected", chosen ? [...others, id] : others);
  }

  function order(column) {
    const up = column.sort;
    send("sort", model.get("sort") === up ? `-${up}` : up);
  }

  function drawHead() {
    const first = element("th", { scope: "col" });
    first.append(everything);
    const cells = model.get("columns").map((column) => {
      const cell = element("th", { scope: "col" });
      if (!column.sort) {
        cell.textContent = column.label;
        return cell;
      }
      const sort = model.get("sort");
      const up = sort === column.sort;
      const down = sort === `-${column.sort}`;
      cell.setAttribute("aria-sort", up ? "ascending" : down ? "descending" : "none");
      const label = `${column.label}${up ? " ▲" : down ? " ▼" : ""}`;
      const button = element(
        "button",
        { type: "button", title: `Sort by ${column.label}`, "data-key": `sort ${column.sort}` },
        label,
      );
      button.addEventListener("click", () => order(column));
      cell.append(button);
      return cell;
    });
    keepFocus(() => head.replaceChildren(first, ...cells));
  }

  function drawRow(row) {
    const line = element("tr", { "data-id": row.id });
    const choice = checkbox(`Select ${row.label}`, `row ${row.id}`);
    choice.addEventListener("change", () => choose(row.id, choice.checked));
    line.appendChild(element("td")).append(choice);
    row.cells.forEach((_, place) => {
      const cell = element(place ? "td" : "th", place ? {} : { scope: "row" });
      cell.classList.toggle("leia-whole", model.get("columns")[place].whole);
      cell.append(element("div"));
      line.append(cell);
    });
    line.cells[1].addEventListener("click", () => choice.click());
    return line;
  }

  function fillRow(line, row) {
    line.className = row.tone ? `leia-tone-${row.tone}` : "";
    row.cells.forEach((text, place) => {
      const cell = line.cells[place + 1].firstChild;
      if (cell.textContent === text) return;
      cell.textContent = text;
      cell.title = text;
    });
  }

  function drawRows() {
    const rows = model.get("rows");
    const drawn = [...body.rows].map((line) => line.dataset.id);
    const same = rows.length === drawn.length && rows.every((row, at) => row.id === drawn[at]);
    if (!same || !rows.length) {
      const width = model.get("columns").length + 1;
      const empty = element("tr");
      empty.append(element("td", { colspan: width, class: "leia-table-empty" }, model.get("empty")));
      keepFocus(() => body.replaceChildren(...(rows.length ? rows.map(drawRow) : [empty])));
    }
    rows.forEach((row, at) => fillRow(body.rows[at], row));
    drawSelected();
  }

  function drawSelected() {
    const selected = new Set(model.get("selected"));
    const rows = model.get("rows");
    rows.forEach((row, at) => {
      body.rows[at].cells[0].firstChild.checked = selected.has(row.id);
      body.rows[at].dataset.selected = selected.has(row.id);
    });
    everything.checked = rows.length > 0 && rows.every((row) => selected.has(row.id));
    everything.indeterminate = !everything.checked && rows.some((row) => selected.has(row.id));
    everything.disabled = !rows.length;
  }

  // The focus stays on what had it; of a row that is gone it goes to the one in its place.
  function keepFocus(draw) {
    const active = table.contains(document.activeElement) ? document.activeElement : null;
    const key = active?.dataset.key;
    const place = [...body.rows].indexOf(active?.closest("tr"));
    draw();
    if (!key) return;
    const same = [...table.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    const near = body.rows[Math.min(place, body.rows.length - 1)]?.querySelector("input");
    (same ?? near ?? frame).focus();
  }

  function step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const line = event.target.closest("tbody tr");
    const next = by && line && body.rows[line.rowIndex - 1 + by];
    if (!next) return;
    event.preventDefault();
    next.cells[0].firstChild.focus();
  }

  function drawCaption() {
    caption.textContent = model.get("caption");
  }

  everything.addEventListener("change", () => {
    const shown = model.get("rows").map((row) => row.id);
    const others = model.get("selected").filter((one) => !shown.includes(one));
    send("selected", everything.checked ? [...others, ...shown] : others);
  });
  body.addEventListener("keydown", step);
  const drawings = [
    ["change:caption", drawCaption],
    ["change:columns", drawHead],
    ["change:sort", drawHead],
    ["change:rows", drawRows],
    ["change:empty", drawRows],
    ["change:selected", drawSelected],
  ];
  for (const [event, draw] of drawings) model.on(event, draw);
  drawCaption();
  drawHead();
  drawRows();
  return () => {
    for (const [event, draw] of drawings) model.off(event, draw);
  };
}

export default { render };
