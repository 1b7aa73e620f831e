// Package xlsx writes Excel workbooks (ECMA-376): a sheet a layer, a row a
// feature, and last a sheet "about" with the moment, the filter, the marking, and
// of every column its type, unit, values and meaning.
//
// Numbers are numbers, truth is TRUE or FALSE, times are dates in UTC that are
// shown to the minute and hold the millisecond, lists are one text as
// format.JoinList writes it, and null is an empty cell. Texts are stored as
// texts, so none is computed. The geometry stands as Well-Known Text, and of a
// point also as longitude and latitude; easting and northing when the layer's
// reference system is in metres.
//
// A layer of more rows than a sheet has, 1,048,576 with the header, goes on in
// further ones: "nations", "nations (2)".
//
// What Excel cannot hold: texts beyond
// 32,767 characters, which are cut, say so at their end and are counted in
// "about"; whole numbers beyond 2^53 and times before March 1900, which are
// written as texts.
//
// Rows go to temporary files beyond 16 MB a sheet, so that memory does not grow
// with the number of features; the file itself is written by Close, and until
// then no byte of it is. What is cut then lacks the directory of the ZIP and
// opens nowhere.
package xlsx
