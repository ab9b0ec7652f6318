package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.IndexPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages that lie: every error names file, column and row group, and says what is wrong. */
class BrokenPagesTest {
  private static final ColumnSchema NUMBER = RandomColumns.leaf("c", Type.INT32);
  private static final ColumnSchema REQUIRED = NUMBER.asRequired();

  /** More bytes than fit in the memory of a test. */
  private static final int HUGE = Integer.MAX_VALUE - 8;

  @Test
  void pagesThatAddUpAreRead() throws IOException {
    byte[] file =
        CraftedFile.of(NUMBER, 5)
            .page(
                new PageHeader(PageType.INDEX_PAGE, 3, 3)
                    .setIndex_page_header(new IndexPageHeader()),
                1,
                2,
                3)
            .data(2, Encoding.PLAIN, 2, 0, 0, 0, 4, 1, 7, 0, 0, 0, 8, 0, 0, 0)
            .data2(1, Encoding.PLAIN, 2, 2, 0)
            .data2(2, Encoding.DELTA_BINARY_PACKED, 2, 3, 0b10, 128, 1, 4, 1, 10)
            .bytes();

    assertThat(TestTable.values(TestTable.read(file, 0))).containsExactly(7, 8, null, null, 5);
  }

  /**
   * What the format leaves to writers, or what some do beside it, without saying something else.
   */
  @Test
  void levelsMayBeLeftOutOrSpelledOutAndBytesBehindTheValuesMeanNothing() throws IOException {
    DataPageHeaderV2 spelledOut = new DataPageHeaderV2(1, 1, 1, Encoding.PLAIN, 2, 2);
    byte[] file =
        CraftedFile.of(NUMBER, 5)
            .data(2, Encoding.PLAIN, 2, 0, 0, 0, 3, 1, 7, 0, 0, 0, 9, 9, 9, 9)
            .data2(1, Encoding.PLAIN, 0, 8, 0, 0, 0)
            .page(
                new PageHeader(PageType.DATA_PAGE_V2, 4, 4).setData_page_header_v2(spelledOut),
                2,
                0,
                2,
                0)
            .data2(1, Encoding.PLAIN, 2, 2, 1, 5, 0, 0, 0, 9)
            .bytes();

    byte[] foreign = CraftedFile.withFooter(file, footer -> footer.setCreated_by("fastparquet"));

    assertThat(TestTable.values(TestTable.read(foreign, 0))).containsExactly(7, null, 8, null, 5);
  }

  @Test
  void oldTimestampsAreReadAsTheirBytes() throws IOException {
    byte[] file =
        CraftedFile.of(RandomColumns.leaf("c", Type.INT96).asRequired(), 1)
            .data(1, Encoding.PLAIN, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
            .bytes();

    assertThat(TestTable.values(TestTable.read(file, 0)))
        .containsExactly("0102030405060708090a0b0c");
  }

  @Test
  void headersThatAreNone() throws IOException {
    CraftedFile.of(NUMBER, 1).garbage(9, 9, 9).assertBroken("PageHeader cannot be parsed");
    CraftedFile.of(NUMBER, 1).garbage(0).assertBroken("PageHeader cannot be parsed");
    CraftedFile.of(NUMBER, 1)
        .page(new PageHeader(PageType.DATA_PAGE, 0, 0))
        .assertBroken("DATA_PAGE without its own header");
    CraftedFile.of(NUMBER, 1)
        .page(new PageHeader(PageType.DATA_PAGE_V2, 0, 0))
        .assertBroken("DATA_PAGE_V2 without its own header");
    CraftedFile.of(NUMBER, 1)
        .page(new PageHeader(PageType.DICTIONARY_PAGE, 0, 0))
        .assertBroken("DICTIONARY_PAGE without its own header");
  }

  @Test
  void pagesWithMoreOrFewerRowsThanTheChunk() throws IOException {
    CraftedFile.of(REQUIRED, 1).assertBroken("its pages have 1 rows fewer than the chunk");
    CraftedFile.of(REQUIRED, 1L << 40)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0)
        .assertBroken("its pages have 1099511627775 rows fewer than the chunk");
    CraftedFile.of(REQUIRED, 1)
        .data(2, Encoding.PLAIN, 1, 0, 0, 0, 2, 0, 0, 0)
        .assertBroken("page of 2 rows where the chunk has 1 left");
    CraftedFile.of(REQUIRED, 1)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0)
        .assertBroken("page of 1 rows where the chunk has 0 left");
    CraftedFile.of(REQUIRED, 1)
        .data(-1, Encoding.PLAIN)
        .assertBroken("page of -1 rows where the chunk has 1 left");
    CraftedFile.of(REQUIRED, 1)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0)
        .garbage(1)
        .assertBroken("PageHeader cannot be parsed");
  }

  @Test
  void sizesOutsideTheChunk() throws IOException {
    PageHeader tooLong =
        new PageHeader(PageType.DATA_PAGE, 4, 5)
            .setData_page_header(new DataPageHeader(1, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    CraftedFile.of(REQUIRED, 1)
        .page(tooLong, 1, 0, 0, 0)
        .assertBroken("page of 5 bytes (4 uncompressed) with 4 bytes of the chunk left");
    CraftedFile.of(REQUIRED, 1)
        .page(tooLong.deepCopy().setCompressed_page_size(-1), 1, 0, 0, 0)
        .assertBroken("page of -1 bytes (4 uncompressed) with 4 bytes of the chunk left");
    CraftedFile.of(REQUIRED, 1)
        .page(
            tooLong.deepCopy().setUncompressed_page_size(-1).setCompressed_page_size(4), 1, 0, 0, 0)
        .assertBroken("page of 4 bytes (-1 uncompressed) with 4 bytes of the chunk left");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4", "LZ4_RAW"})
  void hugeSizesAreNotAllocated(CompressionCodec codec) throws IOException {
    int[] body = {4, 12, 1, 0, 0, 0};
    CraftedFile huge = CraftedFile.of(REQUIRED, 1, codec).data(1, Encoding.PLAIN, HUGE, body);

    huge.assertBroken(codec == CompressionCodec.UNCOMPRESSED ? "its header says" : "cannot have");
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4", "LZ4_RAW"})
  void bytesThatAreNotOfTheCodec(CompressionCodec codec) throws IOException {
    int[] body = {4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    CraftedFile.of(REQUIRED, 1, codec)
        .data(1, Encoding.PLAIN, 4, body)
        .assertBroken("not a %s page".formatted(codec));
    CraftedFile.of(REQUIRED, 1, codec)
        .data(1, Encoding.PLAIN, 4, new int[0])
        .assertBroken(codec.name());
  }

  @Test
  void theCodecThatIsNotRead() throws IOException {
    CraftedFile.of(REQUIRED, 1, CompressionCodec.LZO)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0)
        .assertBroken(
            "codec LZO is not supported; write it with SNAPPY, ZSTD, GZIP, BROTLI, LZ4 or none");
  }
}
