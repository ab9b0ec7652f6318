// Writes sets of files with parquet-go: one for each codec, page version and unit of the key.
package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

const rows = 200

type target struct {
	Time time.Time `parquet:"interval_time,timestamp(microsecond)"`
	Y    int64     `parquet:"y"`
}

type feature struct {
	B       bool     `parquet:"b"`
	Flag    *bool    `parquet:"flag,optional"`
	I8      int8     `parquet:"i8,int(8)"`
	I16     int16    `parquet:"i16,int(16)"`
	I32     *int32   `parquet:"i32,optional"`
	I64     *int64   `parquet:"i64,optional,dict"`
	Deltas  int64    `parquet:"deltas,delta"`
	U8      uint8    `parquet:"u8,uint(8)"`
	U32     uint32   `parquet:"u32"`
	U64     uint64   `parquet:"u64"`
	F32     float32  `parquet:"f32,split"`
	F64     *float64 `parquet:"f64,optional"`
	Split   float64  `parquet:"split,split"`
	Text    string   `parquet:"text"`
	Prefix  string   `parquet:"prefix,delta"`
	Dict    *string  `parquet:"dict,optional,dict"`
	Kind    string   `parquet:"kind,enum"`
	Bytes   []byte   `parquet:"bytes"`
	Fixed   [5]byte  `parquet:"fixed"`
	UUID    [16]byte `parquet:"id,uuid"`
	Date    int32    `parquet:"date,date"`
	Millis  int64    `parquet:"millis,timestamp(millisecond)"`
	Local   int64    `parquet:"local,timestamp(microsecond:local)"`
	Nanos   int64    `parquet:"nanos,timestamp(nanosecond)"`
	Decimal int64    `parquet:"decimal,decimal(2:18)"`
	Never   *float64 `parquet:"never,optional"`
}

type millis struct {
	Time time.Time `parquet:"interval_time,timestamp(millisecond)"`
	feature
}

type micros struct {
	Time time.Time `parquet:"interval_time,timestamp(microsecond)"`
	feature
}

type nanos struct {
	feature
	Time time.Time `parquet:"interval_time,timestamp(nanosecond)"`
}

func minute(i int) time.Time {
	return time.Date(2024, 1, 1, 0, i, 0, 0, time.UTC)
}

func some[T any](i int, value T) *T {
	if i%7 == 3 {
		return nil
	}
	return &value
}

func values(i int) feature {
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 5e-324}
	number := float64(i)/7 - 11
	if i < len(special) {
		number = special[i]
	}
	text := fmt.Sprintf("row %d \u00e4\u20ac", i)
	row := feature{
		B: i%3 == 0, Flag: some(i, i%2 == 0), I8: int8(i), I16: int16(-i), I32: some(i, int32(i-99)),
		I64: some(i, int64(i%5)), Deltas: int64(i) * 1000000007, U8: uint8(i), U32: math.MaxUint32 - uint32(i),
		U64: math.MaxUint64 - uint64(i), F32: float32(number), F64: some(i, number), Split: number, Text: text,
		Prefix: text, Dict: some(i, fmt.Sprintf("kind %d", i%4)), Kind: fmt.Sprintf("kind %d", i%3),
		Bytes: []byte(text), Date: int32(19723 + i), Millis: int64(i), Local: int64(i), Nanos: int64(i),
		Decimal: int64(i*37 - 1000),
	}
	copy(row.Fixed[:], fmt.Sprintf("%05d", i))
	row.UUID[15] = byte(i)
	return row
}

// order has most rows, each once and out of order.
func order() []int {
	var chosen []int
	for i := 0; i < rows; i++ {
		if row := i * 77 % rows; row%9 != 4 {
			chosen = append(chosen, row)
		}
	}
	return chosen
}

func write[T any](name string, data []T, options ...parquet.WriterOption) {
	path := filepath.Join(os.Args[1], name+".parquet")
	file, err := os.Create(path)
	if err == nil {
		writer := parquet.NewGenericWriter[T](file, options...)
		if _, err = writer.Write(data); err == nil {
			err = writer.Close()
		}
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "cannot write %s: %v\n", path, err)
		os.Exit(1)
	}
}

func main() {
	var targets []target
	for i := 0; i < rows; i++ {
		targets = append(targets, target{minute(i), int64(i)})
	}
	write("targets", targets)
	var inMillis []millis
	var inMicros []micros
	var inNanos []nanos
	for _, i := range order() {
		inMillis = append(inMillis, millis{minute(i), values(i)})
		inMicros = append(inMicros, micros{minute(i), values(i)})
		inNanos = append(inNanos, nanos{values(i), minute(i)})
	}
	write("key_millis", inMillis)
	write("key_nanos", inNanos)
	codecs := map[string]compress.Codec{
		"none": &parquet.Uncompressed, "snappy": &parquet.Snappy, "gzip": &parquet.Gzip,
		"brotli": &parquet.Brotli, "zstd": &parquet.Zstd, "lz4": &parquet.Lz4Raw,
	}
	for name, codec := range codecs {
		for _, version := range []int{1, 2} {
			write(fmt.Sprintf("%s_v%d", name, version), inMicros, parquet.Compression(codec),
				parquet.DataPageVersion(version), parquet.MaxRowsPerRowGroup(61), parquet.PageBufferSize(300))
		}
	}
	write("statistics", inMicros, parquet.DataPageStatistics(true),
		parquet.BloomFilters(parquet.SplitBlockFilter(10, "i64"), parquet.SplitBlockFilter(10, "text")))
	write("empty", inMicros[:0])
}
