#!/usr/bin/env python3
"""Checks what the README and docs/ say about the cloud, without a cloud and without credentials.

Every make target is run with DRY_RUN=1. Where gcloud is installed, it checks that the commands of the
pages and of these targets exist with their flags, and that it accepts the metadata of the templates.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TARGETS = ["image", "sbom", "templates", "deploy", "schedule", "launch-extract", "launch-extract-here", "launch-merge", "launch-all"]


def main():
    lines = [line for page in pages() for line in re.findall(r"^    ((?:export|gcloud|make|deploy/setup.sh)\b.*)$", page, re.M)]
    settings = dict(line.split()[1].split("=") for line in lines if line.startswith("export "))
    environment = {**os.environ, **settings}
    commands = []
    for line in lines:
        if line.startswith("make ") and line.split()[1] in TARGETS:
            commands += dry_run([*line.split(), "-s", "DRY_RUN=1"], environment)
        elif line == "deploy/setup.sh":
            commands += dry_run([line], {**environment, "DRY_RUN": "1"})
        elif line.startswith("gcloud "):
            commands.append(re.sub(r"\$(\w+)", lambda name: settings[name[1]], line))
    if "deploy/setup.sh" not in lines:
        sys.exit("No page shows deploy/setup.sh")
    shown = {target for line in lines if line.startswith("make ") for target in line.split()[1:2]}
    if not shown.issuperset(TARGETS):
        sys.exit(f"No page shows {set(TARGETS) - shown}")
    if shutil.which("gcloud") is None:
        print("gcloud is not installed: its commands and the templates are not checked")
        return
    with tempfile.TemporaryDirectory() as work:
        offline = {**environment, "CLOUDSDK_CONFIG": work, "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true"}
        lint(commands, Path(work), offline)
        upload(offline)
        monitoring(offline)
        for template in ("extract", "merge"):
            build(template, [line for line in commands if f"/{template}.json" in line], offline)


def pages():
    """The text of the README and of every page in docs/."""
    return [path.read_text() for path in [Path("README.md"), *sorted(Path("docs").rglob("*.md"))]]


def dry_run(command, environment):
    """The commands that a make target or script would run in the cloud."""
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    lines = [each for line in done.stdout.splitlines() for each in line.split(" || ")]
    commands = [line for line in lines if line.startswith("gcloud ")]
    if not commands:
        sys.exit(f"{' '.join(command)} does nothing in the cloud: {done.stdout}")
    return commands


def lint(commands, work, environment):
    """Has gcloud check commands against its own tree of commands."""
    file = work / "commands.json"
    file.write_text(json.dumps([{"command_string": command} for command in commands]))
    arguments = ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file}"]
    done = subprocess.run(arguments, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    results = json.loads(done.stdout)
    wrong = [f"{each['command_string']}\n  {each['error_message']}" for each in results if not each["success"]]
    if wrong or len(results) != len(commands):
        sys.exit("gcloud rejects:\n" + "\n".join(wrong))
    print(f"gcloud knows all {len(results)} commands")


def upload(environment):
    """`make image` sends to Cloud Build what cloudbuild.yaml needs, and nothing else."""
    arguments = ["gcloud", "meta", "list-files-for-upload", "."]
    done = subprocess.run(arguments, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    sent = {line for line in done.stdout.splitlines() if not line.startswith("src/main/")}
    needed = {".dockerignore", ".mvn/jvm.config", "Dockerfile.launcher", "Dockerfile.template", "LICENSE", "deploy/scan.sh", "deploy/templates.sh", "pom.xml"}
    if sent != needed:
        sys.exit(f".gcloudignore lets the wrong files through: {sorted(sent ^ needed)}")


MODELS = """
import sys
sys.path[:0] = [sys.argv[1] + "/lib", sys.argv[1] + "/lib/third_party"]
from apitools.base.py import encoding
from googlecloudsdk.generated_clients.apis.logging.v2 import logging_v2_messages as logs
from googlecloudsdk.generated_clients.apis.monitoring.v1 import monitoring_v1_messages as dashboards
from googlecloudsdk.generated_clients.apis.monitoring.v3 import monitoring_v3_messages as alerts
def unknown(message):
    found = list(message.all_unrecognized_fields())
    for field in message.all_fields():
        value = getattr(message, field.name)
        for each in value if isinstance(value, list) else [value]:
            if hasattr(each, "all_unrecognized_fields"):
                found += unknown(each)
    return found
for path in sys.argv[2:]:
    kind = path.split("/")[-1].split("-")[0].split(".")[0]
    model = {"metric": logs.LogMetric, "alert": alerts.AlertPolicy, "dashboard": dashboards.Dashboard}[kind]
    wrong = unknown(encoding.JsonToMessage(model, open(path).read()))
    if wrong:
        sys.exit(path + ": the API does not know " + ", ".join(wrong))
"""


def monitoring(environment):
    """Metrics, alerts and the dashboard have only fields that gcloud's own models of the APIs have."""
    arguments = ["gcloud", "info", "--format=value(installation.sdk_root)"]
    done = subprocess.run(arguments, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    files = sorted(str(path) for path in Path("deploy/monitoring").glob("*.json"))
    subprocess.run([sys.executable, "-c", MODELS, done.stdout.strip(), *files], check=True)
    print(f"gcloud knows all fields of {len(files)} files for monitoring")


def build(template, commands, environment):
    """Has gcloud build the spec of a template as `make templates` does, and only print it."""
    (command,) = commands
    arguments = [*command.split(), "--print-only", "--format=value(.)"]
    done = subprocess.run(arguments, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    spec = json.loads(done.stdout)
    metadata = json.loads(Path(f"templates/{template}-metadata.json").read_text())
    if spec["metadata"] != metadata:
        sys.exit(f"gcloud has changed the metadata of {template}: {done.stdout}")
    print(f"gcloud accepts the metadata of {template}: {len(metadata['parameters'])} parameters")


if __name__ == "__main__":
    main()
