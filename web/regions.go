package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) showMap(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) showRegion(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) mapFeatures(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
