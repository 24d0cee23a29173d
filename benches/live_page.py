"""Writes the table of reports/live-scale.md from lines that `live.scale` printed: live_page.py BUILD FILE."""

import pathlib
import re
import sys

build, scores = sys.argv[1:]
line = re.compile(
    r"score live\.scale: (\d+) subscriptions, (\d+) resources, (\d+) requests, ([\d.]+) s, ([\d.]+) s of processor, "
    r"(\d+) answers 429 \(([\d.]+) %\), peak (\d+) MiB, snapshot (\d+) MiB"
)
found = [match.groups() for match in map(line.search, pathlib.Path(scores).read_text().splitlines()) if match]
if not found:
    sys.exit(f"{scores} has no measure")
page = pathlib.Path(__file__).parent.parent / "reports/live-scale.md"
rows = [
    f"| {int(subscriptions):,} | {int(resources):,} | {int(requests):,} | {seconds} | {processor} | {refused} ({share} %) | {peak} MiB |"
    for subscriptions, resources, requests, seconds, processor, refused, share, peak, _ in found
]
head = [
    f"| subscriptions ({build} build) | resources | requests | seconds | of processor (reader) | answers 429 | peak memory of the reader |",
    "|---|---|---|---|---|---|---|",
]
text = page.read_text()
table = "\n".join(head + rows)
written, times = re.subn(r"(<!-- measured -->\n).*?(\n<!-- end -->)", lambda m: m[1] + table + m[2], text, flags=re.S)
if times != 1:
    sys.exit(f"{page} has no place for the table")
page.write_text(written)
