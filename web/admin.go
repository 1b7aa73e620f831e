package web

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
	"interceptlog/web/view"
)

// adminPlaces are the pages of administration, in the order of the index.
// Those that this server does not have, or that the one who asks may not see,
// are left out.
var adminPlaces = []view.AdminPlace{
	{Href: "/users", Name: "Users", What: "Who may sign in, and as what"},
	{Href: "/audit", Name: "Audit", What: "Who did what, when and why; proof that nothing was changed since"},
	{Href: "/policies", Name: "Policies", What: "Which contact is asked for after an incident, and by when; what another policy would have said"},
	{Href: "/import", Name: "Import", What: "Incidents and contacts out of GeoJSON, CSV, GeoPackage and shapefiles"},
	{Href: "/lines", Name: "Lines", What: "The register of the hotlines"},
	{Href: "/sheets", Name: "Call sheets", What: "What is said on a call, in both languages"},
	{Href: "/alarms", Name: "Alarms", What: "What was raised, and who acknowledged it"},
	{Href: "/shifts", Name: "Shifts", What: "Watches and handovers"},
}

// page gives the route of a page; nil where this server has none.
func (s *Server) page(path string) *route {
	for _, r := range s.table {
		if r.method == http.MethodGet && r.path == path {
			return &r
		}
	}
	return nil
}

// showAdmin is the index of administration.
func (s *Server) showAdmin(c echo.Context) error {
	p := view.AdminPage{Frame: s.frame(c, "Administration", "admin")}
	for _, place := range adminPlaces {
		if r := s.page(place.Href); r != nil && actor(c).Role.May(r.right) {
			p.Places = append(p.Places, place)
		}
	}
	p.Admin = actor(c).Role.May(access.Admin)
	last := s.Now().UTC().Year() - 1
	p.PackFrom, p.PackTo = fmt.Sprintf("%d-01-01", last), fmt.Sprintf("%d-12-31", last)
	p.Frame.Keys = []view.Key{{Key: "J", Label: "K move"}, {Key: "Enter", Label: "open"}}
	return page(c, http.StatusOK, view.Admin(p))
}
