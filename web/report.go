package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) newReport(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postReport(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) editReport(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postEdit(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
