package ml.bqx.doubles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.Ints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The objects of one bucket, which are the files of a directory, or of many, which are directories
 * in it: tests may change them behind its back. A file that was changed is another generation. The
 * key of an object is the path of its file.
 */
final class StoredObjects {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;

  /** The only bucket; empty when each directory is one. */
  private final String bucket;

  /** Time, size and inode of each file that was seen, and its generation. */
  private final Map<String, String> states = new HashMap<>();

  private final Map<String, Long> generations = new HashMap<>();
  private final Map<String, byte[]> sums = new HashMap<>();
  private long last = 1_700_000_000_000_000L;

  /** How far the times that objects get are ahead of this machine's. */
  volatile Duration clock = Duration.ZERO;

  StoredObjects(Path root, String bucket) {
    this.root = root;
    this.bucket = bucket;
  }

  boolean hasBucket(String name) {
    return bucket.isEmpty() ? Files.isDirectory(root.resolve(name)) : bucket.equals(name);
  }

  /** Of an object, or how the keys of objects begin. */
  String key(String ofBucket, String name) {
    return bucket.isEmpty() ? ofBucket + "/" + name : name;
  }

  /** Of the object of a key. */
  String name(String key) {
    return bucket.isEmpty() ? key.substring(key.indexOf('/') + 1) : key;
  }

  private String bucket(String key) {
    return bucket.isEmpty() ? key.substring(0, key.indexOf('/')) : bucket;
  }

  private Path file(String name) {
    return root.resolve(name);
  }

  /** Keys of all objects that begin like this, in order. */
  List<String> names(String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /** Bytes of an object, from one position to another or to its end. */
  byte[] bytes(String name, long from, long to) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file(name))) {
      ByteBuffer range = ByteBuffer.allocate((int) (Math.min(to, channel.size()) - from));
      channel.position(from);
      while (range.hasRemaining() && channel.read(range) >= 0) {}
      return range.array();
    }
  }

  long size(String name) throws IOException {
    return Files.size(file(name));
  }

  /** The checksum of an object; it is summed once for each generation. */
  private synchronized byte[] checksum(String name) throws IOException {
    String key = name + "#" + generation(name);
    byte[] sum = sums.get(key);
    if (sum == null) {
      sum = Ints.toByteArray(MoreFiles.asByteSource(file(name)).hash(Hashing.crc32c()).asInt());
      sums.put(key, sum);
    }

    return sum;
  }

  /** The generation of an object; 0 when there is none. */
  long generation(String name) throws IOException {
    if (!Files.isRegularFile(file(name))) {
      return 0;
    }

    BasicFileAttributes now = Files.readAttributes(file(name), BasicFileAttributes.class);
    String state = now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    if (!state.equals(states.put(name, state))) {
      generations.put(name, ++last);
    }

    return generations.get(name);
  }

  void put(String name, byte[] content) throws IOException {
    MoreFiles.createParentDirectories(file(name));
    Files.write(file(name), content);
    states.remove(name);
  }

  void delete(String name) throws IOException {
    Files.delete(file(name));
    states.remove(name);
  }

  /** The resource of an object. */
  ObjectNode resource(String name) throws IOException {
    String updated = Files.getLastModifiedTime(file(name)).toInstant().plus(clock).toString();
    return JSON.createObjectNode()
        .put("kind", "storage#object")
        .put("bucket", bucket(name))
        .put("name", name(name))
        .put("generation", Long.toString(generation(name)))
        .put("metageneration", "1")
        .put("size", Long.toString(size(name)))
        .put("crc32c", BaseEncoding.base64().encode(checksum(name)))
        .put("timeCreated", updated)
        .put("updated", updated);
  }
}
