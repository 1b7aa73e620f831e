package hotline

import (
	"context"
	"fmt"
	"slices"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/incidents"
)

// maxWithinS bounds the time that a policy gives: a year. A longer one asks
// for nothing and is more likely a slip of the hand.
const maxWithinS = 366 * 24 * 3600

const (
	policyNotChanged = "The policy was not changed."
	policyReason     = "agreed at the yearly consultation"
)

// CheckPolicy says what is wrong with new rules and the reason for them, all at
// once, as SetPolicy does.
func CheckPolicy(rules []Rule, reason string) error {
	var rd contactReader
	order := checkRules(&rd.Problems, rules)
	rd.reason(reason, policyReason)
	return rd.Err(policyNotChanged, order...)
}

// CheckRules says what is wrong with the rules of a policy, all at once. The
// field of a message is rules-<row>, counted from 0.
func CheckRules(rules []Rule) error {
	var p fault.Problems
	order := checkRules(&p, rules)
	return p.Err(policyNotChanged, order...)
}

// checkRules notes what is wrong and gives the order of its fields.
func checkRules(p *fault.Problems, rules []Rule) []string {
	rows := make([]string, len(rules))
	seen := map[[2]string]bool{}
	for i, r := range rules {
		row := fmt.Sprintf("rules-%d", i)
		rows[i] = row
		if !incidents.Severities.Has(r.Severity) {
			p.Add(row, fmt.Sprintf("“%s” is no severity; accepted: %s.", clip(r.Severity), incidents.Severities.Accepted()))
		}
		if r.Region != "" && !incidents.RegionCodes.Has(r.Region) {
			p.Add(row, fmt.Sprintf("“%s” is no region; accepted: %s, or none for everywhere.", clip(r.Region), incidents.RegionCodes.Accepted()))
		}
		switch r.Need {
		case NeedNone:
			if r.WithinS != 0 {
				p.Add(row, "Nothing is asked for, so there is no time to give: leave it empty, or ask for any or a direct contact.")
			}
		case NeedAny, NeedDirect:
			if r.WithinS < 60 || r.WithinS > maxWithinS {
				p.Add(row, "Give the time in which the contact is asked for, from 1 min to 366 d; for instance 24 h.")
			}
		default:
			p.Add(row, fmt.Sprintf("“%s” is no need; accepted: none, any, direct.", clip(string(r.Need))))
		}
		key := [2]string{r.Severity, r.Region}
		if seen[key] {
			p.Add(row, "There is a rule for this severity and region already; keep one of them.")
		}
		seen[key] = true
	}
	for _, s := range incidents.Severities {
		if !seen[[2]string{s.Code, ""}] {
			p.Add("rules", fmt.Sprintf("No rule for %s everywhere; add one, for instance “none”.", s.Word))
		}
	}
	return append(rows, "rules", "reason")
}

// SetPolicy puts new rules in force for incidents reported from now on. Those
// already in the log keep the version they were first reported under. base is
// the version that the change was made from.
func (d *Desk) SetPolicy(ctx context.Context, actor access.Actor, base int, rules []Rule, reason string) (Policy, error) {
	if err := actor.Require(access.Manage); err != nil {
		return Policy{}, err
	}
	rd := d.reader()
	order := checkRules(&rd.Problems, rules)
	reason = rd.reason(reason, policyReason)
	if err := rd.Err(policyNotChanged, order...); err != nil {
		return Policy{}, err
	}
	now, err := d.Store.Policy(ctx, 0)
	if err != nil {
		return Policy{}, err
	}
	if now.Version != base {
		return Policy{}, fault.New(fault.Conflict, "Somebody else changed the policy while you were editing.")
	}
	return d.Store.SetPolicy(ctx, actor, Policy{Rules: slices.Clone(rules), Reason: reason})
}

// RuleChange is what one version of the policy has otherwise than another, for
// a severity and a region. Was or Is is nil where there was or is no rule.
type RuleChange struct {
	Severity, Region string
	Was, Is          *Rule
}

// DiffRules gives what differs between two tables of rules, by severity and
// region in the order of their vocabularies.
func DiffRules(was, is []Rule) []RuleChange {
	find := func(rules []Rule, severity, region string) *Rule {
		for _, r := range rules {
			if r.Severity == severity && r.Region == region {
				return &r
			}
		}
		return nil
	}
	var changes []RuleChange
	for _, s := range incidents.Severities {
		for _, region := range RuleRegions() {
			c := RuleChange{s.Code, region, find(was, s.Code, region), find(is, s.Code, region)}
			if same := c.Was == nil && c.Is == nil || c.Was != nil && c.Is != nil && *c.Was == *c.Is; !same {
				changes = append(changes, c)
			}
		}
	}
	return changes
}

// RuleRegions are the regions that a rule may be for; the empty one, first, is
// everywhere.
func RuleRegions() []string {
	regions := []string{""}
	for _, r := range incidents.RegionCodes {
		regions = append(regions, r.Code)
	}
	return regions
}
