"""gcp-storage-emulator, with what Google's Java client asks of it beyond what it can.

- An error has a body, as JSON.
- A generation condition (ifGenerationMatch) that does not hold is refused, and an object is read in
  the generation that is asked for or not at all; it ignores both.
- Files that the BigQuery emulator exports to the folder of a bucket are objects of the bucket.
- Several connections at once: while it reads a slow upload, others need not wait.
"""

import io
import json
import sys
import threading
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path

from gcp_storage_emulator import server
from gcp_storage_emulator.exceptions import NotFound
from gcp_storage_emulator.handlers import objects
from gcp_storage_emulator.storage import Storage

# What a request says of its object's generation, and how it is refused when that is not so.
GENERATIONS = {
    "ifGenerationMatch": HTTPStatus.PRECONDITION_FAILED,
    "generation": HTTPStatus.NOT_FOUND,
}


class SharedStorage(Storage):
    """Objects in files of a folder that another program writes to as well."""

    def get_file_obj(self, bucket_name, file_name):
        self._adopt(bucket_name)
        return super().get_file_obj(bucket_name, file_name)

    def get_file_list(self, bucket_name, *args, **kwargs):
        self._adopt(bucket_name)
        return super().get_file_list(bucket_name, *args, **kwargs)

    def create_file(self, bucket_name, file_name, content, file_obj, file_id=None):
        # A composed object's is a number, which the client refuses: 64-bit numbers are texts.
        file_obj["size"] = str(len(content))
        super().create_file(bucket_name, file_name, content, file_obj, file_id)

    def _adopt(self, bucket):
        """Makes objects of the files that are none yet."""
        folder = self._store._disk_path(bucket)
        known = self.objects.setdefault(bucket, {})
        for file in folder.rglob("*") if bucket in self.buckets else ():
            name = file.relative_to(folder).as_posix()
            if file.is_file() and name not in known:
                content = file.read_bytes()
                kind = "application/octet-stream"
                resource = objects._make_object_resource("", bucket, name, kind, str(len(content)))
                known[name] = objects._checksums(content, resource)

    def _write_config_to_file(self):
        """Its list of all objects, for a next start: there is none."""


class Response(server.Response):
    def close(self):
        if self.status.value >= 400 and not self._content:
            reason = "".join(word.title() for word in self.status.name.split("_"))
            self.json(error(self.status, reason[0].lower() + reason[1:]))
        super().close()


def error(status, reason):
    message = status.phrase
    details = [{"domain": "global", "reason": reason, "message": message}]
    return {"error": {"code": status.value, "message": message, "errors": details}}


class RequestHandler(server.RequestHandler):
    """A connection. Requests are read side by side and answered one after the other."""

    lock = threading.Lock()

    def do_GET(self):
        # All of it, before others have to wait.
        body = server._read_raw_data(self) or b""
        del self.headers["Transfer-Encoding"], self.headers["Content-Length"]
        self.headers["Content-Length"] = str(len(body))
        self.rfile = io.BytesIO(body)
        with self.lock:
            answer(self, self.command)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET


def answer(handler, method):
    status = refusal(handler)
    if status:
        response = Response(handler)
        response.status = status
        if status is HTTPStatus.PRECONDITION_FAILED:
            response.json(error(status, "conditionNotMet"))
        response.close()
    else:
        server.Router(handler).handle(method)


def refusal(handler):
    """The answer when an object is not in the generation that the request names."""
    request = server.Request(handler, handler.command)
    named = [name for name in GENERATIONS if name in request.query]
    if not named or "upload_id" in request.query:
        return None
    for pattern, _ in server.HANDLERS:
        match = server.re.fullmatch(pattern, request.path)
        if match:
            break
    else:
        return None
    request.set_match(match)
    names = request.params
    bucket = names.get("dest_bucket_name") or names["bucket_name"]
    name = names.get("dest_object_id") or names.get("object_id") or uploaded(request)
    try:
        generation = handler.storage.get_file_obj(bucket, name)["generation"]
    except NotFound:
        generation = "0"
    return next((GENERATIONS[each] for each in named if request.query[each][0] != generation), None)


def uploaded(request):
    """The name of the object that is uploaded, which may be in the body."""
    if request.query.get("uploadType") != ["multipart"] or "name" in request.query:
        return request.query.get("name", [""])[0]
    name = request.data["meta"]["name"]
    request._request_handler.rfile.seek(0)
    return name


def main(folder, port):
    server.Response = Response
    storage = SharedStorage(data_dir=str(Path(folder).resolve()))
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", int(port)), partial(RequestHandler, storage)).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
