package web

import (
	"github.com/a-h/templ"

	"interceptlog/internal/incidents"
	"interceptlog/web/view"
)

func (s *Server) addChart(p *view.IncidentPage, inc incidents.Incident) {}

func (s *Server) smallChart(inc incidents.Incident) templ.Component { return nil }

func (s *Server) regionChart(region string, b *board) templ.Component { return nil }
