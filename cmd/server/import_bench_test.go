package main

import "testing"

// Figures of an import: rows checked, and rows checked and written, a second.
func BenchmarkImport(b *testing.B) {
	const rows = 5000
	from := b.TempDir()
	must(b, "generate", "--data", from, "--exercise", "--incidents", "5000", "--days", "365")
	for _, format := range []string{"csv", "geojson", "gpkg"} {
		file := put(b, "log."+format, must(b, "export", "--data", from, "--exercise", "include", "--format", format))
		b.Run(format+"/check", func(b *testing.B) {
			into := b.TempDir()
			for b.Loop() {
				must(b, "import", "--data", into, "--dry-run", file)
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(format+"/write", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				into := b.TempDir()
				b.StartTimer()
				must(b, "import", "--data", into, file)
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
