package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"interceptlog/internal/fault"
	"interceptlog/internal/geo"
	"interceptlog/internal/incidents"
	"interceptlog/internal/intake"
)

// readCmd gives the form's readers at the command line, so that what the
// product understands can be tried without it. It needs no log.
type readCmd struct {
	Position readPositionCmd `cmd:"" help:"Say how a position is read."`
	Time     readTimeCmd     `cmd:"" help:"Say how a time is read."`
	Report   readReportCmd   `cmd:"" help:"Say what a text on standard input would fill in."`
}

// errAsked is a text that may mean several things: exit code 2.
var errAsked = errors.New("ambiguous")

type readPositionCmd struct {
	Text string `arg:"" help:"Position as typed, in any notation."`
	JSON bool   `name:"json" help:"As JSON."`
}

func (readPositionCmd) Help() string {
	return `Exit code 1 when it cannot be read, 2 when it may mean several things.

Examples:

    server read position "5854N 02230E" --json
    server read position "35 NM NE of Gotland"
    server read position "33UXP0450"`
}

// Run prints the reading of a position.
func (cmd readPositionCmd) Run(c *command) error {
	r, err := geo.ReadPosition(cmd.Text)
	var e *geo.PositionError
	if errors.As(err, &e) && e.Ambiguous {
		return c.askBack(e.Msg, e.Suggestions)
	}
	if err != nil {
		return err
	}
	within := math.Round(r.UncertaintyNM*1e4) / 1e4
	if !cmd.JSON {
		return c.tell(fmt.Sprintf("%s (%s, within %g NM)", r.Text, r.Notation, within), r.Warnings)
	}
	return writeJSON(c.out, struct {
		Geometry      json.RawMessage `json:"geometry"`
		UncertaintyNM float64         `json:"uncertainty_nm"`
		Notation      string          `json:"notation"`
		Reading       string          `json:"reading"`
		Warnings      []string        `json:"warnings"`
	}{geo.AppendGeometry(nil, r.Geometry), within, r.Notation, r.Text, append([]string{}, r.Warnings...)})
}

type readTimeCmd struct {
	Text string    `arg:"" help:"Time as typed."`
	Now  time.Time `help:"The moment that it is read against, RFC 3339; now when left out." placeholder:"RFC3339"`
	JSON bool      `name:"json" help:"As JSON."`
}

func (readTimeCmd) Help() string {
	return `Exit code 1 when it cannot be read, 2 when it may mean several things.

Examples:

    server read time 141630ZMAR23 --json
    server read time "yesterday 2210" --now 2026-11-24T03:12:00Z
    server read time -25m`
}

// Run prints the reading of a time.
func (cmd readTimeCmd) Run(c *command) error {
	now := cmd.Now
	if now.IsZero() {
		now = c.now()
	}
	r, err := incidents.InterpretTime(cmd.Text, "", now)
	var e *incidents.TimeError
	if errors.As(err, &e) && len(e.Readings) > 0 {
		return c.askBack(e.Msg, e.Readings)
	}
	if err != nil {
		return err
	}
	from, to := r.From.Time().Format(time.RFC3339), r.To.Time().Format(time.RFC3339)
	if !cmd.JSON {
		return c.tell(fmt.Sprintf("%s (%s, from %s to %s)", r.Moment, r.Precision, from, to), r.Warnings)
	}
	return writeJSON(c.out, struct {
		From      string              `json:"from"`
		To        string              `json:"to"`
		Precision incidents.Precision `json:"precision"`
		Reading   string              `json:"reading"`
		Warnings  []string            `json:"warnings"`
	}{from, to, r.Precision, r.Moment.String(), append([]string{}, r.Warnings...)})
}

type readReportCmd struct {
	Now  time.Time `help:"When the text was received, RFC 3339; now when left out." placeholder:"RFC3339"`
	JSON bool      `name:"json" help:"As JSON."`
}

func (readReportCmd) Help() string {
	return `Reads a chat line, a message or a press text, and prints each field of the
report form that it states, with the words that it rests on.

Examples:

    server read report --json < message.txt
    echo "141630Z 2x Tu-95 intercepted by F-16, no FPL" | server read report`
}

// Run prints what a text states.
func (cmd readReportCmd) Run(c *command) error {
	now := cmd.Now
	if now.IsZero() {
		now = c.now()
	}
	text, err := io.ReadAll(io.LimitReader(c.in, intake.MaxText+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	if len(text) > intake.MaxText {
		return fault.New(fault.Invalid, fmt.Sprintf("The text is too long; at most %d bytes are read.", intake.MaxText))
	}
	if !utf8.Valid(text) {
		return fault.New(fault.Invalid, "The text is not UTF-8; save it as UTF-8 and try again.")
	}
	fields := intake.Read(string(text), now, geo.Default())
	if cmd.JSON {
		return writeJSON(c.out, map[string]any{"fields": fields})
	}
	for _, f := range fields {
		value, err := json.Marshal(f.Value)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(c.out, "%s\t%s\t“%s”\n", f.Name, value, strings.Join(strings.Fields(f.Text), " ")); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes one line; letters such as < stay as they are, since no page
// holds it.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// tell prints a reading for a person.
func (c *command) tell(reading string, warnings []string) error {
	_, err := fmt.Fprintln(c.out, strings.Join(append([]string{reading}, warnings...), "\n  "))
	return err
}

// askBack prints the readings of a text that may mean several things.
func (c *command) askBack(msg string, readings []string) error {
	fmt.Fprintf(c.err, "server: %s It can be read as:\n  %s\n", msg, strings.Join(readings, "\n  "))
	return errAsked
}

var minusFigure = regexp.MustCompile(`^-[\d.]`)

// behindDashes moves a text such as -25m or "-33.5 151.2" behind the sign that
// ends the flags, so that it is not taken for one.
func behindDashes(args []string) []string {
	i := slices.IndexFunc(args, minusFigure.MatchString)
	if len(args) < 3 || args[0] != "read" || i < 2 || slices.Contains(args, "--") {
		return args
	}
	moved := slices.Delete(slices.Clone(args), i, i+1)
	return append(moved, "--", args[i])
}
