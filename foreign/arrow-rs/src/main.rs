//! Writes sets of files with arrow-rs: one for each codec, page version, encoding and unit of the key.

use std::{env, fs::File, path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, FixedSizeBinaryArray, Float32Array, Float64Array,
    Int16Array, Int32Array, Int64Array, Int8Array, LargeStringArray, NullArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt32Array,
    UInt64Array, UInt8Array,
};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, Encoding},
    file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion},
};

const ROWS: i64 = 200;
/// 2024-01-01 in UTC, in milliseconds.
const START: i64 = 1_704_067_200_000;
const MINUTE: i64 = 60_000;

fn some<T>(rows: &[i64], value: impl Fn(i64) -> T) -> Vec<Option<T>> {
    rows.iter().map(|&i| (i % 7 != 3).then(|| value(i))).collect()
}

fn all<T>(rows: &[i64], value: impl Fn(i64) -> T) -> Vec<T> {
    rows.iter().map(|&i| value(i)).collect()
}

fn double(i: i64) -> f64 {
    let special = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324];
    *special.get(i as usize).unwrap_or(&(i as f64 / 7.0 - 11.0))
}

fn text(i: i64) -> String {
    if i % 5 == 0 { String::new() } else { format!("row {i} \u{e4}\u{20ac}") }
}

fn millis(rows: &[i64]) -> Vec<i64> {
    all(rows, |i| START + i * MINUTE)
}

/// A column of each type that Parquet has.
fn columns(rows: &[i64]) -> Vec<(&'static str, ArrayRef)> {
    let micros = millis(rows).iter().map(|t| t * 1000 + 7).collect::<Vec<_>>();
    let fixed = all(rows, |i| format!("{i:05}").into_bytes());
    vec![
        ("b", Arc::new(BooleanArray::from(some(rows, |i| i % 3 == 0)))),
        ("i8", Arc::new(Int8Array::from(some(rows, |i| i as i8)))),
        ("i16", Arc::new(Int16Array::from(some(rows, |i| -i as i16)))),
        ("i32", Arc::new(Int32Array::from(some(rows, |i| i as i32 - 99)))),
        ("i64", Arc::new(Int64Array::from(some(rows, |i| i * 1_000_000_007)))),
        ("u8", Arc::new(UInt8Array::from(all(rows, |i| i as u8)))),
        ("u32", Arc::new(UInt32Array::from(all(rows, |i| u32::MAX - i as u32)))),
        ("u64", Arc::new(UInt64Array::from(some(rows, |i| u64::MAX - i as u64)))),
        ("f32", Arc::new(Float32Array::from(some(rows, |i| double(i) as f32)))),
        ("f64", Arc::new(Float64Array::from(all(rows, double)))),
        ("text", Arc::new(StringArray::from(some(rows, text)))),
        ("large", Arc::new(LargeStringArray::from(all(rows, text)))),
        ("view", Arc::new(StringViewArray::from(all(rows, text)))),
        ("bytes", Arc::new(BinaryArray::from_iter(some(rows, |i| text(i).into_bytes())))),
        ("fixed", Arc::new(FixedSizeBinaryArray::try_from_iter(fixed.into_iter()).unwrap())),
        ("date", Arc::new(Date32Array::from(some(rows, |i| 19_723 + i as i32)))),
        ("local", Arc::new(TimestampMicrosecondArray::from(micros.clone()))),
        ("instant", Arc::new(TimestampMicrosecondArray::from(micros.clone()).with_timezone("UTC"))),
        ("nanos", Arc::new(TimestampNanosecondArray::from(micros.iter().map(|t| t * 1000 + 1).collect::<Vec<_>>()))),
        ("small", decimal(rows, 9)),
        ("medium", decimal(rows, 18)),
        ("large_decimal", decimal(rows, 38)),
        ("never", Arc::new(NullArray::new(rows.len()))),
    ]
}

fn decimal(rows: &[i64], precision: u8) -> ArrayRef {
    let values = Decimal128Array::from(some(rows, |i| (i * 37 - 1000) as i128));
    Arc::new(values.with_precision_and_scale(precision, 2).unwrap())
}

fn batch(key: ArrayRef, columns: Vec<(&'static str, ArrayRef)>) -> RecordBatch {
    let all = std::iter::once(("interval_time", key)).chain(columns);
    RecordBatch::try_from_iter_with_nullable(all.map(|(name, array)| (name, array, name != "interval_time"))).unwrap()
}

fn in_micros(rows: &[i64]) -> ArrayRef {
    let times = millis(rows).iter().map(|t| t * 1000).collect::<Vec<_>>();
    Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC"))
}

fn write(folder: &Path, name: &str, batch: &RecordBatch, options: WriterPropertiesBuilder) {
    let file = File::create(folder.join(format!("{name}.parquet"))).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(options.build())).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn main() {
    let folder = env::args().nth(1).expect("the folder to write to");
    let folder = Path::new(&folder);
    let options = WriterProperties::builder;
    let every: Vec<i64> = (0..ROWS).collect();
    // Most rows, each once and out of order.
    let rows: Vec<i64> = every.iter().map(|i| i * 77 % ROWS).filter(|i| i % 9 != 4).collect();
    let y: ArrayRef = Arc::new(Int64Array::from(every.clone()));
    write(folder, "targets", &batch(in_micros(&every), vec![("y", y)]), options());
    let everything = batch(in_micros(&rows), columns(&rows));
    for (name, codec) in [
        ("none", Compression::UNCOMPRESSED),
        ("snappy", Compression::SNAPPY),
        ("gzip", Compression::GZIP(Default::default())),
        ("brotli", Compression::BROTLI(Default::default())),
        ("zstd", Compression::ZSTD(Default::default())),
        ("lz4", Compression::LZ4),
        ("lz4_raw", Compression::LZ4_RAW),
    ] {
        for (pages, version) in [("old", WriterVersion::PARQUET_1_0), ("new", WriterVersion::PARQUET_2_0)] {
            let small = options().set_compression(codec).set_writer_version(version).set_data_page_row_count_limit(50);
            write(folder, &format!("{name}_{pages}"), &everything, small.set_write_batch_size(10));
        }
    }
    write(folder, "no_dictionary", &everything, options().set_dictionary_enabled(false));
    write(folder, "no_statistics", &everything, options().set_statistics_enabled(EnabledStatistics::None));
    write(folder, "bloom_filters", &everything, options().set_bloom_filter_enabled(true));
    for (name, encoding, chosen) in [
        ("split", Encoding::BYTE_STREAM_SPLIT, vec!["i32", "i64", "f32", "f64", "fixed"]),
        ("delta", Encoding::DELTA_BINARY_PACKED, vec!["i8", "i16", "i32", "i64", "u32", "u64"]),
        ("lengths", Encoding::DELTA_LENGTH_BYTE_ARRAY, vec!["text", "large", "view", "bytes"]),
        ("prefixes", Encoding::DELTA_BYTE_ARRAY, vec!["text", "large", "bytes"]),
    ] {
        let some = columns(&rows).into_iter().filter(|(name, _)| chosen.contains(name)).collect();
        let encoded = chosen.iter().fold(options().set_dictionary_enabled(false), |set, &column| {
            set.set_column_encoding(column.into(), encoding)
        });
        write(folder, name, &batch(in_micros(&rows), some), encoded);
    }
    let x = || vec![("x", Arc::new(Int64Array::from(rows.clone())) as ArrayRef)];
    let in_millis = Arc::new(TimestampMillisecondArray::from(millis(&rows)));
    write(folder, "key_millis", &batch(in_millis, x()), options());
    let nanos = millis(&rows).iter().map(|t| t * 1_000_000).collect::<Vec<_>>();
    write(folder, "key_nanos", &batch(Arc::new(TimestampNanosecondArray::from(nanos)), x()), options());
    write(folder, "empty", &everything.slice(0, 0), options());
}
