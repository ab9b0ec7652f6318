"""How long a launcher takes from its start to its first look at a job, and how much memory.

    python3 bench/launch.py [--rounds=5] [--jar=target/bqx-ml.jar] [--heap=128m]

The services are a stub in this process, on loopback; the launcher is the jar as an image runs it,
on one processor. The job is cancelled with the launcher, by SIGTERM, as soon as it was looked at.
"""

import argparse
import gzip
import http.server
import json
import os
import re
import signal
import statistics
import subprocess
import threading
import time

POLL = re.compile(r"/v1b3/.*/jobs/job-1$")


class Stub(http.server.BaseHTTPRequestHandler):
    """Dataflow with one job that runs for ever, and Cloud Storage with nothing but a template."""

    protocol_version = "HTTP/1.1"
    polled = threading.Event()

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.endswith("/o/extract.json"):
            self.answer({"size": "2"})
        elif path.startswith("/storage/"):
            self.answer({}) if path.endswith("/o") else self.answer({}, 404)
        elif POLL.match(path):
            Stub.polled.set()
            self.answer(self.job())
        else:
            self.answer({})

    def do_POST(self):
        self.body()
        self.answer({"job": self.job()})

    def do_PUT(self):
        self.body()
        self.answer(self.job())

    def body(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

    @staticmethod
    def job():
        return {"id": "job-1", "name": "bqx-extract-eurusd", "currentState": "JOB_STATE_RUNNING"}

    def answer(self, content, status=200):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def measure(options, port):
    """Seconds to the first poll, and the greatest resident set in MB."""
    Stub.polled.clear()
    environment = {
        "PATH": os.environ["PATH"],
        "PAIR": "eurusd",
        "PROJECT": "my-project",
        "REGION": "us-central1",
        "GCS_CHECKPOINT_BUCKET": "gs://bucket/checkpoints",
        "EXTRACT_TEMPLATE": "gs://bucket/extract.json",
        "WAVES": "1",
        "POLL_SECONDS": "1",
        "ON_TERMINATION": "cancel",
        "DATAFLOW_ENDPOINT": f"http://127.0.0.1:{port}/",
        "GCS_ENDPOINT": f"http://127.0.0.1:{port}/storage/v1/",
    }
    java = ["java", f"-Xmx{options.heap}", "-XX:ActiveProcessorCount=1"]
    start = time.monotonic()
    process = subprocess.Popen(
        ["taskset", "-c", "0", *java, "-jar", options.jar, "launch", "extract"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not Stub.polled.wait(60):
        process.kill()
        raise SystemExit("the launcher did not look at its job within a minute")
    seconds = time.monotonic() - start
    time.sleep(2)
    with open(f"/proc/{process.pid}/status") as status:
        peak = int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1)) / 1000
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    return seconds, peak, time.monotonic() - asked


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jar", default="target/bqx-ml.jar")
    parser.add_argument("--heap", default="128m")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    results = [measure(options, server.server_address[1]) for _ in range(options.rounds)]
    names = ["seconds to the first poll", "peak resident MB", "seconds from SIGTERM to the end"]
    for name, values in zip(names, zip(*results)):
        print(
            f"{name:32s} median {statistics.median(values):7.2f}"
            f"  min {min(values):7.2f}  max {max(values):7.2f}"
        )


if __name__ == "__main__":
    main()
