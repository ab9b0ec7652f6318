package ml.bqx.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * A file under a name of its own, where it is written and can be read back, until it is committed:
 * then it gets its final name, whole, and replaces what had it. Closing it before discards it.
 */
public final class NewFile implements Closeable {
  private final Storage storage;
  private final String path;
  private boolean committed;

  NewFile(Storage storage, String path) {
    this.storage = storage;
    this.path = path;
  }

  /** Where it is until it is committed. */
  public String path() {
    return path;
  }

  /** Opens it to be written; see {@link Storage#create}. */
  public WritableByteChannel open() throws IOException {
    return storage.create(path);
  }

  /** Writes all of it. */
  public void write(byte[] content) throws IOException {
    storage.write(path, content);
  }

  /** Opens it to be written with much that nobody reads soon; see {@link Storage#createLarge}. */
  public WritableByteChannel openLarge() throws IOException {
    return storage.createLarge(path);
  }

  /** Begins to make it of other files; see {@link Concatenation}. */
  public Concatenation concatenate() throws IOException {
    return storage.concatenate(path);
  }

  /**
   * Gives it its final name. On a local disk a power cut may take it back until it is {@linkplain
   * Storage#force forced}.
   */
  public void commit(String name) throws IOException {
    storage.rename(path, name);
    committed = true;
  }

  /**
   * Gives it its final name for good: a power cut leaves either the whole of it there or what had
   * the name before.
   */
  public void publish(String name) throws IOException {
    storage.publish(path, name);
    committed = true;
  }

  /** The same, unless something has the name already; see {@link Storage#publishNew}. */
  public boolean publishNew(String name) throws IOException {
    return storage.publishNew(path, name);
  }

  /** Discards it, unless it was committed. */
  @Override
  public void close() throws IOException {
    if (!committed) {
      storage.delete(List.of(path));
    }
  }
}
