package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

// listPolicies shows the policy in force and every version of it, newest first,
// with what each changed.
func (s *Server) listPolicies(c echo.Context) error {
	versions, err := s.Store.Policies(c.Request().Context())
	if err != nil {
		return err
	}
	p := view.PoliciesPage{Frame: s.frame(c, "Policies", "admin"), CanChange: actor(c).Role.May(access.Manage)}
	for i, v := range versions {
		row := view.PolicyVersion{Version: v.Version, At: v.RecordedAt.Time(), By: v.RecordedBy, Reason: v.Reason}
		if i > 0 {
			row.Changes = ruleChanges(versions[i-1].Rules, v.Rules)
		}
		p.Versions = append(p.Versions, row)
	}
	slices.Reverse(p.Versions)
	p.Rules = policyRows(versions[len(versions)-1])
	if c.QueryParam("saved") != "" {
		p.Frame.Flash = "Saved. It holds for incidents that are reported from now on."
	}
	p.Frame.Keys = []view.Key{{Key: "E", Label: "new version"}}
	return page(c, http.StatusOK, view.Policies(p))
}

// ruleChanges says in words what differs between two tables of rules.
func ruleChanges(was, is []hotline.Rule) []view.RuleChange {
	var rows []view.RuleChange
	for _, c := range hotline.DiffRules(was, is) {
		rows = append(rows, view.RuleChange{Severity: c.Severity, Region: ruleRegion(c.Region), Was: ruleWords(c.Was, c.Region), Is: ruleWords(c.Is, c.Region)})
	}
	return rows
}

// ruleRegion is where a rule holds.
func ruleRegion(code string) string {
	if code == "" {
		return "everywhere"
	}
	return incidents.RegionCodes.Word(code)
}

// ruleWords is what a rule asks for; without one, a region goes by the rule for
// everywhere.
func ruleWords(r *hotline.Rule, region string) string {
	switch {
	case r == nil && region == "":
		return "no rule"
	case r == nil:
		return "as everywhere"
	case r.Need == hotline.NeedNone:
		return needWords[r.Need]
	}
	return needWords[r.Need] + " within " + hotline.FormatWithin(r.WithinS)
}

// policyForm is what was typed: for each severity and region a need, and a time
// in words.
type policyForm struct {
	base         int
	reason       string
	need, within map[string]string // by cell
}

// cellOf names a cell of the form: serious-all, serious-baltic.
func cellOf(severity, region string) string {
	if region == "" {
		region = "all"
	}
	return severity + "-" + region
}

// formOfPolicy fills the form with a policy.
func formOfPolicy(p hotline.Policy) policyForm {
	f := policyForm{base: p.Version, need: map[string]string{}, within: map[string]string{}}
	for _, r := range p.Rules {
		cell := cellOf(r.Severity, r.Region)
		f.need[cell] = string(r.Need)
		if r.Need != hotline.NeedNone {
			f.within[cell] = hotline.FormatWithin(r.WithinS)
		}
	}
	return f
}

func readPolicyForm(v url.Values) policyForm {
	f := policyForm{reason: v.Get("reason"), need: map[string]string{}, within: map[string]string{}}
	f.base, _ = strconv.Atoi(v.Get("base")) // a base that is no number is none, and conflicts
	for _, severity := range severityOrder {
		for _, region := range hotline.RuleRegions() {
			cell := cellOf(severity, region)
			f.need[cell], f.within[cell] = v.Get("need-"+cell), strings.TrimSpace(v.Get("within-"+cell))
		}
	}
	return f
}

// rules reads the table, and says everything that is wrong with it. A reason is
// needed for saving alone.
func (f policyForm) rules(saving bool) ([]hotline.Rule, []view.FieldError) {
	var rules []hotline.Rule
	var cells []string
	wrong := map[string]string{} // cell: what cannot be read of it
	for _, severity := range severityOrder {
		for _, region := range hotline.RuleRegions() {
			cell := cellOf(severity, region)
			if f.need[cell] == "" {
				if f.within[cell] != "" {
					wrong[cell] = "A time is given, and nothing is asked for: choose a contact, or leave the time empty."
				}
				continue
			}
			r := hotline.Rule{Severity: severity, Region: region, Need: hotline.Need(f.need[cell])}
			if text := f.within[cell]; text != "" {
				var err error
				if r.WithinS, err = hotline.ReadWithin(text); err != nil {
					wrong[cell], r.WithinS = err.Error(), 3600
				}
			}
			rules, cells = append(rules, r), append(cells, cell)
		}
	}
	reason := f.reason
	if !saving && strings.TrimSpace(reason) == "" {
		reason = "what if"
	}
	problems := map[string][]string{}
	for cell, msg := range wrong {
		problems["within-"+cell] = []string{msg}
	}
	var last []view.FieldError
	for _, field := range fault.Fields(hotline.CheckPolicy(rules, reason)) {
		row, isRow := strings.CutPrefix(field.Name, "rules-")
		i, err := strconv.Atoi(row)
		switch {
		case isRow && err == nil && wrong[cells[i]] == "":
			problems["within-"+cells[i]] = append(problems["within-"+cells[i]], field.Msg)
		case field.Name == "rules":
			last = append(last, view.FieldError{ID: "need-" + cellOf(severityOrder[0], ""), Field: "Rules", Msg: field.Msg})
		case !isRow:
			last = append(last, view.FieldError{ID: field.Name, Field: "Reason", Msg: field.Msg})
		}
	}
	var errs []view.FieldError
	for _, severity := range severityOrder {
		for _, region := range hotline.RuleRegions() {
			id := "within-" + cellOf(severity, region)
			for _, msg := range problems[id] {
				errs = append(errs, view.FieldError{ID: id, Field: view.SeverityWord(severity) + ", " + ruleRegion(region), Msg: msg})
			}
		}
	}
	return rules, append(errs, last...)
}

// newPolicy is the form of a new version. With need and within in the address
// it also says what those rules would have made of last year's incidents: that
// changes nothing, so it is an address that can be sent to others.
func (s *Server) newPolicy(c echo.Context) error {
	ctx := c.Request().Context()
	now, err := s.Store.Policy(ctx, 0)
	if err != nil {
		return err
	}
	if c.QueryParam("base") == "" {
		return s.policyPage(c, http.StatusOK, view.PolicyFormPage{}, formOfPolicy(now), now)
	}
	f := readPolicyForm(c.QueryParams())
	rules, errs := f.rules(false)
	if len(errs) > 0 {
		return s.policyPage(c, http.StatusUnprocessableEntity, view.PolicyFormPage{Errors: errs, ErrorTitle: notDone("tried", len(errs))}, f, now)
	}
	w, err := s.Desk.WhatIf(ctx, actor(c), now, rules)
	if err != nil {
		return err
	}
	p := view.PolicyFormPage{WhatIf: s.whatIf(w, now)}
	p.WhatIf.Changes = ruleChanges(now.Rules, rules)
	return s.policyPage(c, http.StatusOK, p, f, now)
}

// postPolicy saves a new version.
func (s *Server) postPolicy(c echo.Context) error {
	v, err := formValues(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	now, err := s.Store.Policy(ctx, 0)
	if err != nil {
		return err
	}
	f := readPolicyForm(v)
	rules, errs := f.rules(true)
	if len(errs) > 0 {
		return s.policyPage(c, http.StatusUnprocessableEntity, view.PolicyFormPage{Errors: errs, ErrorTitle: notDone("saved", len(errs))}, f, now)
	}
	_, err = s.Desk.SetPolicy(ctx, actor(c), f.base, rules, f.reason)
	if !fault.Is(err, fault.Conflict) {
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, "/policies?saved=1")
	}
	// The same form sent twice has saved the version that stands.
	if now, err = s.Store.Policy(ctx, 0); err != nil {
		return err
	}
	if now.Version == f.base+1 && now.RecordedBy == actor(c).Name && now.Reason == strings.TrimSpace(f.reason) && len(hotline.DiffRules(now.Rules, rules)) == 0 {
		return c.Redirect(http.StatusSeeOther, "/policies?saved=1")
	}
	base, err := s.Store.Policy(ctx, f.base)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	p := view.PolicyFormPage{Conflict: &view.PolicyVersion{Version: now.Version, At: now.RecordedAt.Time(), By: now.RecordedBy, Reason: now.Reason, Changes: ruleChanges(base.Rules, now.Rules)}}
	f.base = now.Version
	return s.policyPage(c, http.StatusConflict, p, f, now)
}

// policyPage shows the form as it was typed.
func (s *Server) policyPage(c echo.Context, status int, p view.PolicyFormPage, f policyForm, now hotline.Policy) error {
	p.Frame = s.frame(c, "New version of the policy", "admin")
	p.Base, p.Reason = f.base, f.reason
	p.Stale = p.Conflict == nil && f.base != now.Version
	for _, severity := range severityOrder {
		for _, region := range hotline.RuleRegions() {
			cell := cellOf(severity, region)
			p.Cells = append(p.Cells, view.PolicyCell{ID: cell, Severity: severity, Region: ruleRegion(region), Everywhere: region == "", Need: f.need[cell], Within: f.within[cell],
				Now: ruleWords(ruleOf(now, severity, region), region)})
		}
	}
	for _, need := range []hotline.Need{hotline.NeedNone, hotline.NeedAny, hotline.NeedDirect} {
		p.Needs = append(p.Needs, view.Option{Value: string(need), Label: needWords[need]})
	}
	if len(p.Errors) > 0 {
		p.Frame.Title = "Error: " + p.Frame.Title
	}
	return page(c, status, view.PolicyForm(p))
}

// ruleOf is the rule of a policy for exactly this severity and region, or nil.
func ruleOf(p hotline.Policy, severity, region string) *hotline.Rule {
	for _, r := range p.Rules {
		if r.Severity == severity && r.Region == region {
			return &r
		}
	}
	return nil
}

// whatIf says what other rules would have made of a year's incidents.
func (s *Server) whatIf(w *hotline.WhatIf, base hotline.Policy) *view.WhatIf {
	year := w.From.Time().Year()
	p := &view.WhatIf{Year: year, Last: year == s.Now().UTC().Year()-1, Base: base.Version, Incidents: w.Incidents, Otherwise: w.Otherwise, Changed: w.Changed}
	for _, code := range statusOrder {
		before, after := w.Before[hotline.Status(code)], w.After[hotline.Status(code)]
		if before.Possible+after.Possible > 0 {
			p.Counts = append(p.Counts, view.WhatIfCount{Status: code, Before: rangeWords(before), After: rangeWords(after), Differs: before != after})
		}
	}
	for _, one := range w.Changes {
		r := one.Incident.Record
		row := view.WhatIfRow{Number: numberOf(one.Incident), Title: r.Title, Href: incidentPath(one.Incident.ID), Severity: r.Severity, Region: incidents.RegionCodes.Word(one.Incident.Derived.Region), Start: r.Start.String(),
			Was: string(one.Old.Worst), WasBest: string(one.Old.Best), Is: string(one.New.Worst), IsBest: string(one.New.Best)}
		if one.Old.FirstContact != nil {
			row.Contact = hotline.FormatBounds(*one.Old.FirstContact)
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// rangeWords is a count: "3", or "2 to 5" where times are too coarse to tell.
func rangeWords(r hotline.Range) string {
	if r.Certain == r.Possible {
		return strconv.Itoa(r.Certain)
	}
	return strconv.Itoa(r.Certain) + " to " + strconv.Itoa(r.Possible)
}
