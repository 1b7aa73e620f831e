package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) showIncident(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) showHistory(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postRetract(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
