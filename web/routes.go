package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"interceptlog/internal/access"
)

// route is one address: how it is asked, the right that it needs, and who
// answers.
type route struct {
	method string
	path   string
	right  access.Right
	handle echo.HandlerFunc
}

// routes is every address of the site but the hashed asset files. The golden
// matrix in testdata/golden/rights.txt shows what each role gets of it.
func (s *Server) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/healthz", access.Public, s.health},
		{get, "/login", access.Public, s.showLogin},
		{post, "/login", access.Public, s.postLogin},
		{post, "/logout", access.Public, s.postLogout},
		{post, "/theme", access.Public, s.postTheme},

		{get, "/", access.Board, s.showBoard}, // the wall is led to its own board
		{get, "/board", access.Board, s.showBoard},
		{get, "/events", access.Board, s.events},
		{get, "/events/poll", access.Board, s.pollEvents},

		{get, "/incidents", access.Read, s.listIncidents},
		{get, "/incidents/new", access.Write, s.newReport},
		{post, "/incidents", access.Write, s.postReport},
		{post, "/incidents/same", access.Write, s.postSame},
		{get, "/incidents/difference", access.Read, s.showDifference},
		{get, "/incidents/:id", access.Read, s.showIncident},
		{get, "/incidents/:id/geojson", access.Export, s.exportIncident}, // asked as /incidents/{id}.geojson
		{get, "/incidents/:id/history", access.Read, s.showHistory},
		{get, "/incidents/:id/timeline", access.Read, s.showTimeline},
		{get, "/incidents/:id/timeline.csv", access.Export, s.exportTimeline},
		{get, "/incidents/:id/edit", access.Write, s.editReport},
		{post, "/incidents/:id", access.Write, s.postEdit},
		{post, "/incidents/:id/retract", access.Manage, s.postRetract},
		{post, "/incidents/:id/hold", access.Write, s.postHold},
		{post, "/incidents/:id/release", access.Write, s.postRelease},
		{post, "/incidents/:id/flag", access.Write, s.postFlag},
		{post, "/incidents/:id/unflag", access.Write, s.postUnflag},
		{get, "/incidents/:id/verify", access.Manage, s.showCheck},
		{post, "/incidents/:id/verify", access.Manage, s.postCheck},
		{post, "/incidents/:id/return", access.Manage, s.postReturn},
		{post, "/incidents/:id/close", access.Manage, s.postClose},
		{post, "/incidents/:id/reopen", access.Manage, s.postReopen},
		{post, "/incidents/:id/merge", access.Manage, s.postMerge},
		{get, "/verify", access.Manage, s.showQueue},
		{get, "/retractions", access.Read, s.showRetractions},

		{get, "/find", access.Read, s.find},
		{get, "/drafts", access.Write, s.listDrafts},
		{http.MethodPut, "/drafts/:key", access.Write, s.saveDraft},
		{post, "/drafts/:key/discard", access.Write, s.discardDraft},
		{get, "/profile", access.Read, s.showProfile},
		{post, "/profile", access.Read, s.postProfile},
		{post, "/profile/tokens", access.Read, s.postOwnToken},
		{post, "/profile/tokens/:id/revoke", access.Read, s.postOwnRevoke},
		{post, "/incidents/:id/comments", access.Write, s.postComment},
		{post, "/incidents/:id/comments/:cid/strike", access.Write, s.postStrikeComment},
		{post, "/incidents/:id/attachments", access.Write, s.postAttachment},
		{get, "/incidents/:id/attachments/:aid", access.Read, s.getAttachment},
		{get, "/incidents/:id/attachments/:aid/preview", access.Read, s.getPreview},
		{post, "/incidents/:id/attachments/:aid/strike", access.Write, s.postStrikeAttachment},
		{post, "/incidents/:id/presence", access.Read, s.postPresence},
		{get, "/incidents/:id/export.zip", access.Export, s.exportZip},

		{get, "/map", access.Read, s.showMap},
		{get, "/regions/:region", access.Read, s.showRegion},
		{get, "/map/incidents.geojson", access.Read, s.mapFeatures},
		{get, "/geo/:layer", access.Read, s.geoLayer},

		{get, "/lines", access.Read, s.listLines},
		{post, "/lines", access.Manage, s.postLine},
		{get, "/lines/new", access.Manage, s.newLine},
		{get, "/lines/:id", access.Read, s.showLine},
		{post, "/lines/:id", access.Manage, s.postLineEdit},
		{get, "/lines/:id/edit", access.Manage, s.editLine},
		{get, "/lines/:id/test", access.Write, s.showLineTest},
		{post, "/lines/:id/test", access.Write, s.postLineTest},
		{post, "/lines/:id/events", access.Write, s.postLineEvent},
		{get, "/lines/:id/events/:eid", access.Write, s.showLineEvent},
		{post, "/lines/:id/events/:eid", access.Write, s.postLineEventEdit},
		{get, "/contacts", access.Read, s.listContacts},
		{get, "/contacts/new", access.Write, s.newContact},
		{post, "/contacts", access.Write, s.postContact},
		{get, "/contacts/:id", access.Read, s.showContact},
		{get, "/contacts/:id/edit", access.Write, s.editContact},
		{post, "/contacts/:id", access.Write, s.postContactEdit},
		{post, "/contacts/:id/link", access.Write, s.postLink},
		{post, "/contacts/:id/unlink", access.Write, s.postUnlink},
		{post, "/contacts/:id/retract", access.Manage, s.postContactRetract},

		{get, "/journal", access.Read, s.showJournal},
		{get, "/journal/csv", access.Export, s.exportJournal},
		{get, "/journal/new", access.Write, s.newEntry},
		{post, "/journal", access.Write, s.postEntry},
		{get, "/journal/:id", access.Read, s.showEntry},
		{post, "/journal/:id/strike", access.Write, s.postStrikeEntry},
		{get, "/shifts", access.Read, s.listShifts},
		{get, "/shifts/new", access.Write, s.newShift},
		{post, "/shifts", access.Write, s.postShift},
		{get, "/shifts/:id", access.Write, s.editShift},
		{post, "/shifts/:id", access.Write, s.postShiftEdit},
		{post, "/shifts/:id/cancel", access.Write, s.postShiftCancel},
		{get, "/admin", access.Manage, s.showAdmin},
		{get, "/import", access.Manage, s.showImport},
		{post, "/import", access.Manage, s.postImport},
		{get, "/import/:id", access.Manage, s.showLoad},
		{post, "/import/:id", access.Manage, s.postLoad},
		{get, "/import/:id/report.csv", access.Manage, s.loadReport},
		{get, "/users", access.Admin, s.listUsers},
		{post, "/users", access.Admin, s.postUser},
		{get, "/users/:name", access.Admin, s.showUser},
		{post, "/users/:name", access.Admin, s.postUserAct},
		{post, "/users/:name/tokens", access.Admin, s.postUserToken},
		{post, "/users/:name/tokens/:id/revoke", access.Admin, s.postUserRevoke},
		{get, "/policies", access.Read, s.listPolicies},
		{get, "/policies/new", access.Manage, s.newPolicy},
		{post, "/policies", access.Manage, s.postPolicy},
		{get, "/audit", access.Admin, s.showAudit},
		{post, "/audit/verify", access.Admin, s.postAuditCheck},
		{get, "/audit/export.csv", access.Admin, s.exportAuditCSV},
		{get, "/audit/export.ndjson", access.Admin, s.exportAuditNDJSON},
		{get, "/handover", access.Read, s.showHandover},
		{post, "/handover", access.Write, s.postHandover},
		{post, "/handover/sign", access.Write, s.postHandoverSign},
		{post, "/handover/back", access.Write, s.postHandoverBack},
		{post, "/handover/drop", access.Write, s.postHandoverDrop},
		{get, "/handovers", access.Read, s.listHandovers},
		{get, "/handovers/:id", access.Read, s.showPastHandover},
		{get, "/handovers/:id/json", access.Export, s.exportHandover},
		{get, "/changes", access.Read, s.showChanges},
		{get, "/alarms", access.Read, s.showAlarms},
		{get, "/alarms/log", access.Read, s.showAlarmLog},
		{get, "/alarms/figures", access.Manage, s.showAlarmFigures},
		{get, "/alarms/waiting", access.Read, s.waitingAlarms},
		{post, "/alarms/sound", access.Write, s.postSoundTest},
		{post, "/alarms/:id/ack", access.Write, s.postAcknowledge},
		{post, "/alarms/:id/shelve", access.Write, s.postShelve},
		{get, "/calls/new", access.Write, s.newCall},
		{post, "/calls", access.Write, s.postCall},
		{get, "/calls/:id", access.Write, s.showCall},
		{post, "/calls/:id", access.Write, s.postCallEnd},
		{http.MethodPut, "/calls/:id/notes", access.Write, s.putCallNotes},
		{post, "/calls/:id/drop", access.Write, s.postCallDrop},
		{post, "/contacts/:id/expectations", access.Write, s.postExpect},
		{post, "/expectations/:id", access.Write, s.postSettle},
		{get, "/sheets", access.Read, s.showSheets},
		{get, "/sheets/:lang/edit", access.Manage, s.editSheet},
		{post, "/sheets/:lang", access.Manage, s.postSheet},
		{post, "/sheets/:lang/approve", access.Manage, s.approveSheet},

		{get, "/export/pack.zip", access.Export, s.exportPack},
		{get, "/export", access.Export, s.showExports},
		{get, "/export/:file", access.Export, s.exportFile},
		{http.MethodHead, "/export/:file", access.Export, s.exportFile},

		{get, "/read/time", access.Read, s.readTime},
		{get, "/read/position", access.Read, s.readPosition},
		{get, "/read/schedule", access.Read, s.readSchedule},
		{get, "/help", access.Read, s.showHelp},
	}
}

// Route is one line of the table of routes, for those outside who check it.
type Route struct{ Method, Path, Right string }

// RouteTable lists every address with the right it needs, once there is a
// handler.
func (s *Server) RouteTable() []Route {
	var out []Route
	for _, r := range s.table {
		out = append(out, Route{r.method, r.path, string(r.right)})
	}
	return out
}
