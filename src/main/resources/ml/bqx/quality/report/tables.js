/* Headline figures, checks, findings, lineage and columns. */
function headlines() {
  byId("title").textContent = document.title = "Training data of " + data.pair;
  byId("origin").textContent = data.location + " (" + data.made + "), rows from " + data.first + " to " + data.last;
  const nulls = features.reduce((sum, column) => sum + column.nulls, 0);
  const figures = [
    ["rows", count(data.rows)], ["features", count(features.length)], ["targets", count(targets.length)],
    ["feature groups", count(data.groups.filter(group => group.category !== "targets").length)],
    ["feature values that are null", percent(nulls / Math.max(1, features.length * data.rows))],
    ["rows that tables lack", count(data.groups.reduce((sum, group) => sum + group.missing, 0))]];
  if (data.bytes) figures.push(["size", bytes(data.bytes)]);
  figures.push(["findings", count(data.findings.length), data.findings.length ? "bad" : "good"]);
  figures.forEach(([name, value, kind]) => {
    const box = element("div");
    box.append(element("dt", name), element("dd", value, kind));
    byId("figures").append(box);
  });
}

function checks() {
  const passed = data.checks.filter(check => check.made && check.found === 0).length;
  byId("checks-text").textContent = passed + " of " + data.checks.length + " checks passed. What is found is a warning with its evidence; nothing was removed."
    + data.notChecked.map(reason => " Not checked: " + reason + ".").join("");
  fill("check-table", "Every check", [["result"], ["check"], ["found", "n"]], data.checks.map(check => {
    const what = element("span");
    what.append(element("b", check.words), ": " + check.meaning);
    if (check.example) what.append(element("span", "For example " + check.example, "reason"));
    return [check.found ? ["✗ look", "bad"] : check.made ? ["✓ pass", "good"] : ["– not checked", "soft"], what, check.made ? count(check.found) : ""];
  }));
}

/* Findings of one subject together, in the order of their worst. */
function subjects(findings) {
  const found = new Map();
  findings.forEach(finding => {
    if (!found.has(finding.subject)) found.set(finding.subject, { name: finding.subject, source: finding.source, reasons: [] });
    found.get(finding.subject).reasons.push(finding);
  });
  return [...found.values()];
}

function findings() {
  const most = 50;
  let all = false;
  const kinds = data.checks.filter(check => check.found);
  byId("finding-kind").append(new Option("all", ""));
  kinds.forEach(check => byId("finding-kind").append(new Option(check.words + " (" + count(check.found) + ")", check.check)));
  const draw = () => {
    const kind = byId("finding-kind").value, text = byId("finding-search").value.trim().toLowerCase();
    const found = subjects(data.findings.filter(finding => (!kind || finding.check === kind) && (finding.subject + " " + finding.source).toLowerCase().includes(text)));
    const shown = all ? found : found.slice(0, most);
    byId("finding-count").textContent = plural(found.length, "column or table", "columns and tables") + (shown.length < found.length ? ", the worst " + shown.length + " shown" : "");
    byId("finding-more").hidden = found.length <= most;
    byId("finding-more").textContent = all ? "Show the worst " + most : "Show all";
    fill("worst-table", found.length ? "The worst first" : "Nothing was found", [["", "n"], ["column or table", "name"], ["reasons"], ["table in the warehouse", "name"]], shown.map((subject, i) => {
      const reasons = element("span");
      subject.reasons.forEach(finding => {
        const reason = element("span", undefined, "reason");
        reason.append(element("b", finding.words), ": " + finding.evidence);
        reasons.append(reason);
      });
      return [String(i + 1), subject.name, reasons, subject.source];
    }));
  };
  byId("finding-kind").addEventListener("change", draw);
  byId("finding-search").addEventListener("input", draw);
  byId("finding-more").addEventListener("click", () => { all = !all; draw(); });
  draw();
}

function lineage() {
  const sort = order("name", false, () => draw());
  const draw = () => {
    const text = byId("lineage-search").value.trim().toLowerCase();
    const owners = new Set(text ? columns.filter(column => column.name.toLowerCase().includes(text)).map(column => column.group) : []);
    const found = data.groups.filter((group, i) => owners.has(i) || (group.name + " " + group.source).toLowerCase().includes(text));
    byId("lineage-count").textContent = count(found.length) + " of " + count(data.groups.length) + " groups";
    const heads = [["group", "name", "name"], ["table in the warehouse", "name", "source"], ["columns", "n", "columns"], ["coverage", "n", "share"], ["rows missing", "n", "missing"], ["gaps", "n", "gaps"], ["longest gap", "n", "longest"], ["duplicates", "n", "duplicates"], ["not in the spine", "n", "outside"], ["size", "n", "bytes"]];
    fill("group-table", "Feature groups and where they come from", heads, sort.apply(found).map(group => {
      const own = text ? columns.filter(column => data.groups[column.group] === group && column.name.toLowerCase().includes(text)) : [];
      const name = element("span", group.name);
      own.slice(0, 5).forEach(column => name.append(element("span", column.name, "reason soft")));
      if (own.length > 5) name.append(element("span", "and " + count(own.length - 5) + " more", "reason soft"));
      return [name, group.source, count(group.columns), percent(group.share), count(group.missing), count(group.gaps), count(group.longest), count(group.duplicates), count(group.outside), group.bytes ? bytes(group.bytes) : ""];
    }), sort);
  };
  byId("lineage-search").addEventListener("input", draw);
  draw();
}

function columnTable() {
  const step = 200;
  let most = step;
  const sort = order("name", false, () => draw());
  const draw = () => {
    const text = byId("column-search").value.trim().toLowerCase();
    const found = sort.apply(columns.filter(column => (column.name + " " + column.table).toLowerCase().includes(text)));
    const shown = found.slice(0, most);
    byId("column-count").textContent = count(found.length) + " of " + count(columns.length) + (shown.length < found.length ? ", the first " + count(shown.length) + " shown" : "");
    byId("column-more").hidden = shown.length === found.length;
    byId("column-more").textContent = "Show " + step + " more";
    const heads = [["column", "name", "name"], ["type", "type", "type"], ["nulls", "n", "share"], ["longest run", "n", "longest"], ["distinct", "n", "distinct"], ["min", "n", "min"], ["p50", "n", "median"], ["max", "n", "max"], ["mean", "n", "mean"], ["deviation", "n", "deviation"], ["zeros", "n", "zeros"], ["not finite", "n", "notFinite"], ["table in the warehouse", "name", "table"]];
    fill("column-table", "Statistics of columns", heads, shown.map(column => [column.name, data.types[column.type], percent(column.share), count(column.longest), count(column.distinct), short(column.min), short(column.median), short(column.max), short(column.mean), short(column.deviation), count(column.zeros), count(column.notFinite), column.table]), sort);
  };
  byId("column-search").addEventListener("input", () => { most = step; draw(); });
  byId("column-more").addEventListener("click", () => { most += step; draw(); });
  draw();
}

headlines();
checks();
findings();
lineage();
columnTable();
