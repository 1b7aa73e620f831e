package generate

import (
	"context"
	"math/rand/v2"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/incidents"
)

// batch is how many reports go into one transaction.
const batch = 500

// Fill writes count made-up incidents whose times are spread over a span that
// ends now. done is called after each batch with the number written so far.
func Fill(ctx context.Context, log *incidents.Log, actor access.Actor, seed uint64, count int, span time.Duration, done func(written int)) error {
	rng := rand.New(rand.NewPCG(seed, 2))
	now := log.Now()
	for written := 0; written < count; {
		size := min(batch, count-written)
		err := log.Store.InTx(ctx, func(ctx context.Context) error {
			for range size {
				at := now.Add(-time.Minute - time.Duration(rng.Int64N(int64(span))))
				if _, err := log.Post(ctx, actor, report(rng, scenes[rng.IntN(len(scenes))], at)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		written += size
		done(written)
	}
	return nil
}
