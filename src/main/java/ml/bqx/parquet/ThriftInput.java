package ml.bqx.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.format.InterningProtocol;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TEndpointTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/**
 * Reads Thrift structures out of an array. Lengths of texts and lists are compared with the bytes
 * that are left before anything is allocated for them; parquet-java's own reader believes them, up
 * to 100 MB each.
 */
final class ThriftInput extends TEndpointTransport {
  private final byte[] bytes;
  private final int end;
  private int at;

  private ThriftInput(byte[] bytes, int from, int to) throws TTransportException {
    super(TConfiguration.DEFAULT);
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /**
   * Fills the structure from {@code bytes[from .. to)}.
   *
   * @return the first byte behind the structure
   * @throws IOException when the bytes are no such structure
   */
  static int read(TBase<?, ?> structure, byte[] bytes, int from, int to) throws IOException {
    try {
      ThriftInput input = new ThriftInput(bytes, from, to);
      structure.read(new InterningProtocol(new Protocol(input)));
      return input.at;
    } catch (TException | RuntimeException | StackOverflowError e) {
      // A structure in a structure in a structure, thousands deep, is broken as well.
      throw new IOException(
          "%s cannot be parsed (%s)"
              .formatted(structure.getClass().getSimpleName(), inWords(e, to - from)),
          e);
    }
  }

  private static final class Protocol extends TCompactProtocol {
    Protocol(ThriftInput input) {
      // Every element of a list takes a byte at least.
      super(input, input.getBytesRemainingInBuffer(), input.getBytesRemainingInBuffer());
    }

    /** A copy, as a minimum of eight bytes must not keep the footer it comes from in memory. */
    @Override
    public ByteBuffer readBinary() throws TException {
      ByteBuffer shared = super.readBinary();
      byte[] copy = new byte[shared.remaining()];
      shared.get(copy);
      return ByteBuffer.wrap(copy);
    }
  }

  /** Only what this class says itself is of use to users. */
  private static String inWords(Throwable e, int length) {
    return e instanceof Shortage shortage
        ? shortage.words
        : "its %d bytes are not the fields it should have".formatted(length);
  }

  /** The structure announces more bytes than there are. */
  private static final class Shortage extends TTransportException {
    private static final long serialVersionUID = 1L;

    private final String words;

    Shortage(long announced, int left) {
      super(END_OF_FILE);
      this.words = "%d bytes announced, %d are left".formatted(announced, left);
    }
  }

  @Override
  public void checkReadBytesAvailable(long count) throws TTransportException {
    if (count < 0 || count > end - at) {
      throw new Shortage(count, end - at);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws TTransportException {
    checkReadBytesAvailable(length);
    System.arraycopy(bytes, at, target, offset, length);
    at += length;
    return length;
  }

  @Override
  public byte[] getBuffer() {
    return bytes;
  }

  @Override
  public int getBufferPosition() {
    return at;
  }

  @Override
  public int getBytesRemainingInBuffer() {
    return end - at;
  }

  @Override
  public void consumeBuffer(int length) {
    at += length;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void open() {}

  @Override
  public void close() {}

  @Override
  public void write(byte[] source, int offset, int length) {
    throw new UnsupportedOperationException("Cannot write to an input");
  }
}
