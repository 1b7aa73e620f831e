package geojson

import (
	"context"
	"fmt"
	"io"

	"interceptlog/internal/access"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

// MediaType of what is written (RFC 7946 §12).
const MediaType = "application/geo+json"

// Source is what an export reads, and where it says so.
type Source interface {
	EachCase(ctx context.Context, f incidents.Filter, at hotline.At, full bool, fn func(*hotline.Case) error) error
	Audit(ctx context.Context, actor access.Actor, action, subject string, detail any) error
}

// audited is what the audit chain keeps of an export.
type audited struct {
	Filter   string `json:"filter"`
	Format   string `json:"format"`
	Profile  string `json:"profile,omitempty"`
	Count    int    `json:"count"`
	Complete bool   `json:"complete"`
}

// flushAt is how many bytes are gathered before they are written.
const flushAt = 32 << 10

// Export streams the incidents of a filter as a FeatureCollection in a stable
// order. The closing bracket is written only after the store said that it gave
// everything; on an error the caller must cut the connection, so that a cut file
// looks cut. It gives the number of features.
func Export(ctx context.Context, src Source, actor access.Actor, f incidents.Filter, at hotline.At, opts Options, w io.Writer) (count int, err error) {
	note := audited{Filter: f.Values().Encode(), Format: "geojson"}
	if opts.Full {
		note.Profile = "full"
	}
	if !opts.NoAudit {
		if err := src.Audit(ctx, actor, "export.start", "incidents", note); err != nil {
			return 0, err
		}
		defer func() {
			note.Count, note.Complete = count, err == nil
			// The end is noted even when the client has gone away.
			if aerr := src.Audit(context.WithoutCancel(ctx), actor, "export.end", "incidents", note); err == nil {
				err = aerr
			}
		}()
	}
	buf := head(at, note.Filter)
	err = src.EachCase(ctx, f, at, opts.Full, func(c *hotline.Case) error {
		if count++; count > 1 {
			buf = append(buf, ',', '\n')
		}
		if buf, err = AppendFeature(buf, c, opts); err != nil {
			return err
		}
		if len(buf) < flushAt {
			return nil
		}
		_, err := w.Write(buf)
		buf = buf[:0]
		return err
	})
	if err != nil {
		return count, fmt.Errorf("export incidents: %w", err)
	}
	buf = fmt.Appendf(buf, "\n],\"numberReturned\":%d}\n", count)
	_, err = w.Write(buf)
	return count, err
}

// head opens the collection and says of when and of what it is.
func head(at hotline.At, filter string) []byte {
	o := object{b: []byte(`{"type":"FeatureCollection","name":"incidents",`), first: true}
	moment := at.AsOf
	if moment == 0 {
		moment = at.Now
	}
	o.Text("as_of", incidents.FormatInstant(moment))
	o.Text("filter", filter)
	return append(o.b, ",\"features\":[\n"...)
}
