// Package csv writes and reads tables of comma-separated values (RFC 4180), a
// row a feature. It streams: memory does not grow with the number of features.
//
// A row has the values of the layer's properties, then geometry_wkt (Well-Known
// Text, OGC 06-103r4, x before y), then longitude and latitude of a point, or
// easting and northing when the layer's reference system is in metres. For a
// geometry that is no point these two are empty: no point is invented for it. A
// layer without geometry has none of the three. The id of a feature stands there
// only as a property.
//
// How values are written:
//
//   - null is an empty cell, an empty text is "" in quotation marks;
//   - numbers have a point and no exponent; true and false; times are RFC 3339
//     in UTC;
//   - the items of a list are parted by semicolons, and a semicolon or backslash
//     within an item has a backslash before it (format.JoinList);
//   - a text that a spreadsheet would take for a formula, since it begins with
//     = + - @, a tab or a carriage return, has an apostrophe before it, and so
//     has a text of apostrophes followed by one of them. Reader takes it off
//     again, so that every text comes back as it was. Numbers are never touched.
//
// The encoding is UTF-8 without a byte order mark, and lines end with CR LF. A
// table has no end: a cut one is known by its last line that lacks CR LF or
// cells, and when it is cut between rows only by the count in the manifest of the
// export.
//
// encoding/csv is not used: it changes line breaks within cells when lines end
// with CR LF, and does not tell an empty text from none.
package csv
