package view

// Notes are what stands below the record of an incident.
type Notes struct {
	Incident string // address of the incident
	AsOf     bool   // read as of a moment: nothing can be added
	CanWrite bool
	Comments CommentPart
}

// CommentPart is the comments, oldest first, and the form for one more.
type CommentPart struct {
	List   []Comment
	FormID string // the id that the next comment will have
	Text   string
	Max    int
	Errors []FieldError
	Title  string // of the error summary
}

// Comment is one comment with what may be done to it.
type Comment struct {
	ID, Href     string // Href is where a strike is sent
	Author, Text string
	At           Moment
	Struck       *Strike
	MayStrike    bool
	Reason, Err  string // as typed into the form of its strike, and what is wrong
}

// Strike says that a comment or an attachment no longer stands.
type Strike struct {
	By, Reason string
	At         Moment
}
