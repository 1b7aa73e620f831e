package store

import (
	"context"
	"time"

	"interceptlog/internal/incidents"
)

// settleWait is how long Settled waits for somebody who writes.
const settleWait = 5 * time.Millisecond

// Settled gives the latest moment of which nothing more can be written: the log
// as of it stays as it is. That is nearly now; while somebody writes, whose time
// of recording was settled when they began, it is that of the last entry.
func (s *Store) Settled(ctx context.Context) (incidents.Millis, error) {
	if s.writer != nil {
		short, stop := context.WithTimeout(ctx, settleWait)
		defer stop()
		if tx, err := s.writer.BeginTx(short, nil); err == nil {
			// Whoever writes after this reads the clock after this.
			before := s.nowMillis() - 1
			_ = tx.Rollback()
			head, err := s.ChainHead(ctx)
			return max(before, incidents.Millis(head.At)), err
		}
	}
	head, err := s.ChainHead(ctx)
	return incidents.Millis(head.At), err
}
