package store

import (
	"context"
	"encoding/json"
	"fmt"

	"interceptlog/internal/access"
	"interceptlog/internal/fault"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
)

const insertPolicy = `insert into policy (version, valid_from, valid_to, recorded_by, reason, rules)
values ($1, $2, $3, $4, $5, $6) returning *`

const closePolicy = `update policy set valid_to = $1 where valid_to = 4611686018427387903`

// policyByVersion takes 0 for the one in force.
const policyByVersion = `select version, valid_from, recorded_by, reason, rules from policy
where version = $1 or $1 = 0 and valid_to = 4611686018427387903`

func scanPolicy(row scanner) (hotline.Policy, error) {
	var p hotline.Policy
	var rules []byte
	if err := row.Scan(&p.Version, &p.RecordedAt, &p.RecordedBy, &p.Reason, &rules); err != nil {
		return p, err
	}
	if err := json.Unmarshal(rules, &p.Rules); err != nil {
		return p, fmt.Errorf("read policy %d: %w", p.Version, err)
	}
	return p, nil
}

// Policy gives a version of the policy; 0 is the one in force.
func (s *Store) Policy(ctx context.Context, version int) (hotline.Policy, error) {
	return one(ctx, s.ask(ctx), fmt.Sprintf("There is no policy %d.", version), policyByVersion, []any{version}, scanPolicy)
}

// policy is Policy, asked once for the transaction.
func (t *tx) policy(ctx context.Context, version int) (hotline.Policy, error) {
	if p, ok := t.policies[version]; ok {
		return p, nil
	}
	p, err := t.s.Policy(ctx, version)
	if err == nil {
		if t.policies == nil {
			t.policies = map[int]hotline.Policy{}
		}
		t.policies[version] = p
	}
	return p, err
}

// Policies gives every version, oldest first.
func (s *Store) Policies(ctx context.Context) ([]hotline.Policy, error) {
	return all(ctx, s.ask(ctx), `select version, valid_from, recorded_by, reason, rules from policy order by version`, nil, scanPolicy)
}

// SetPolicy writes the next version. p.Version is the one that the change was
// made from; 0 takes whichever is in force. Incidents keep the version that
// they have.
func (s *Store) SetPolicy(ctx context.Context, actor access.Actor, p hotline.Policy) (hotline.Policy, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		before, err := s.Policy(ctx, 0)
		if err != nil {
			return err
		}
		if p.Version != 0 && p.Version != before.Version {
			return stale("policy", p.Version, before.Version, before.RecordedBy)
		}
		p.Version, p.RecordedAt, p.RecordedBy = before.Version+1, t.at, actor.Name
		return t.writePolicy(ctx, actor, &p)
	})
	if err != nil {
		return hotline.Policy{}, err
	}
	return p, nil
}

func (t *tx) writePolicy(ctx context.Context, actor access.Actor, p *hotline.Policy) error {
	rules, err := encode(p.Rules)
	if err != nil {
		return err
	}
	t.policies = nil
	c := t.change(actor, "policy.set", fmt.Sprintf("policy/%d", p.Version))
	if err := c.exec(ctx, closePolicy, t.at); err != nil {
		return err
	}
	if _, err := c.insert(ctx, "policy", insertPolicy, p.Version, t.at, incidents.Forever, p.RecordedBy, p.Reason, rules); err != nil {
		return err
	}
	return c.done(ctx, p.Version, nil)
}

// beginPolicy gives a new log its first policy.
func (s *Store) beginPolicy(ctx context.Context) error {
	if _, err := s.Policy(ctx, 0); !fault.Is(err, fault.NotFound) {
		return err
	}
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		// Another process may have opened the same new log meanwhile.
		if _, err := s.Policy(ctx, 0); !fault.Is(err, fault.NotFound) {
			return err
		}
		p := hotline.Policy{Version: 1, RecordedAt: t.at, RecordedBy: "system", Reason: "the default rules of a new log", Rules: hotline.DefaultRules()}
		return t.writePolicy(ctx, access.Actor{Name: p.RecordedBy}, &p)
	})
}
