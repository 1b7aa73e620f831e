package incidents

import (
	"net/url"
	"strings"

	"interceptlog/internal/fault"
)

// KeptFilter reads a filter that is to be kept, such as that of a token, from
// text as in an address: region=baltic&severity=serious. It gives the text that
// ParseKept reads back, in which exercise is always said, so that no other
// default than that of the pages can widen it.
func KeptFilter(text string) (string, error) {
	f, err := ParseKept(text)
	if err != nil {
		return "", err
	}
	v := f.Values()
	if f.Exercise == "" {
		v.Set("exercise", "exclude")
	}
	return v.Encode(), nil
}

// ParseKept reads what KeptFilter gave. A kept filter says which incidents, and
// never as of when.
func ParseKept(text string) (Filter, error) {
	v, err := url.ParseQuery(strings.TrimPrefix(strings.TrimSpace(text), "?"))
	if err != nil {
		return Filter{}, fault.Wrap(fault.Invalid, "cannot be read; accepted: names and values as in an address, such as region=baltic&severity=serious.", err)
	}
	if v.Has("as_of") {
		return Filter{}, &fault.Error{Kind: fault.Invalid, Msg: "The filter cannot be kept.", Fields: []fault.Field{{Name: "as_of", Msg: "says when, and a filter that is kept says which; leave it out."}}}
	}
	f, err := ParseFilter(v)
	if err == nil && f.IsEmpty() && strings.TrimSpace(v.Get("exercise")) == "" {
		return f, fault.New(fault.Invalid, "asks for nothing; accepted: names and values as in an address, such as region=baltic&severity=serious.")
	}
	return f, err
}
