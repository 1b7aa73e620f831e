package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"interceptlog/web/assets"
)

// packed are media types that compression only makes longer.
var packed = []string{"image/png", "image/jpeg", "image/webp", "application/pdf"}

// compressed answers in zstd or gzip where the client takes it (RFC 9110
// §12.5.3). The fastest levels: a change sends the board to every screen at
// once, and packing it takes longer than making it.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(1),
		gzhttp.SuffixETag("-gzip"), // another coding is another representation (RFC 9110 §8.8.3.3); zstd gets its own name
		gzhttp.ContentTypeFilter(func(ct string) bool {
			kind, _, _ := strings.Cut(ct, ";")
			return !slices.Contains(packed, kind) && gzhttp.DefaultContentTypeFilter(ct)
		}))
	if err != nil {
		panic(err) // the options above are wrong; nothing at run time can be
	}
	small := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPacked(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		small(w, r)
	})
}

// isPacked tells answers that are compressed already, or must not wait until
// there is enough of them to compress.
func isPacked(path string) bool {
	return strings.HasPrefix(path, assets.Prefix) || path == "/events" || strings.HasSuffix(path, "/export.zip") || strings.Contains(path, "/attachments/")
}
