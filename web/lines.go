package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) listLines(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) showLine(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
