package main

import (
	"bufio"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/store"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Walk the chain and the revisions it stands for."`
	List   auditListCmd   `cmd:"" help:"Print the chain, one entry a line, tab-separated."`
}

func (auditCmd) Help() string {
	return `verify exits with 0 and the count of entries when every entry fits; with 1,
naming the first entry that does not fit.

Examples:

    server audit --data ./var verify
    server audit --data ./var list`
}

type auditVerifyCmd struct{}

func (auditVerifyCmd) Help() string {
	return `Exit code 0 and the count of entries when every entry fits; 1, naming the
first that does not, otherwise.

Example:

    server audit --data ./var verify`
}

// Run verifies the chain.
func (auditVerifyCmd) Run(c *command) error {
	return c.withStore(func(s *store.Store) error {
		n, err := s.VerifyAudit(c.ctx)
		if err != nil {
			return err
		}
		head, err := s.ChainHead(c.ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%d entries verified; head %s\n", n, head.Hash)
		return err
	})
}

type auditListCmd struct{}

func (auditListCmd) Help() string { return "Example:\n\n    server audit --data ./var list" }

// Run lists seq, time, actor, action, subject, detail and hash.
func (auditListCmd) Run(c *command) error {
	return c.withStore(func(s *store.Store) error {
		w := bufio.NewWriter(c.out)
		err := s.EachEntry(c.ctx, 1, func(e access.Entry) error {
			_, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Seq, incidents.FormatInstant(incidents.Millis(e.At)), e.Actor, e.Action, e.Subject, e.Detail, e.Hash)
			return err
		})
		if err != nil {
			return err
		}
		return w.Flush()
	})
}

// unknownFormat says which formats there are.
func unknownFormat(format, accepted string) error {
	return &fault.Error{Kind: fault.Invalid, Msg: "The format is not known.", Fields: []fault.Field{{Name: "--format", Msg: fmt.Sprintf("“%s” is not accepted; accepted: %s.", format, accepted)}}}
}
