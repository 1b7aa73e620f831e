//go:build !race

package web_test

// raced says that the race detector makes everything some ten times slower.
const raced = false
