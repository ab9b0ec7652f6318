package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
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
  private static final ColumnSchema TEXT = ColumnSchema.string("c").asRequired();
  private static final ColumnSchema FLAG = ColumnSchema.bool("c").asRequired();

  /** More rows than fit in the memory of a test. */
  private static final int ALL_ROWS = Integer.MAX_VALUE - 8;

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

  @Test
  void headersThatAreNone() throws IOException {
    assertBroken(CraftedFile.of(NUMBER, 1).garbage(9, 9, 9), "PageHeader cannot be parsed");
    assertBroken(CraftedFile.of(NUMBER, 1).garbage(0), "PageHeader cannot be parsed");
    assertBroken(
        CraftedFile.of(NUMBER, 1).page(new PageHeader(PageType.DATA_PAGE, 0, 0)),
        "DATA_PAGE without its own header");
    assertBroken(
        CraftedFile.of(NUMBER, 1).page(new PageHeader(PageType.DATA_PAGE_V2, 0, 0)),
        "DATA_PAGE_V2 without its own header");
    assertBroken(
        CraftedFile.of(NUMBER, 1).page(new PageHeader(PageType.DICTIONARY_PAGE, 0, 0)),
        "DICTIONARY_PAGE without its own header");
  }

  @Test
  void pagesWithMoreOrFewerRowsThanTheChunk() throws IOException {
    assertBroken(CraftedFile.of(REQUIRED, 1), "its pages have 1 rows less than the chunk");
    assertBroken(
        CraftedFile.of(REQUIRED, 1L << 40).data(1, Encoding.PLAIN, 1, 0, 0, 0),
        "its pages have 1099511627775 rows less than the chunk");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(2, Encoding.PLAIN, 1, 0, 0, 0, 2, 0, 0, 0),
        "page of 2 rows where the chunk has 1 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .data(1, Encoding.PLAIN, 1, 0, 0, 0)
            .data(1, Encoding.PLAIN, 1, 0, 0, 0),
        "page of 1 rows where the chunk has 0 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(-1, Encoding.PLAIN),
        "page of -1 rows where the chunk has 1 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(1, Encoding.PLAIN, 1, 0, 0, 0).garbage(1),
        "PageHeader cannot be parsed");
  }

  @Test
  void sizesOutsideTheChunk() throws IOException {
    PageHeader tooLong =
        new PageHeader(PageType.DATA_PAGE, 4, 5)
            .setData_page_header(new DataPageHeader(1, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    assertBroken(
        CraftedFile.of(REQUIRED, 1).page(tooLong, 1, 0, 0, 0),
        "page of 5 bytes (4 uncompressed) with 4 bytes of the chunk left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .page(tooLong.deepCopy().setCompressed_page_size(-1), 1, 0, 0, 0),
        "page of -1 bytes (4 uncompressed) with 4 bytes of the chunk left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .page(
                tooLong.deepCopy().setUncompressed_page_size(-1).setCompressed_page_size(4),
                1,
                0,
                0,
                0),
        "page of 4 bytes (-1 uncompressed) with 4 bytes of the chunk left");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
  void hugeSizesAreNotAllocated(CompressionCodec codec) throws IOException {
    int[] body = {4, 12, 1, 0, 0, 0};
    byte[] huge =
        CraftedFile.of(REQUIRED, 1, codec).data(1, Encoding.PLAIN, ALL_ROWS, body).bytes();

    assertBroken(huge, codec == CompressionCodec.UNCOMPRESSED ? "its header says" : "cannot have");
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
  void bytesThatAreNotOfTheCodec(CompressionCodec codec) throws IOException {
    int[] body = {4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    assertBroken(
        CraftedFile.of(REQUIRED, 1, codec).data(1, Encoding.PLAIN, 4, body),
        "not a %s page".formatted(codec));
    assertBroken(
        CraftedFile.of(REQUIRED, 1, codec).data(1, Encoding.PLAIN, 4, new int[0]), codec.name());
  }

  @ParameterizedTest
  @EnumSource(names = {"LZO", "BROTLI", "LZ4"})
  void codecsThatAreNotRead(CompressionCodec codec) throws IOException {
    assertBroken(
        CraftedFile.of(REQUIRED, 1, codec).data(1, Encoding.PLAIN, 1, 0, 0, 0),
        "codec %s is not supported (UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW are)"
            .formatted(codec));
  }

  @Test
  void valuesThatDoNotFitTheirPage() throws IOException {
    assertBroken(
        CraftedFile.of(REQUIRED, 2).data(2, Encoding.PLAIN, 1, 0, 0, 0, 2, 0, 0),
        "8 bytes are needed where the page has 7 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(1, Encoding.PLAIN, 1, 0, 0, 0, 2, 0, 0),
        "page has 3 bytes behind its 1 values");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.PLAIN, 2, 0, 0, 0, 'x'),
        "2 bytes are needed where the page has 1 left");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.PLAIN, 0xff, 0xff, 0xff, 0xff, 'x'),
        "-1 bytes are needed where the page has 1 left");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.PLAIN, 1, 0, 0, 0, 'x', 'y'),
        "page has 1 bytes behind its 1 values");
    assertBroken(
        CraftedFile.of(FLAG, 9).data(9, Encoding.PLAIN, 1),
        "2 bytes are needed where the page has 1 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 2).data(2, Encoding.BYTE_STREAM_SPLIT, 1, 2, 3, 4, 5),
        "2 values of 4 bytes in 5 bytes");
    assertBroken(
        CraftedFile.of(REQUIRED, 2).data(2, Encoding.DELTA_BINARY_PACKED, 128, 1, 4, 2, 0),
        "1 bytes are needed where the page has 0 left");
  }

  @Test
  void rowsThatNoPageHoldsAreNotAllocated() throws IOException {
    for (Encoding encoding : new Encoding[] {Encoding.PLAIN, Encoding.RLE_DICTIONARY}) {
      assertBroken(
          CraftedFile.of(REQUIRED, ALL_ROWS)
              .dictionary(1, 1, 0, 0, 0)
              .data(ALL_ROWS, encoding, 1, 2, 3),
          encoding == Encoding.PLAIN ? "bytes are needed" : "where there should be 2147483639");
    }

    assertBroken(
        CraftedFile.of(NUMBER, ALL_ROWS).data(ALL_ROWS, Encoding.PLAIN, 2, 0, 0, 0, 4, 0),
        "runs of 2 values where there should be 2147483639");
    // Six bytes of levels do make two thousand million nulls, but no heap holds them.
    assertBroken(
        CraftedFile.of(NUMBER, ALL_ROWS)
            .data(ALL_ROWS, Encoding.PLAIN, 6, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0),
        "Cannot hold 2147483639 slots of 5 bytes");
    assertBroken(
        CraftedFile.of(REQUIRED, ALL_ROWS)
            .data(ALL_ROWS, Encoding.DELTA_BINARY_PACKED, 128, 1, 4, 0xf7, 0xff, 0xff, 0xff, 7, 0),
        "Cannot hold 2147483639 slots of 5 bytes");
  }

  @Test
  void definitionLevelsThatLie() throws IOException {
    assertBroken(
        CraftedFile.of(NUMBER, 1).data(1, Encoding.PLAIN, 3, 0),
        "4 bytes are needed where the page has 2 left");
    assertBroken(
        CraftedFile.of(NUMBER, 1).data(1, Encoding.PLAIN, 9, 0, 0, 0, 2, 1),
        "9 bytes are needed where the page has 2 left");
    assertBroken(
        CraftedFile.of(NUMBER, 1).data(1, Encoding.PLAIN, 0xff, 0xff, 0xff, 0xff, 2, 1),
        "-1 bytes are needed where the page has 2 left");
    assertBroken(
        CraftedFile.of(NUMBER, 9).data(9, Encoding.PLAIN, 2, 0, 0, 0, 3, 0),
        "runs of 8 values where there should be 9");
    assertBroken(
        CraftedFile.of(NUMBER, 9).data(9, Encoding.PLAIN, 2, 0, 0, 0, 18, 2),
        "level or boolean of 2");
    // More values than rows with one, and fewer.
    assertBroken(
        CraftedFile.of(NUMBER, 2).data(2, Encoding.PLAIN, 2, 0, 0, 0, 3, 1, 1, 0, 0, 0, 2, 0, 0, 0),
        "page has 4 bytes behind its 1 values");
    assertBroken(
        CraftedFile.of(NUMBER, 2).data(2, Encoding.PLAIN, 2, 0, 0, 0, 3, 3, 1, 0, 0, 0),
        "8 bytes are needed where the page has 4 left");
    PageHeader packed =
        new PageHeader(PageType.DATA_PAGE, 1, 1)
            .setData_page_header(
                new DataPageHeader(1, Encoding.PLAIN, Encoding.BIT_PACKED, Encoding.RLE));
    assertBroken(
        CraftedFile.of(NUMBER, 1).page(packed, 1),
        "definition levels in encoding BIT_PACKED are not supported");
  }

  @Test
  void levelsOfVersionTwoThatLie() throws IOException {
    assertBroken(
        CraftedFile.of(NUMBER, 1).data2(1, Encoding.PLAIN, 3, 2, 0),
        "definition levels of 3 bytes");
    assertBroken(
        CraftedFile.of(NUMBER, 1).data2(1, Encoding.PLAIN, -1, 2, 0),
        "definition levels of -1 bytes");
    assertBroken(
        CraftedFile.of(NUMBER, 1).data2(1, Encoding.PLAIN, 0, 2, 0),
        "runs of 0 values where there should be 1");
    DataPageHeaderV2 repeated = new DataPageHeaderV2(1, 0, 1, Encoding.PLAIN, 2, 2);
    assertBroken(
        CraftedFile.of(NUMBER, 1)
            .page(
                new PageHeader(PageType.DATA_PAGE_V2, 4, 4).setData_page_header_v2(repeated),
                2,
                0,
                2,
                0),
        "it has repetition levels");
    DataPageHeaderV2 small = new DataPageHeaderV2(1, 0, 1, Encoding.PLAIN, 2, 0);
    assertBroken(
        CraftedFile.of(NUMBER, 1, CompressionCodec.SNAPPY)
            .page(
                new PageHeader(PageType.DATA_PAGE_V2, 1, 4).setData_page_header_v2(small),
                2,
                0,
                2,
                0),
        "definition levels of 2 bytes");
    assertBroken(
        CraftedFile.of(NUMBER, 1, CompressionCodec.SNAPPY)
            .page(
                new PageHeader(PageType.DATA_PAGE_V2, 9, 4)
                    .setData_page_header_v2(small.deepCopy().setIs_compressed(false)),
                2,
                0,
                2,
                0),
        "page has 2 bytes, its header says 7");
  }

  @Test
  void dictionariesThatLie() throws IOException {
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(1, Encoding.RLE_DICTIONARY, 1, 2, 0),
        "a dictionary page is missing");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(1, Encoding.PLAIN_DICTIONARY, 1, 2, 0),
        "a dictionary page is missing");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .dictionary(1, 7, 0, 0, 0)
            .data(1, Encoding.RLE_DICTIONARY, 1, 2, 1),
        "dictionary index 1 with 1 entries");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .dictionary(1, 7, 0, 0, 0)
            .data(1, Encoding.RLE_DICTIONARY, 32, 2, 0xff, 0xff, 0xff, 0xff),
        "dictionary index -1 with 1 entries");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).dictionary(0).data(1, Encoding.RLE_DICTIONARY, 0, 2),
        "dictionary index 0 with 0 entries");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).dictionary(1, 7, 0, 0, 0).data(1, Encoding.RLE_DICTIONARY),
        "1 bytes are needed where the page has 0 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .dictionary(1, 7, 0, 0, 0)
            .data(1, Encoding.RLE_DICTIONARY, 200, 2, 0),
        "values of -56 bits");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).dictionary(2, 7, 0, 0, 0),
        "8 bytes are needed where the page has 4 left");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).dictionary(-1, 7, 0, 0, 0),
        "dictionary of -1 values, PLAIN, in 4 bytes");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).dictionary(ALL_ROWS, 7, 0, 0, 0),
        "dictionary of 2147483639 values, PLAIN, in 4 bytes");
    assertBroken(
        CraftedFile.of(REQUIRED, 1)
            .page(
                new PageHeader(PageType.DICTIONARY_PAGE, 4, 4)
                    .setDictionary_page_header(
                        new DictionaryPageHeader(1, Encoding.DELTA_BINARY_PACKED)),
                7,
                0,
                0,
                0),
        "dictionary of 1 values, DELTA_BINARY_PACKED, in 4 bytes");
  }

  @Test
  void encodingsThatTheTypeDoesNotHave() throws IOException {
    for (Encoding encoding :
        new Encoding[] {
          Encoding.DELTA_BYTE_ARRAY, Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.RLE
        }) {
      assertBroken(
          CraftedFile.of(REQUIRED, 1).data(1, encoding, 1, 0, 0, 0),
          "encoding %s of INT32 is not supported".formatted(encoding));
    }

    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.DELTA_BINARY_PACKED, 1),
        "encoding DELTA_BINARY_PACKED of BYTE_ARRAY UTF8 is not supported");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.BYTE_STREAM_SPLIT, 1),
        "encoding BYTE_STREAM_SPLIT of BYTE_ARRAY UTF8 is not supported");
    assertBroken(
        CraftedFile.of(FLAG, 1).dictionary(1, 1).data(1, Encoding.RLE_DICTIONARY, 1, 2, 0),
        "a dictionary of BOOLEAN is not supported");
    assertBroken(
        CraftedFile.of(REQUIRED, 1).data(1, Encoding.BIT_PACKED, 1),
        "encoding BIT_PACKED is not supported");
  }

  @Test
  void deltaTextsThatLie() throws IOException {
    int[] nothing = {128, 1, 4, 1, 0};
    int[] five = {128, 1, 4, 1, 10};
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.DELTA_LENGTH_BYTE_ARRAY, join(five, 'x')),
        "5 bytes are needed where the page has 1 left");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.DELTA_LENGTH_BYTE_ARRAY, 128, 1, 4, 1, 9, 'x'),
        "-5 bytes are needed where the page has 1 left");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.DELTA_BYTE_ARRAY, join(five, nothing)),
        "5 bytes shared with a value of 0");
    assertBroken(
        CraftedFile.of(TEXT, 1).data(1, Encoding.DELTA_BYTE_ARRAY, join(nothing, five)),
        "5 bytes are needed where the page has 0 left");
    ColumnSchema amount = ColumnSchema.decimal("c", 9, 2).asRequired();
    assertBroken(
        CraftedFile.of(amount, 1).data(1, Encoding.DELTA_BYTE_ARRAY, join(nothing, nothing)),
        "value of 0 bytes among ones of 16");
  }

  private static int[] join(int[] left, int... right) {
    return IntStream.concat(Arrays.stream(left), Arrays.stream(right)).toArray();
  }

  private static void assertBroken(CraftedFile file, String why) throws IOException {
    assertBroken(file.bytes(), why);
  }

  private static void assertBroken(byte[] file, String why) {
    assertThatThrownBy(() -> TestTable.read(file, 0))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessageStartingWith("Cannot read memory.parquet: column c in row group 0: ")
        .hasMessageContaining(why);
  }
}
