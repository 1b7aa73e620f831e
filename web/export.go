package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) exportIncidents(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) exportIncident(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
