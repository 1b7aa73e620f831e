package hotline

// Sheet is the words of a call sheet in one language, one revision of them.
type Sheet struct {
	Language string `json:"language"` // ISO 639-1
	Meta
	Phrases    map[string]string `json:"phrases"`
	ApprovedBy string            `json:"approved_by,omitempty"` // empty: a draft
	ApprovedAt Millis            `json:"approved_at,omitempty"`
}
