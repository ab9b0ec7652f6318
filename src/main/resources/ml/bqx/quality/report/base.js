/* What all parts of the page share: the data, texts, tables and charts. */
const byId = id => document.getElementById(id);
const count = number => Number(number).toLocaleString("en");
const percent = share => (100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1) + " %";
const short = value => value === null || value === undefined ? "" : typeof value === "number" ? String(+value.toPrecision(6)) : String(value);
const plural = (number, one, many) => count(number) + " " + (number === 1 ? one : many);

function bytes(number) {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (number >= 1000 && unit < units.length - 1) { number /= 1000; unit++; }
  return (unit && number < 100 ? number.toFixed(1) : count(Math.round(number))) + " " + units[unit];
}

function seconds(number) {
  return number < 100 ? number.toFixed(1) + " s" : number < 6000 ? (number / 60).toFixed(1) + " min" : (number / 3600).toFixed(1) + " h";
}

function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

const columns = data.columns.map(row => {
  const column = Object.fromEntries(data.columnFields.map((field, i) => [field, row[i]]));
  column.table = data.groups[column.group].source;
  column.share = data.rows ? column.nulls / data.rows : 0;
  return column;
});
const targets = columns.filter(column => data.groups[column.group].category === "targets");
const features = columns.filter(column => data.groups[column.group].category !== "targets");
const categories = [...new Set(data.groups.map(group => group.category))].sort();
data.groups.forEach(group => { group.share = 1 - group.missing / Math.max(1, data.rows); });

/*
 * A table with a caption. Heads: text, kind (n for numbers), value to sort by; rows: arrays of texts,
 * [text, kind] or nodes. With `sort` the heads are buttons.
 */
function fill(id, caption, heads, rows, sort) {
  const table = byId(id);
  table.replaceChildren(element("caption", caption));
  const head = table.createTHead().insertRow();
  heads.forEach(([text, kind, by]) => {
    const cell = element("th", sort && by ? undefined : text, kind);
    cell.scope = "col";
    if (sort && by) {
      const button = element("button", text);
      button.type = "button";
      button.addEventListener("click", () => sort.toggle(by));
      cell.append(button);
      if (sort.by === by) cell.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
    }
    head.append(cell);
  });
  const body = table.createTBody();
  rows.forEach(row => {
    const line = body.insertRow();
    row.forEach((cell, i) => {
      const made = element("td", undefined, Array.isArray(cell) ? cell[1] : heads[i][1]);
      made.append(Array.isArray(cell) ? cell[0] : cell);
      line.append(made);
    });
  });
}

/* The order of a table: by a field, up or down. */
function order(by, down, redraw) {
  const sort = {
    by, down,
    toggle(field) {
      sort.down = sort.by === field ? !sort.down : typeof field !== "string" || field !== "name";
      sort.by = field;
      redraw();
    },
    apply(list) {
      const sign = sort.down ? -1 : 1, field = sort.by;
      return list.slice().sort((a, b) => {
        const x = a[field], y = b[field];
        if (x === y) return 0;
        if (x === null || x === undefined) return 1;
        if (y === null || y === undefined) return -1;
        return sign * (typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y)) : x - y);
      });
    }
  };
  return sort;
}

const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = [];

/* Draws a chart, and again when the colours change. */
function chart(node, label, option, height) {
  const made = { node, shown: null };
  made.draw = () => {
    const options = option();
    if (height) node.style.height = height() + "px";
    node.setAttribute("aria-label", typeof label === "function" ? label() : label);
    const before = made.shown ? (made.shown.getOption().dataZoom || []).map(zoom => [zoom.start, zoom.end]) : [];
    if (made.shown) made.shown.dispose();
    made.shown = echarts.init(node, null, { renderer: "canvas" });
    made.shown.setOption({ backgroundColor: "transparent", animation: false, textStyle: { color: style("--text"), fontFamily: "inherit" }, ...options });
    if (made.keepZoom) before.forEach(([from, to], i) => made.shown.dispatchAction({ type: "dataZoom", dataZoomIndex: i, start: from, end: to }));
    if (made.onDraw) made.onDraw();
  };
  charts.push(made);
  made.draw();
  return made;
}

function axis(more) {
  return {
    axisLine: { lineStyle: { color: style("--line") } },
    axisTick: { lineStyle: { color: style("--line") } },
    splitLine: { lineStyle: { color: style("--line"), opacity: .5 } },
    nameTextStyle: { color: style("--soft") },
    ...more,
    axisLabel: { color: style("--soft"), hideOverlap: true, ...(more.axisLabel || {}) }
  };
}

function tooltip(formatter, more) {
  return { confine: true, backgroundColor: style("--card"), borderColor: style("--line"), textStyle: { color: style("--text"), fontSize: 12 }, formatter, ...more };
}

const escape = text => String(text).replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/* Buttons, and keys on the chart, that move and zoom what a slider of the chart shows. */
function zoomable(made, tools, axes) {
  made.keepZoom = true;
  const status = element("span");
  status.setAttribute("role", "status");
  const move = (index, factor, shift) => {
    const zoom = made.shown.getOption().dataZoom[index];
    if (!zoom) return;
    const width = Math.min(100, Math.max(2, (zoom.end - zoom.start) * factor));
    const middle = (zoom.start + zoom.end) / 2 + shift * (zoom.end - zoom.start);
    const start = Math.max(0, Math.min(100 - width, middle - width / 2));
    made.shown.dispatchAction({ type: "dataZoom", dataZoomIndex: index, start, end: start + width });
    status.textContent = axes[index].name + ": " + Math.round(start) + " to " + Math.round(start + width) + " % shown";
  };
  const keys = {};
  axes.forEach((each, index) => {
    const actions = [["+", "Zoom in " + each.name, 1 / 2, 0], ["−", "Zoom out " + each.name, 2, 0], [each.signs[0], each.back, 1, -.5], [each.signs[1], each.forth, 1, .5]];
    tools.append(element("span", "Zoom " + each.name, "soft"));
    actions.forEach(([sign, text, factor, shift], i) => {
      const button = element("button", sign);
      button.type = "button";
      button.title = text;
      button.setAttribute("aria-label", text);
      button.addEventListener("click", () => move(index, factor, shift));
      tools.append(button);
      keys[each.keys[i]] = () => move(index, factor, shift);
    });
  });
  tools.append(status);
  made.node.addEventListener("keydown", event => {
    if (keys[event.key]) { keys[event.key](); event.preventDefault(); }
  });
}
