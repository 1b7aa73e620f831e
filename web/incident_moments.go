package web

import (
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// momentOf writes a time for a page, no finer than it is known. An hour that
// does not begin on the hour is given by both its ends.
func momentOf(m incidents.Moment) view.Moment {
	if m.IsZero() {
		return view.Moment{}
	}
	v := view.Moment{At: m.From.Time(), Precision: string(m.Precision)}
	if m.Precision == incidents.Hour && v.At.Minute() != 0 {
		v.Text = m.String()
	}
	if m.Precision != incidents.Exact {
		v.Note = knownTo(m)
	}
	return v
}

// briefMoment is momentOf in the room that a strip or a list has.
func briefMoment(m incidents.Moment) view.Moment {
	v := momentOf(m)
	v.Note = ""
	if v.Text != "" {
		v.Text = shortDTG(m.From)[:6] + "–" + shortDTG(m.To)[2:]
	}
	return v
}

// knownTo says how well a time is known.
func knownTo(m incidents.Moment) string {
	switch m.Precision {
	case "":
		return ""
	case incidents.Exact:
		return "to the minute"
	}
	return string(m.Precision) + " only"
}

// instantOf is a time known to the minute, or unknown where it is 0.
func instantOf(m incidents.Millis) view.Moment {
	if m == 0 {
		return view.Moment{}
	}
	return view.Moment{At: m.Time(), Precision: string(incidents.Exact)}
}

// spanOf is the interval in which a time lies.
func spanOf(m incidents.Moment) view.Span {
	if m.IsZero() {
		return view.Span{}
	}
	return view.Span{From: m.From.Time(), To: m.To.Time()}
}

// shortDTG is a date-time group without month and year, 140603Z.
func shortDTG(m incidents.Millis) string { return incidents.FormatDTG(m.Time())[:7] }

// shortMoment is a time in as few characters as it needs.
func shortMoment(m incidents.Moment) string {
	if m.Precision == incidents.Exact {
		return shortDTG(m.From)
	}
	return m.String()
}

// deadlineText is when the deadline is, or between which moments it lies.
func deadlineText(a hotline.Assessment) string {
	if a.DeadlineTo-a.DeadlineFrom <= 60_000 {
		return shortDTG(a.DeadlineFrom)
	}
	return shortDTG(a.DeadlineFrom) + " to " + shortDTG(a.DeadlineTo)
}
