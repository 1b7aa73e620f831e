package web

import (
	"github.com/labstack/echo/v4"

	"interceptlog/internal/fault"
)

func (s *Server) listContacts(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) newContact(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postContact(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) showContact(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) editContact(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postContactEdit(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postLink(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postUnlink(c echo.Context) error { return fault.New(fault.NotFound, "not there") }

func (s *Server) postContactRetract(c echo.Context) error { return fault.New(fault.NotFound, "not there") }
