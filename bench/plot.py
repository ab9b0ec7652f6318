"""plot.py RESULTS PICTURE: wall time of each method, and its peak memory beside it, as bars."""

import io
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

TITLES = {
    "aligned": "Merge of aligned checkpoints",
    "chosen": "Merge of 500 chosen features",
    "with gaps": "Merge of checkpoints with gaps",
    "extraction": "Extraction from DuckDB",
    "sources": "Extraction of every 16th table",
    "limit": "The disk, past the page cache",
    "start": "Four small tables",
}
OURS, PEER, COPY, MARK = "#1f6f8b", "#b8c4cc", "#6b7780", "#d1495b"
INK, FAINT = "#22292f", "#8a949c"
# Enough for a few flat colors with smooth edges, at a fraction of the bytes.
COLORS = 16
BAR = 0.72
# Gaps between groups, in bars.
GROUP_GAP = 1.4


def color(row):
    return OURS if row["ours"] else COPY if row["method"].startswith(("cat", "dd")) else PEER


def places(rows):
    """How far down each row and each group's title stand."""
    at, group, rows_at, titles = 0.0, None, [], []
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            at += GROUP_GAP if titles else 0.6
            titles.append((at - 0.85, group))
        rows_at.append(at)
        at += 1
    return rows_at, titles


def bars(axis, rows, at, value, mark, text):
    most = max((value(row) for row in rows), default=0) or 1
    for row, y in zip(rows, at, strict=True):
        width = value(row)
        axis.barh(y, width, height=BAR, color=color(row), zorder=2)
        limit = mark(row)
        if limit and limit < most * 1.2:
            axis.plot([limit, limit], [y - BAR / 2, y + BAR / 2], color=MARK, lw=1.6, zorder=3)
        style = {"color": INK} if not row["failure"] else {"color": FAINT, "style": "italic"}
        # Behind a mark that stands where the text would.
        behind = limit if limit and width <= limit < width + most * 0.2 else width
        axis.text(behind + most * 0.012, y, text(row), va="center", fontsize=8, **style)
    axis.set_xlim(0, most * 1.22)
    axis.set_ylim(at[-1] + 0.7, -1.0)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.tick_params(axis="y", length=0)
    axis.tick_params(axis="x", labelsize=8, colors=FAINT)
    axis.grid(axis="x", color="#e4e8eb", linewidth=0.8, zorder=0)


def wall(row):
    if row["failure"]:
        return row["failure"]
    spread = row["wall_max"] - row["wall_min"]
    return f"{row['wall']:,.1f}" + (f" ± {spread / 2:,.1f}" if spread >= 0.1 else "")


def memory(row):
    megabytes = row.get("rss_mb", 0)
    if not megabytes:
        return ""
    return f"{megabytes / 1000:,.1f} GB" if megabytes >= 1000 else f"{megabytes:,.0f} MB"


def main(results, picture):
    content = json.loads(Path(results).read_text())
    rows = content["summary"]
    at, titles = places(rows)
    figure, (times, peaks) = plt.subplots(
        1, 2, sharey=True, width_ratios=[3, 2], figsize=(10, 0.29 * at[-1] + 1.6)
    )
    bars(
        times, rows, at, lambda row: row.get("wall", 0), lambda row: row.get("mark_wall"), wall
    )  # fmt: skip
    bars(
        peaks,
        rows,
        at,
        lambda row: row.get("rss_mb", 0) / 1000,
        lambda row: row.get("mark_rss_mb", 0) / 1000,
        memory,
    )
    times.set_yticks(at, [row["label"] for row in rows], fontsize=8.5, color=INK)
    for y, group in titles:
        times.text(0, y, TITLES[group], fontsize=9, weight="bold", color=INK, va="center")
    times.set_xlabel("wall time in seconds, until all is on the disk", fontsize=8, color=INK)
    peaks.set_xlabel("peak memory (RSS) in GB", fontsize=8, color=INK)
    data, machine = content["data"], content["machine"]
    figure.suptitle(
        f"{data['rows']:,} rows x {data['features']:,} features"
        f" ({data['aligned_bytes'] / 1e9:.1f} GB of Parquet), {content['cache']} cache,"
        f" medians of {content['rounds']}; {machine['cpu']}, {machine['memory_gb']} GB",
        x=0.01, y=0.985, ha="left", fontsize=9.5, color=INK,
    )  # fmt: skip
    handles = [Patch(color=OURS), Patch(color=PEER), Patch(color=COPY)]
    handles.append(Line2D([], [], color=MARK, lw=1.6))
    figure.legend(
        handles,
        ["bqx-ml", "others", "plain copy", "at most"],
        loc="upper right", ncols=4, frameon=False, fontsize=8, bbox_to_anchor=(1, 0.965),
    )  # fmt: skip
    figure.tight_layout(rect=(0, 0, 1, 0.965))
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=90)
    # This method keeps colors that few pixels have, as those of the marks.
    flat = Image.open(drawn).convert("RGB").quantize(COLORS, Image.Quantize.MAXCOVERAGE)
    flat.convert("RGB").save(picture, lossless=True, quality=100, method=6)


main(*sys.argv[1:])
