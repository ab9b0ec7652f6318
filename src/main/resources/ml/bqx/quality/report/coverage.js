/* Coverage over time: by category, or the groups of one; and the calendar of gaps. */
const start = Date.parse(data.first), span = Math.max(60000, Date.parse(data.last) - start);
const timeOf = piece => new Date(start + span * piece / data.buckets).toISOString().slice(0, 16).replace("T", " ");
const pieces = Array.from({ length: data.buckets }, (_, i) => timeOf(i));
/* Shares of the rows that are there, and how they are shown. */
const shades = [[0, 50, "--c0"], [50, 80, "--c1"], [80, 90, "--c2"], [90, 95, "--c3"], [95, 99, "--c4"], [99, 100, "--c5"]];

function mean(groups) {
  return pieces.map((_, i) => Math.round(groups.reduce((sum, group) => sum + group.coverage[i], 0) / groups.length));
}

function coverageRows() {
  const wanted = byId("category").value, text = byId("group-search").value.trim().toLowerCase();
  let rows;
  if (!wanted && !text) {
    rows = categories.map(name => {
      const groups = data.groups.filter(group => group.category === name);
      return { name, note: plural(groups.length, "table", "tables"), coverage: mean(groups), share: groups.reduce((sum, group) => sum + group.share, 0) / groups.length, category: name };
    });
  } else {
    rows = data.groups.filter(group => (!wanted || wanted === "*" || group.category === wanted) && group.name.toLowerCase().includes(text));
  }
  const byName = byId("coverage-order").value === "name";
  return rows.slice().sort((a, b) => byName ? a.name.localeCompare(b.name) : a.share - b.share || a.name.localeCompare(b.name));
}

function coverage() {
  byId("coverage-text").textContent = "Part of the rows that each table has, in " + data.buckets + " even pieces of the time. Choose a category, or search, for its tables. Keys on the chart: arrows move, + and - zoom the rows, [ and ] the time.";
  byId("category").append(new Option("all categories", ""), new Option("all tables", "*"));
  categories.forEach(name => byId("category").append(new Option(name + " (" + data.groups.filter(group => group.category === name).length + ")", name)));
  shades.forEach(([min, max, colour]) => {
    const box = element("span", undefined, "box");
    box.style.background = "var(" + colour + ")";
    const each = element("span");
    each.append(box, min + "–" + max + " %");
    byId("coverage-legend").append(each);
  });
  const line = 20, most = 28;
  let rows = coverageRows();
  const label = () => "Heat map of coverage: " + plural(rows.length, "row", "rows") + (rows.length ? ", least " + rows.reduce((a, b) => b.share < a.share ? b : a).name + " with " + percent(Math.min(...rows.map(row => row.share))) : "") + ". The same figures are in the table below.";
  const made = chart(byId("coverage-chart"), label, () => {
    const shown = Math.min(most, rows.length);
    return {
      tooltip: tooltip(point => escape(rows[point.value[1]].name) + (rows[point.value[1]].note ? " (" + rows[point.value[1]].note + ")" : "") + "<br>from " + pieces[point.value[0]] + ": " + point.value[2] + " %"),
      grid: { left: 4, right: rows.length > most ? 34 : 12, top: 6, bottom: 34, containLabel: true },
      xAxis: axis({ type: "category", data: pieces, splitLine: { show: false }, axisLabel: { formatter: value => value.slice(span > 20 * 86400000 ? 0 : 5, span > 20 * 86400000 ? 10 : 16) } }),
      yAxis: axis({ type: "category", data: rows.map(row => row.name), inverse: true, axisTick: { show: false }, axisLabel: { width: 170, overflow: "truncate", interval: 0, fontSize: 11, hideOverlap: rows.length > most } }),
      dataZoom: [
        { type: "slider", yAxisIndex: 0, right: 4, width: 16, showDetail: false, brushSelect: false, startValue: 0, endValue: shown - 1, show: rows.length > most },
        { type: "slider", xAxisIndex: 0, bottom: 4, height: 16, showDetail: false, brushSelect: false, showDataShadow: false },
        { type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }],
      visualMap: { show: false, type: "piecewise", pieces: shades.map(([min, max, colour], i) => ({ gte: min, ...(i === shades.length - 1 ? { lte: max } : { lt: max }), color: style(colour) })) },
      series: [{ type: "heatmap", progressive: 0, data: rows.flatMap((row, y) => row.coverage.map((share, x) => [x, y, share])), itemStyle: { borderWidth: 0 } }]
    };
  }, () => 62 + line * Math.max(3, Math.min(most, rows.length)));
  zoomable(made, byId("coverage-zoom"), [
    { name: "rows", back: "Up", forth: "Down", signs: ["▲", "▼"], keys: ["+", "-", "ArrowUp", "ArrowDown"] },
    { name: "time", back: "Earlier", forth: "Later", signs: ["◀", "▶"], keys: ["]", "[", "ArrowLeft", "ArrowRight"] }]);
  made.keepZoom = false;
  const table = () => fill("coverage-table", "Coverage", [["group", "name"], ["coverage", "n"], ["least piece", "n"], ["when"]], rows.map(row => {
    const least = Math.min(...row.coverage);
    return [row.name, percent(row.share), least + " %", pieces[row.coverage.indexOf(least)]];
  }));
  const update = () => {
    rows = coverageRows();
    byId("group-count").textContent = rows.length ? plural(rows.length, "row", "rows") : "nothing of that name";
    made.draw();
    if (byId("coverage-details").open) table();
  };
  made.onDraw = () => made.shown.on("click", point => {
    const row = rows[point.value[1]];
    if (!byId("category").value && row.note) { byId("category").value = row.category; update(); }
  });
  made.onDraw();
  byId("coverage-details").addEventListener("toggle", table);
  byId("category").addEventListener("change", update);
  byId("coverage-order").addEventListener("change", update);
  byId("group-search").addEventListener("input", update);
  byId("group-count").textContent = plural(rows.length, "row", "rows");
}

/* For each day the missing rows of all tables, and the tables with a gap of an hour or more. */
function days() {
  const day = 86400000, found = new Map();
  for (let at = start - start % day; at <= start + span; at += day) found.set(new Date(at).toISOString().slice(0, 10), { missing: 0, rows: 0, tables: new Set() });
  const piece = span / data.buckets, perPiece = data.rows / data.buckets;
  data.groups.forEach(group => {
    group.coverage.forEach((share, i) => {
      const from = start + i * piece;
      for (let at = from; at < from + piece; ) {
        const end = Math.min(from + piece, at - at % day + day), entry = found.get(new Date(at).toISOString().slice(0, 10));
        if (entry) { entry.missing += (100 - share) / 100 * perPiece * (end - at) / piece; entry.rows += perPiece * (end - at) / piece; }
        at = end;
      }
    });
    group.longestGaps.filter(gap => gap.rows >= 60).forEach(gap => {
      for (let at = Date.parse(gap.from) - Date.parse(gap.from) % day; at <= Date.parse(gap.to); at += day) {
        const entry = found.get(new Date(at).toISOString().slice(0, 10));
        if (entry) entry.tables.add(group.name);
      }
    });
  });
  return found;
}

function calendar() {
  const found = [...days()], first = found[0][0], last = found[found.length - 1][0];
  const worst = found.reduce((a, b) => b[1].tables.size > a[1].tables.size ? b : a);
  byId("gaps-text").textContent = "Over all tables, by day (UTC)." + (worst[1].tables.size ? " Gaps of an hour or more: most on " + worst[0] + ", in " + plural(worst[1].tables.size, "table", "tables") + "." : " No table has a gap of an hour or more.");
  if (worst[1].tables.size) byId("calendar-kind").value = "gaps";
  const gaps = () => byId("calendar-kind").value === "gaps";
  const weeks = Math.ceil((Date.parse(last) - Date.parse(first)) / 604800000) + 1;
  const years = Math.max(1, Math.ceil(weeks / 54));
  const label = () => "Calendar of " + (gaps() ? "tables with a gap" : "missing rows") + " by day from " + first + " to " + last + ". The same figures are in the table below.";
  const made = chart(byId("calendar-chart"), label, () => {
    const list = found.map(([day, entry]) => [day, gaps() ? entry.tables.size : +(100 * entry.missing / Math.max(1, entry.rows)).toFixed(2)]);
    const most = Math.ceil(Math.max(gaps() ? 5 : 25, ...list.map(each => each[1])));
    const width = byId("calendar-chart").clientWidth - 70, cell = Math.max(4, Math.min(26, Math.floor(width / Math.min(weeks, 54))));
    const starts = Array.from({ length: years }, (_, i) => new Date(Date.parse(first) + i * 54 * 604800000).toISOString().slice(0, 10));
    return {
      tooltip: tooltip(point => point.value[0] + ": " + (gaps() ? plural(point.value[1], "table", "tables") + " with a gap" : point.value[1] + " % of the rows missing, " + count(Math.round(found.find(each => each[0] === point.value[0])[1].missing)) + " in all tables")),
      visualMap: { type: "continuous", min: 0, max: most, orient: "horizontal", left: 46, bottom: 0, itemHeight: 110, itemWidth: 12, text: [gaps() ? count(most) + " tables" : most + " % missing", "0"], textStyle: { color: style("--soft") }, inRange: { color: [style("--c5"), style("--c3"), style("--c2"), style("--c0")] } },
      calendar: starts.map((from, i) => ({
        top: 30 + i * (7 * Math.min(cell, 22) + 40), left: 46, cellSize: [cell, Math.min(cell, 22)], range: [from, i === years - 1 ? last : new Date(Date.parse(starts[i + 1]) - 86400000).toISOString().slice(0, 10)],
        itemStyle: { color: "transparent", borderColor: style("--line"), borderWidth: .5 }, splitLine: { lineStyle: { color: style("--soft"), width: 1 } },
        dayLabel: { color: style("--soft"), firstDay: 1, fontSize: 11 }, monthLabel: { color: style("--soft") }, yearLabel: { show: false }
      })),
      series: starts.map((from, i) => ({ type: "heatmap", coordinateSystem: "calendar", calendarIndex: i, data: list.filter(each => each[0] >= from && (i === years - 1 || each[0] < starts[i + 1])) }))
    };
  }, () => {
    const width = byId("calendar-chart").clientWidth - 70, cell = Math.max(4, Math.min(22, Math.floor(width / Math.min(weeks, 54))));
    return 70 + years * (7 * cell + 40);
  });
  byId("calendar-kind").addEventListener("change", () => made.draw());
  byId("calendar-details").addEventListener("toggle", () => fill("calendar-table", "By day", [["day"], ["rows missing in all tables, about", "n"], ["tables with a gap of an hour or more", "n"]], found.map(([day, entry]) => [day, count(Math.round(entry.missing)), count(entry.tables.size)])));
}

coverage();
calendar();
