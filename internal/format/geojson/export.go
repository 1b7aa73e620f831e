package geojson

import (
	"context"
	"fmt"
	"io"

	"interceptlog/internal/access"
	"interceptlog/internal/format"
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
	moment := at.AsOf
	if moment == 0 {
		moment = at.Now
	}
	out := collection{Gathered: format.Gathered{W: w}}
	out.begin(&format.Layer{Name: "incidents"}, format.Meta{AsOf: moment, Filter: note.Filter})
	err = src.EachCase(ctx, f, at, opts.Full, func(c *hotline.Case) error {
		out.next()
		if out.Buf, err = AppendFeature(out.Buf, c, opts); err != nil {
			return err
		}
		return out.Pass()
	})
	if err != nil {
		return out.count, fmt.Errorf("export incidents: %w", err)
	}
	return out.count, out.end()
}
