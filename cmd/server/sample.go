package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
	"interceptlog/internal/watch"
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
	if err := c.addSampleUsers(s); err != nil {
		return err
	}
	return c.addSampleShifts(s)
}

// addSampleShifts plans the shift of now and the one after it, unless there are
// any already.
func (c *command) addSampleShifts(s *store.Store) error {
	have, err := s.Shifts(c.ctx, watch.ShiftFilter{Cancelled: true})
	if err != nil || len(have) > 0 {
		return err
	}
	const length = 8 * time.Hour
	names := []string{"Night watch", "Day watch", "Late watch"} // from 0000Z, 0800Z and 1600Z
	from := c.now().UTC().Truncate(length)
	for i, officer := range []string{"officer", "supervisor"} {
		begins := from.Add(time.Duration(i) * length)
		sh := watch.Shift{ID: watch.ShiftID(incidents.NewID()), Name: names[begins.Hour()/8], From: incidents.MillisOf(begins), To: incidents.MillisOf(begins.Add(length)), Officers: []string{officer}}
		if _, _, err := s.CreateShift(c.ctx, actor(), sh); err != nil {
			return err
		}
	}
	return nil
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
