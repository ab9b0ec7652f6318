/* Null shares, targets, sizes, times, cost and the baseline. */
function nullShares() {
  const sorted = features.slice().sort((a, b) => b.share - a.share);
  const top = sorted[0];
  const label = "Null share of " + count(sorted.length) + " features in descending order" + (top ? ": at most " + percent(top.share) + ", half of them more than " + percent(sorted[Math.floor(sorted.length / 2)].share) : "") + ". The table of columns, sorted by nulls, has the same figures.";
  const made = chart(byId("null-chart"), label, () => ({
    tooltip: tooltip(points => escape(sorted[points[0].dataIndex].name) + "<br>" + percent(sorted[points[0].dataIndex].share) + " null, up to " + count(sorted[points[0].dataIndex].longest) + " rows in a row", { trigger: "axis" }),
    grid: { left: 4, right: 16, top: 30, bottom: 50, containLabel: true },
    xAxis: axis({ type: "category", data: sorted.map((_, i) => i + 1), splitLine: { show: false } }),
    yAxis: axis({ type: "value", name: "% null", min: 0 }),
    dataZoom: [{ type: "slider", height: 16, bottom: 6, showDetail: false, brushSelect: false }, { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }],
    series: [{ type: "line", step: "middle", showSymbol: false, sampling: "lttb", areaStyle: { opacity: .25 }, lineStyle: { width: 1.5 }, color: style("--mark"), data: sorted.map(column => +(100 * column.share).toFixed(3)) }]
  }));
  zoomable(made, byId("null-zoom"), [{ name: "features", back: "More nulls", forth: "Fewer nulls", signs: ["◀", "▶"], keys: ["+", "-", "ArrowLeft", "ArrowRight"] }]);
}

/* Share of the values in even bins between the percentiles 1 and 99. */
function density(q, steps) {
  const low = q[1], width = (q[99] - low) / steps || 1, bins = Array(steps).fill(0);
  for (let i = 1; i < 99; i++) {
    for (let k = 0; k < steps; k++) {
      const from = low + k * width, a = Math.max(from, q[i]), b = Math.min(from + width, q[i + 1]);
      if (q[i + 1] > q[i]) {
        if (b > a) bins[k] += (b - a) / (q[i + 1] - q[i]);
      } else if (q[i] >= from && q[i] < from + width) bins[k] += 1;
    }
  }
  return { low, width, bins };
}

function targetCharts() {
  data.targets.forEach(target => {
    const node = element("div", undefined, "chart");
    node.setAttribute("role", "img");
    node.tabIndex = 0;
    byId("target-charts").append(node);
    const { low, width, bins } = density(target.quantiles, 40);
    const q = target.quantiles;
    const label = "Distribution of " + target.name + ": least " + short(q[0]) + ", a quarter below " + short(q[25]) + ", half below " + short(q[50]) + ", three quarters below " + short(q[75]) + ", greatest " + short(q[100]);
    chart(node, label, () => ({
      title: { text: target.name, subtext: "p50 " + short(+q[50].toPrecision(3)) + ", from " + short(+q[0].toPrecision(3)) + " to " + short(+q[100].toPrecision(3)), itemGap: 6, textStyle: { color: style("--text"), fontSize: 13, fontWeight: 500 }, subtextStyle: { color: style("--soft"), fontSize: 11 } },
      tooltip: tooltip(points => "from " + short(+(low + points[0].dataIndex * width).toPrecision(4)) + ": " + points[0].value + " % of the rows", { trigger: "axis" }),
      grid: { left: 2, right: 10, top: 50, bottom: 4, containLabel: true },
      xAxis: axis({ type: "category", data: bins.map((_, k) => String(+(low + k * width).toPrecision(3))), splitLine: { show: false } }),
      yAxis: axis({ type: "value", splitNumber: 3, axisLabel: { formatter: "{value} %" } }),
      series: [{ type: "bar", barCategoryGap: "8%", color: style("--mark"), data: bins.map(bin => +bin.toFixed(2)) }]
    }));
  });
}

function sizes() {
  const rows = categories.map(name => {
    const groups = data.groups.filter(group => group.category === name);
    return { name, groups: groups.length, columns: groups.reduce((sum, group) => sum + group.columns, 0), size: groups.reduce((sum, group) => sum + (group.bytes || 0), 0) };
  });
  const field = data.bytes ? "size" : "columns";
  rows.sort((a, b) => b[field] - a[field]);
  byId("size-text").textContent = data.bytes ? bytes(data.bytes) + " of checkpoints, " + (data.bytes / Math.max(1, data.rows * columns.length)).toFixed(2) + " bytes a value." : "The checkpoints are not there any more: the number of columns instead.";
  chart(byId("size-chart"), "Size by category: " + rows.slice(0, 3).map(row => row.name + " " + (data.bytes ? bytes(row.size) : count(row.columns))).join(", "), () => ({
    tooltip: tooltip(point => rows[point.dataIndex].name + ": " + bytes(rows[point.dataIndex].size) + "<br>" + plural(rows[point.dataIndex].groups, "table", "tables") + ", " + plural(rows[point.dataIndex].columns, "column", "columns")),
    grid: { left: 4, right: 60, top: 4, bottom: 4, containLabel: true },
    xAxis: axis({ type: "value", axisLabel: { formatter: value => data.bytes ? bytes(value) : count(value) } }),
    yAxis: axis({ type: "category", inverse: true, data: rows.map(row => row.name), axisLabel: { interval: 0, fontSize: 11 } }),
    series: [{ type: "bar", color: style("--mark"), barCategoryGap: "25%", label: { show: true, position: "right", color: style("--soft"), fontSize: 11, formatter: point => data.bytes ? bytes(point.value) : count(point.value) }, data: rows.map(row => row[field]) }]
  }), () => 50 + 20 * rows.length);
}

/* The groups of the last extraction: what was kept from an earlier one is left out. */
function lastRun(timings) {
  const sorted = timings.slice().sort((a, b) => b.ended - a.ended), pause = 600000;
  let until = sorted.length ? sorted[0].began : 0;
  return sorted.filter(each => {
    if (each.ended < until - pause) return false;
    until = Math.min(until, each.began);
    return true;
  });
}

function times() {
  const timings = lastRun(data.timings.map(each => ({ name: each.group, category: data.groups.find(group => group.name === each.group)?.category || "", began: Date.parse(each.began), ended: Date.parse(each.ended) })));
  const steps = data.steps.map(step => ({ name: step.name, began: Date.parse(step.began), ended: Date.parse(step.ended) }));
  const byCategory = categories.map(name => {
    const own = timings.filter(each => each.category === name);
    return own.length ? { name, began: Math.min(...own.map(each => each.began)), ended: Math.max(...own.map(each => each.ended)), note: plural(own.length, "table", "tables") + ", " + seconds(own.reduce((sum, each) => sum + each.ended - each.began, 0) / 1000) + " in total, several at a time" } : null;
  }).filter(Boolean).sort((a, b) => a.began - b.began);
  const kept = data.timings.length - timings.length;
  byId("time-text").textContent = !timings.length && !steps.length ? "Nothing is known of it." : "From the time when the reading of a table began until its checkpoint was written, in seconds since the first." + (kept ? " " + plural(kept, "table was", "tables were") + " kept from earlier runs." : "");
  byId("time-tools").hidden = !timings.length;
  if (!timings.length && !steps.length) { byId("time-chart").hidden = true; return; }
  const slowest = timings.slice().sort((a, b) => (b.ended - b.began) - (a.ended - a.began)).slice(0, 20);
  const rows = () => byId("time-kind").value === "slowest" ? slowest : byCategory.concat(steps);
  const zero = Math.min(...timings.concat(steps).map(each => each.began));
  const made = chart(byId("time-chart"), () => "Waterfall of times: " + rows().slice(0, 5).map(row => row.name + " " + seconds((row.ended - row.began) / 1000)).join(", "), () => {
    const list = rows();
    return {
      tooltip: tooltip(points => { const row = list[points[0].dataIndex]; return escape(row.name) + ": " + seconds((row.ended - row.began) / 1000) + "<br>" + new Date(row.began).toISOString().slice(0, 19) + "Z" + (row.note ? "<br>" + row.note : ""); }, { trigger: "axis", axisPointer: { type: "shadow" } }),
      grid: { left: 4, right: 50, top: 4, bottom: 4, containLabel: true },
      xAxis: axis({ type: "value", axisLabel: { formatter: value => count(+value.toFixed(2)) + " s" } }),
      yAxis: axis({ type: "category", inverse: true, data: list.map(row => row.name), axisLabel: { interval: 0, fontSize: 11, width: 170, overflow: "truncate" } }),
      series: [
        { type: "bar", stack: "time", silent: true, itemStyle: { color: "transparent" }, data: list.map(row => (row.began - zero) / 1000) },
        { type: "bar", stack: "time", barMinWidth: 2, color: style("--mark"), label: { show: true, position: "right", color: style("--soft"), fontSize: 11, formatter: point => seconds(point.value) }, data: list.map(row => Math.max(.001, (row.ended - row.began) / 1000)) }]
    };
  }, () => 50 + 20 * rows().length);
  byId("time-kind").addEventListener("change", () => made.draw());
}

function cost() {
  byId("cost-text").textContent = data.cost.note;
  fill("cost-table", "US dollars for a pair of this size", [["way"], ["extract", "n"], ["merge", "n"], ["both", "n"]], data.cost.ways.map(way => [way.name, "$" + way.extract.toFixed(3), "$" + way.merge.toFixed(3), "$" + (way.extract + way.merge).toFixed(3)]));
}

function baseline() {
  const difference = data.difference;
  if (!difference) return;
  byId("compare").hidden = byId("compare-link").hidden = false;
  const { before, after } = difference;
  const names = list => list.length ? count(list.length) + " (" + list.slice(0, 5).join(", ") + (list.length > 5 ? " ..." : "") + ")" : "0";
  fill("sides-table", "Both sets side by side", [["figure"], ["baseline"], ["this set"]], [
    ["where", before.location, after.location],
    ["rows", count(before.rows), count(after.rows)],
    ["first row", before.first, after.first],
    ["last row", before.last, after.last],
    ["columns", count(before.columns), count(after.columns)],
    ["values that are null", percent(before.nullShare), percent(after.nullShare)],
    ["rows that tables lack", count(before.rowsMissing), count(after.rowsMissing)],
    ["columns that only this one has", names(difference.went), names(difference.came)],
    ["columns that are equal in every row", count(difference.equal), count(difference.equal)],
    ["columns with other values", count(difference.changed.length), count(difference.changed.length)]]);
  const moved = difference.changed.filter(column => column.drift).slice(0, 25);
  if (moved.length) {
    chart(byId("drift-chart"), "Population stability index of the columns that moved most: " + moved.slice(0, 3).map(column => column.name + " " + column.drift.psi.toFixed(2)).join(", "), () => ({
      tooltip: tooltip(point => escape(moved[point.dataIndex].name) + "<br>PSI " + moved[point.dataIndex].drift.psi.toFixed(3) + ", KS " + moved[point.dataIndex].drift.ks.toFixed(3)),
      grid: { left: 4, right: 50, top: 4, bottom: 4, containLabel: true },
      xAxis: axis({ type: "value" }),
      yAxis: axis({ type: "category", inverse: true, data: moved.map(column => column.name), axisLabel: { interval: 0, fontSize: 11, width: 240, overflow: "truncate" } }),
      series: [{ type: "bar", color: style("--mark"), label: { show: true, position: "right", color: style("--soft"), fontSize: 11, formatter: point => point.value.toFixed(2) }, data: moved.map(column => +column.drift.psi.toFixed(4)) }]
    }), () => 50 + 20 * moved.length);
  } else byId("drift-chart").hidden = true;
  const draw = () => {
    const text = byId("drift-search").value.trim().toLowerCase(), most = 200;
    const found = difference.changed.filter(column => column.name.toLowerCase().includes(text));
    byId("drift-count").textContent = count(found.length) + " of " + count(difference.changed.length) + (found.length > most ? ", the first " + most + " shown" : "");
    fill("drift-table", "Columns with other values, those that moved most first", [["column", "name"], ["PSI", "n"], ["KS", "n"], ["nulls before", "n"], ["nulls", "n"], ["mean before", "n"], ["mean", "n"], ["type"]],
      found.slice(0, most).map(column => [column.name, column.drift ? column.drift.psi.toFixed(3) : "", column.drift ? column.drift.ks.toFixed(3) : "", percent(column.nullsBefore), percent(column.nullsAfter), short(column.meanBefore), short(column.meanAfter), column.typeBefore === column.typeAfter ? column.typeAfter : column.typeBefore + " → " + column.typeAfter]));
  };
  byId("drift-search").addEventListener("input", draw);
  draw();
}

nullShares();
targetCharts();
sizes();
times();
cost();
baseline();

let waiting = 0, width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(() => charts.forEach(made => made.draw()), 150);
});
const redraw = () => charts.forEach(made => made.draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("beforeprint", () => { document.documentElement.classList.add("print"); redraw(); });
addEventListener("afterprint", () => { document.documentElement.classList.remove("print"); redraw(); });
document.body.dataset.charts = String(charts.length);
document.body.dataset.ready = String(Math.round(performance.now()));
