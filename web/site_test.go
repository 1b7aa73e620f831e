package web_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/crypto/argon2"

	"interceptlog/internal/access"
	"interceptlog/internal/geo"
	"interceptlog/internal/hotline"
	"interceptlog/internal/incidents"
	"interceptlog/internal/research"
	"interceptlog/internal/store"
	"interceptlog/internal/store/sqlite"
	"interceptlog/internal/watch"
	"interceptlog/testdata"
	"interceptlog/web"
)

// start is when the site under test was first started; its clock runs on from
// there by hand.
var start = time.Date(2026, 11, 24, 3, 12, 20, 0, time.UTC)

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) Advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// site is the whole server on a real store with the sample in it.
type site struct {
	*httptest.Server
	store   *store.Store
	web     *web.Server
	clock   *clock
	clients map[access.Role]*http.Client
}

const password = "password-of-a-test"

// passwordHash is a cheap one, which the real check takes as it takes any other:
// argon2id is slow on purpose, and a hundred sites sign in some hundred people.
var passwordHash = sync.OnceValue(func() string {
	salt := []byte("salt of the test")
	key := argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)
	return fmt.Sprintf("$argon2id$v=%d$m=64,t=1,p=1$%s$%s", argon2.Version, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
})

// The logs that sites start from are made once and copied: reading the sample
// in takes a second, ten under the race detector.
var (
	emptyLog  = sync.OnceValues(func() (string, error) { return makeLog(false) })
	sampleLog = sync.OnceValues(func() (string, error) { return makeLog(true) })
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, made := range madeLogs {
		os.RemoveAll(made)
	}
	os.Exit(code)
}

var (
	making   sync.Mutex
	madeLogs []string
)

// makeLog makes a log with a user of each role, and the sample if it is wanted.
func makeLog(sample bool) (dir string, err error) {
	if dir, err = os.MkdirTemp("", "interceptlog-site-"); err != nil {
		return "", err
	}
	making.Lock()
	madeLogs = append(madeLogs, dir)
	making.Unlock()
	c := &clock{t: start}
	st, err := sqlite.Open(dir, sqlite.Options{Now: c.Now})
	if err != nil {
		return "", err
	}
	for _, role := range access.Roles() {
		u := access.User{Name: string(role), Role: role, PasswordHash: passwordHash(), CreatedAt: start}
		if err := st.AddUser(context.Background(), access.Actor{Name: "cli:test", Role: access.Administrator}, u); err != nil {
			return "", errors.Join(err, st.Close())
		}
	}
	if sample {
		if err := readSample(st, c); err != nil {
			return "", errors.Join(err, st.Close())
		}
	}
	return dir, st.Close()
}

// readSample reads the 115 real records, the lines and contacts, and the seven
// exercise incidents.
func readSample(st *store.Store, c *clock) error {
	im := &research.Importer{Store: st, Now: c.Now, Marking: "NATO UNCLASSIFIED", Actor: access.Actor{Name: "cli:test", Role: access.Administrator},
		Derive: func(rec *incidents.Record) incidents.Place { return incidents.Derive(geo.Default(), rec) }}
	for _, name := range []string{"incidents.ndjson", "hotline.ndjson"} {
		f, err := testdata.Research.Open("research/" + name)
		if err != nil {
			return err
		}
		report, err := im.Import(context.Background(), []research.File{{Name: name, Reader: f}}, false)
		f.Close()
		if err != nil || report.Failed() {
			return fmt.Errorf("import %s: %w %+v", name, err, report.Problems)
		}
	}
	return im.LoadExercise(context.Background(), c.Now())
}

// newSite starts a site with the 115 real records, the lines and contacts, and
// the seven exercise incidents. Each role has a user of its name.
func newSite(t testing.TB) *site {
	t.Helper()
	return siteOn(t, sampleLog)
}

// newEmptySite starts a site with users and nothing else.
func newEmptySite(t testing.TB) *site {
	t.Helper()
	return siteOn(t, emptyLog)
}

// siteOn starts a site on a copy of a log.
func siteOn(t testing.TB, made func() (string, error)) *site {
	t.Helper()
	dir, err := made()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	c := &clock{t: start}
	st, err := sqlite.Open(folder, sqlite.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{store: st, clock: c, clients: map[access.Role]*http.Client{}}
	s.web = s.config()
	s.Server = httptest.NewServer(s.web.Handler())
	t.Cleanup(func() {
		s.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// config is a server on the store of the site, not started yet.
func (s *site) config() *web.Server {
	atlas, st, c := geo.Default(), s.store, s.clock
	return &web.Server{Store: st, Log: &incidents.Log{Store: st, Atlas: atlas, Now: c.Now}, Desk: &hotline.Desk{Store: st, Now: c.Now},
		Watch: &watch.Desk{Store: st, Records: st, Now: c.Now},
		Atlas: atlas, Sessions: st.Sessions(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: c.Now,
		Markings: []string{"NATO UNCLASSIFIED", "NATO RESTRICTED", "NATO CONFIDENTIAL"}, Version: "test"}
}

// serve puts another server in the place of the one that the site began with,
// with the log as it is.
func (s *site) serve(t testing.TB, w *web.Server) {
	t.Helper()
	s.Server.Close()
	s.web = w
	s.Server = httptest.NewServer(w.Handler())
}

// as gives a browser that is signed in as the role; the empty role is nobody.
// Redirects are not followed.
func (s *site) as(t testing.TB, role access.Role) *http.Client {
	t.Helper()
	if c := s.clients[role]; c != nil {
		return c
	}
	c := s.newClient(t)
	if role != "" {
		resp, err := c.PostForm(s.URL+"/login", url.Values{"name": {string(role)}, "password": {password}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("sign in as %s: %s", role, resp.Status)
		}
	}
	s.clients[role] = c
	return c
}

// newClient gives a browser that nobody has signed in with.
func (s *site) newClient(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   string
	doc    *goquery.Document // of an HTML page
}

// get asks for an address as a role.
func (s *site) get(t testing.TB, role access.Role, path string) answer {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.do(t, role, req)
}

// post sends a form as a role.
func (s *site) post(t testing.TB, role access.Role, path string, form url.Values) answer {
	t.Helper()
	return s.send(t, http.MethodPost, role, path, form)
}

// put is post by the other method.
func (s *site) put(t testing.TB, role access.Role, path string, form url.Values) answer {
	t.Helper()
	return s.send(t, http.MethodPut, role, path, form)
}

func (s *site) send(t testing.TB, method string, role access.Role, path string, form url.Values) answer {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(t, role, req)
}

func (s *site) do(t testing.TB, role access.Role, req *http.Request) answer {
	t.Helper()
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "text/html,*/*;q=0.8")
	}
	resp, err := s.as(t, role).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(body)}
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		if a.doc, err = goquery.NewDocumentFromReader(strings.NewReader(a.body)); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// bySource finds an imported incident by its id at the source.
func (s *site) bySource(t testing.TB, sourceID string) incidents.Incident {
	t.Helper()
	for _, source := range []string{"research", "exercise"} {
		if inc, err := s.store.IncidentBySource(context.Background(), source, sourceID); err == nil {
			return inc
		}
	}
	t.Fatalf("no incident %s", sourceID)
	return incidents.Incident{}
}

// request is one that somebody signed in makes, for a handler that is asked
// without a network.
func (s *site) request(t testing.TB, role access.Role, path string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, s.URL+path, nil)
	for _, c := range s.as(t, role).Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	return r
}
