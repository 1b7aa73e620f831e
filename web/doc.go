// Package web is the product in a browser: server-rendered pages that work
// without scripts, the export of what they show, and who may see them. It
// decodes forms and addresses, asks the domain, and picks a page; it holds no
// rules and no SQL.
//
// Reading order: routes.go (every address with the right it needs), server.go,
// respond.go (errors to pages), session.go, then one file per noun.
package web
