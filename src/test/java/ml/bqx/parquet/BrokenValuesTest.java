package ml.bqx.parquet;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;

/** Levels, values and dictionaries that lie, in pages whose headers are right. */
class BrokenValuesTest {
  private static final ColumnSchema NUMBER = RandomColumns.leaf("c", Type.INT32);
  private static final ColumnSchema REQUIRED = NUMBER.asRequired();
  private static final ColumnSchema TEXT = ColumnSchema.string("c").asRequired();
  private static final ColumnSchema FLAG = ColumnSchema.bool("c").asRequired();

  /** More rows than fit in the memory of a test. */
  private static final int ALL_ROWS = Integer.MAX_VALUE - 8;

  @Test
  void valuesThatDoNotFitTheirPage() throws IOException {
    CraftedFile.of(REQUIRED, 2)
        .data(2, Encoding.PLAIN, 1, 0, 0, 0, 2, 0, 0)
        .assertBroken("8 bytes are needed where the page has 7 left");
    CraftedFile.of(REQUIRED, 1)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0, 2, 0, 0)
        .assertBroken("page has 3 bytes after its 1 values");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.PLAIN, 2, 0, 0, 0, 'x')
        .assertBroken("2 bytes are needed where the page has 1 left");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.PLAIN, 0xff, 0xff, 0xff, 0xff, 'x')
        .assertBroken("-1 bytes are needed where the page has 1 left");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.PLAIN, 1, 0, 0, 0, 'x', 'y')
        .assertBroken("page has 1 bytes after its 1 values");
    CraftedFile.of(FLAG, 9)
        .data(9, Encoding.PLAIN, 1)
        .assertBroken("2 bytes are needed where the page has 1 left");
    CraftedFile.of(REQUIRED, 2)
        .data(2, Encoding.BYTE_STREAM_SPLIT, 1, 2, 3, 4, 5)
        .assertBroken("2 values of 4 bytes in 5 bytes");
    CraftedFile.of(REQUIRED, 2)
        .data(2, Encoding.DELTA_BINARY_PACKED, 128, 1, 4, 2, 0)
        .assertBroken("1 bytes are needed where the page has 0 left");
  }

  @Test
  void rowsThatNoPageHoldsAreNotAllocated() throws IOException {
    for (Encoding encoding : new Encoding[] {Encoding.PLAIN, Encoding.RLE_DICTIONARY}) {
      CraftedFile.of(REQUIRED, ALL_ROWS)
          .dictionary(1, 1, 0, 0, 0)
          .data(ALL_ROWS, encoding, 1, 2, 3)
          .assertBroken(
              encoding == Encoding.PLAIN ? "bytes are needed" : "where there should be 2147483639");
    }

    CraftedFile.of(NUMBER, ALL_ROWS)
        .data(ALL_ROWS, Encoding.PLAIN, 2, 0, 0, 0, 4, 0)
        .assertBroken("runs of 2 values where there should be 2147483639");
    // Six bytes of levels do make two thousand million nulls, but no heap holds them.
    CraftedFile.of(NUMBER, ALL_ROWS)
        .data(ALL_ROWS, Encoding.PLAIN, 6, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0)
        .assertBroken("Cannot hold 2147483639 slots of 5 bytes");
    CraftedFile.of(REQUIRED, ALL_ROWS)
        .data(ALL_ROWS, Encoding.DELTA_BINARY_PACKED, 128, 1, 4, 0xf7, 0xff, 0xff, 0xff, 7, 0)
        .assertBroken("Cannot hold 2147483639 slots of 5 bytes");
  }

  @Test
  void definitionLevelsThatLie() throws IOException {
    CraftedFile.of(NUMBER, 1)
        .data(1, Encoding.PLAIN, 3, 0)
        .assertBroken("4 bytes are needed where the page has 2 left");
    CraftedFile.of(NUMBER, 1)
        .data(1, Encoding.PLAIN, 9, 0, 0, 0, 2, 1)
        .assertBroken("9 bytes are needed where the page has 2 left");
    CraftedFile.of(NUMBER, 1)
        .data(1, Encoding.PLAIN, 0xff, 0xff, 0xff, 0xff, 2, 1)
        .assertBroken("-1 bytes are needed where the page has 2 left");
    CraftedFile.of(NUMBER, 9)
        .data(9, Encoding.PLAIN, 2, 0, 0, 0, 3, 0)
        .assertBroken("runs of 8 values where there should be 9");
    CraftedFile.of(NUMBER, 9)
        .data(9, Encoding.PLAIN, 2, 0, 0, 0, 18, 2)
        .assertBroken("level or boolean of 2");
    // More values than rows with one, and fewer.
    CraftedFile.of(NUMBER, 2)
        .data(2, Encoding.PLAIN, 2, 0, 0, 0, 3, 1, 1, 0, 0, 0, 2, 0, 0, 0)
        .assertBroken("page has 4 bytes after its 1 values");
    CraftedFile.of(NUMBER, 2)
        .data(2, Encoding.PLAIN, 2, 0, 0, 0, 3, 3, 1, 0, 0, 0)
        .assertBroken("8 bytes are needed where the page has 4 left");
    PageHeader packed =
        new PageHeader(PageType.DATA_PAGE, 1, 1)
            .setData_page_header(
                new DataPageHeader(1, Encoding.PLAIN, Encoding.BIT_PACKED, Encoding.RLE));
    CraftedFile.of(NUMBER, 1)
        .page(packed, 1)
        .assertBroken("definition levels in encoding BIT_PACKED are not supported");
  }

  @Test
  void levelsOfVersionTwoThatLie() throws IOException {
    CraftedFile.of(NUMBER, 1)
        .data2(1, Encoding.PLAIN, 3, 2, 0)
        .assertBroken("levels of 0 and 3 bytes in a page of 2 bytes (2 uncompressed)");
    CraftedFile.of(NUMBER, 1)
        .data2(1, Encoding.PLAIN, -1, 2, 0)
        .assertBroken("levels of 0 and -1 bytes in a page of 2 bytes (2 uncompressed)");
    CraftedFile.of(NUMBER, 1)
        .page(version2(new DataPageHeaderV2(1, 1, 1, Encoding.PLAIN, 0, 0)), 2, 0)
        .assertBroken("runs of 0 values where there should be 1");
    for (int repetitionBytes : new int[] {-1, 3, Integer.MAX_VALUE}) {
      CraftedFile.of(NUMBER, 1)
          .page(version2(new DataPageHeaderV2(1, 0, 1, Encoding.PLAIN, 2, repetitionBytes)), 2, 1)
          .assertBroken("levels of %d and 2 bytes".formatted(repetitionBytes));
    }

    DataPageHeaderV2 small = new DataPageHeaderV2(1, 0, 1, Encoding.PLAIN, 2, 0);
    CraftedFile.of(NUMBER, 1, CompressionCodec.SNAPPY)
        .page(new PageHeader(PageType.DATA_PAGE_V2, 1, 4).setData_page_header_v2(small), 2, 0, 2, 0)
        .assertBroken("levels of 0 and 2 bytes in a page of 4 bytes (1 uncompressed)");
    CraftedFile.of(NUMBER, 1, CompressionCodec.SNAPPY)
        .page(
            new PageHeader(PageType.DATA_PAGE_V2, 9, 4)
                .setData_page_header_v2(small.deepCopy().setIs_compressed(false)),
            2,
            0,
            2,
            0)
        .assertBroken("page has 2 bytes, its header says 7");
  }

  private static PageHeader version2(DataPageHeaderV2 header) {
    return new PageHeader(PageType.DATA_PAGE_V2, 2, 2).setData_page_header_v2(header);
  }

  @Test
  void dictionariesThatLie() throws IOException {
    CraftedFile.of(REQUIRED, 1)
        .data(1, Encoding.RLE_DICTIONARY, 1, 2, 0)
        .assertBroken("a dictionary page is missing");
    CraftedFile.of(REQUIRED, 1)
        .data(1, Encoding.PLAIN_DICTIONARY, 1, 2, 0)
        .assertBroken("a dictionary page is missing");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(1, 7, 0, 0, 0)
        .data(1, Encoding.RLE_DICTIONARY, 1, 2, 1)
        .assertBroken("dictionary index 1 with 1 entries");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(1, 7, 0, 0, 0)
        .data(1, Encoding.RLE_DICTIONARY, 32, 2, 0xff, 0xff, 0xff, 0xff)
        .assertBroken("dictionary index -1 with 1 entries");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(0)
        .data(1, Encoding.RLE_DICTIONARY, 0, 2)
        .assertBroken("dictionary index 0 with 0 entries");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(1, 7, 0, 0, 0)
        .data(1, Encoding.RLE_DICTIONARY)
        .assertBroken("1 bytes are needed where the page has 0 left");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(1, 7, 0, 0, 0)
        .data(1, Encoding.RLE_DICTIONARY, 200, 2, 0)
        .assertBroken("values of -56 bits");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(2, 7, 0, 0, 0)
        .assertBroken("8 bytes are needed where the page has 4 left");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(-1, 7, 0, 0, 0)
        .assertBroken("dictionary of -1 values, PLAIN, in 4 bytes");
    CraftedFile.of(REQUIRED, 1)
        .dictionary(ALL_ROWS, 7, 0, 0, 0)
        .assertBroken("dictionary of 2147483639 values, PLAIN, in 4 bytes");
    CraftedFile.of(REQUIRED, 1)
        .page(
            new PageHeader(PageType.DICTIONARY_PAGE, 4, 4)
                .setDictionary_page_header(
                    new DictionaryPageHeader(1, Encoding.DELTA_BINARY_PACKED)),
            7,
            0,
            0,
            0)
        .assertBroken("dictionary of 1 values, DELTA_BINARY_PACKED, in 4 bytes");
  }

  @Test
  void encodingsThatTheTypeDoesNotHave() throws IOException {
    for (Encoding encoding :
        new Encoding[] {
          Encoding.DELTA_BYTE_ARRAY, Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.RLE
        }) {
      CraftedFile.of(REQUIRED, 1)
          .data(1, encoding, 1, 0, 0, 0)
          .assertBroken("encoding %s of INT32 is not supported".formatted(encoding));
    }

    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.DELTA_BINARY_PACKED, 1)
        .assertBroken("encoding DELTA_BINARY_PACKED of BYTE_ARRAY UTF8 is not supported");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.BYTE_STREAM_SPLIT, 1)
        .assertBroken("encoding BYTE_STREAM_SPLIT of BYTE_ARRAY UTF8 is not supported");
    CraftedFile.of(FLAG, 1)
        .dictionary(1, 1)
        .data(1, Encoding.RLE_DICTIONARY, 1, 2, 0)
        .assertBroken("a dictionary of BOOLEAN is not supported");
    CraftedFile.of(REQUIRED, 1)
        .data(1, Encoding.BIT_PACKED, 1)
        .assertBroken("encoding BIT_PACKED is not supported");
  }

  @Test
  void deltaTextsThatLie() throws IOException {
    int[] nothing = {128, 1, 4, 1, 0};
    int[] five = {128, 1, 4, 1, 10};
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.DELTA_LENGTH_BYTE_ARRAY, join(five, 'x'))
        .assertBroken("5 bytes are needed where the page has 1 left");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.DELTA_LENGTH_BYTE_ARRAY, 128, 1, 4, 1, 9, 'x')
        .assertBroken("-5 bytes are needed where the page has 1 left");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.DELTA_BYTE_ARRAY, join(five, nothing))
        .assertBroken("5 bytes shared with a value of 0");
    CraftedFile.of(TEXT, 1)
        .data(1, Encoding.DELTA_BYTE_ARRAY, join(nothing, five))
        .assertBroken("5 bytes are needed where the page has 0 left");
    ColumnSchema amount = ColumnSchema.decimal("c", 9, 2).asRequired();
    CraftedFile.of(amount, 1)
        .data(1, Encoding.DELTA_BYTE_ARRAY, join(nothing, nothing))
        .assertBroken("value of 0 bytes among ones of 16");
  }

  private static int[] join(int[] left, int... right) {
    return IntStream.concat(Arrays.stream(left), Arrays.stream(right)).toArray();
  }
}
