package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) listIncidents(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
