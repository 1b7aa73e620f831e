// Package cql2 reads filters in the Common Query Language (OGC 21-065r2), as
// text and as JSON, and decides for one row at a time whether it matches.
//
// A filter travels: ParseText or ParseJSON gives a tree, Compile checks it
// against the properties that there are, and Match evaluates it. Nothing of a
// filter ever becomes SQL. Mistakes are an *Error that says where.
//
// What the standard leaves open is settled here. A date stands for the whole
// day in the temporal functions, and for its first instant beside a comparison
// operator. A text beside a time is read as a time. A comparison with null is
// null, and a row matches only when the whole filter is true.
//
// The package knows nothing of incidents and of HTTP.
package cql2
