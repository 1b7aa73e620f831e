package main

import (
	"fmt"
	"text/tabwriter"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
	"interceptlog/testdata"
)

// sampleUsers are one for each role. Their passwords are no secret: a server
// that has them listens on this machine only.
var sampleUsers = []struct {
	name     string
	role     access.Role
	password string
}{
	{"wall", access.Wall, "sample-wall"},
	{"viewer", access.Viewer, "sample-viewer"},
	{"analyst", access.Analyst, "sample-analyst"},
	{"officer", access.Officer, "sample-officer"},
	{"supervisor", access.Supervisor, "sample-supervisor"},
	{"admin", access.Administrator, "sample-admin"},
}

// loadSample reads the sample records into the log, once: records that are
// there already stay as they are. Then it says who may sign in.
func (c *command) loadSample(s *store.Store) error {
	im := c.importer(s, "NATO UNCLASSIFIED")
	var files []research.File
	for _, name := range []string{"incidents.ndjson", "hotline.ndjson"} {
		f, err := testdata.Research.Open("research/" + name)
		if err != nil {
			return fmt.Errorf("open sample: %w", err)
		}
		defer f.Close()
		files = append(files, research.File{Name: name, Reader: f})
	}
	report, err := im.Import(c.ctx, files, false)
	if err != nil {
		return fmt.Errorf("load sample: %w", err)
	}
	if err := report.Print(c.out); err != nil {
		return err
	}
	if err := im.LoadExercise(c.ctx, c.now()); err != nil {
		return fmt.Errorf("load exercise: %w", err)
	}
	return c.addSampleUsers(s)
}

func (c *command) addSampleUsers(s *store.Store) error {
	w := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "sample user\trole\tpassword")
	for _, u := range sampleUsers {
		have, err := s.User(c.ctx, u.name)
		said := u.password
		switch {
		case fault.Is(err, fault.NotFound):
			err = s.AddUser(c.ctx, actor(), access.User{Name: u.name, Role: u.role, PasswordHash: access.HashPassword(u.password), CreatedAt: c.now()})
		case err == nil && !access.PasswordMatches(u.password, have.PasswordHash):
			said = "(has been changed)"
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", u.name, u.role, said)
	}
	return w.Flush()
}

// refuseSampleUsers keeps a log that still has a sample user with its printed
// password from being served to other machines.
func refuseSampleUsers(c *command, s *store.Store) error {
	for _, u := range sampleUsers {
		have, err := s.User(c.ctx, u.name)
		if fault.Is(err, fault.NotFound) || err == nil && have.Disabled {
			continue
		}
		if err != nil {
			return err
		}
		if access.PasswordMatches(u.password, have.PasswordHash) {
			return fault.New(fault.Forbidden, "This log has the sample user “"+u.name+"”, whose password is printed: set another (server user passwd "+u.name+") or disable the user before listening beyond this machine.")
		}
	}
	return nil
}
