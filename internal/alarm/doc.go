// Package alarm says what needs an officer now, and keeps who saw it. An alarm
// always asks for an act: where nobody can do anything, there is none. The
// rules and their figures are those of ISA-18.2, EEMUA 191 and IMO
// MSC.302(87): four kinds by what the officer must do, one alert for a
// situation, acknowledged by a named person, shelved for a time at most, back
// when it still holds. Acknowledging changes no clock of an incident: only a
// call does.
//
// No SQL and no HTTP. Reading order: situation.go (what holds now), alert.go
// (what becomes of an alert), store.go, panel.go (what people do), keeper.go
// (what the server does), figures.go (whether there are too many).
package alarm
