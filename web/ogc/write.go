package ogc

// Writer enters, changes and takes back features by the rules of the log.
type Writer interface{}

func (a *API) writeRoutes() []Route { return nil }
