// Package formattest is what the tests of the file formats have in common: a
// layer with every kind of value and of geometry (sample.go), what is written of
// it (write.go) and read (compare.go), the tools of others that open it (gdal.go,
// window.go), the contract of a writer (contract.go), and a look at the heap
// (heap.go). Nothing but tests may import it.
package formattest
