package view

import "strconv"

// Notes are what stands below the record of an incident: attachments, which
// belong to it, and comments, which do not.
type Notes struct {
	Incident string // address of the incident
	AsOf     bool   // read as of a moment: nothing can be added
	CanWrite bool
	Files    FilePart
	Comments CommentPart
	Title    string // of the error summary
	Errors   []FieldError
}

// FilePart is the attachments, oldest first, and the form for one more.
type FilePart struct {
	List     []File
	Standing int    // those that were not struck
	Closed   bool   // the incident was retracted: nothing is attached to it
	FormID   string // the id that the next one will have
	MaxBytes int
	MaxSize  string // the same in words
	Most     int    // how many an incident may have
}

// hint says what is accepted, and what becomes of it.
func (p FilePart) hint() string {
	return "PNG, JPEG, GIF, WebP or PDF; up to " + p.MaxSize + " each, " + strconv.Itoa(p.Most) +
		" for an incident. The file is kept as it is, with the place and camera that it may name; only the preview leaves those out."
}

// full reports whether no more fits.
func (p FilePart) full() bool { return p.Standing >= p.Most }

// File is one attachment with what may be done to it.
type File struct {
	ID, Href           string
	No                 int
	Name, Kind, Size   string // radar.png, PNG, 1.2 MB
	Pixels             string // 1440 × 900 pixels; "" for a document
	SHA256             string
	Preview            string // address; "" for none
	PreviewW, PreviewH int    // pixels
	Author             string
	At                 Moment
	Struck             *Strike
	MayOpen, MayStrike bool
	Reason, Err        string // as typed into the form of its strike, and what is wrong
}

// facts are what it is: PNG, 1440 × 900 pixels, 1.2 MB.
func (f File) facts() string {
	if f.Pixels == "" {
		return f.Kind + ", " + f.Size
	}
	return f.Kind + ", " + f.Pixels + ", " + f.Size
}

// CommentPart is the comments, oldest first, and the form for one more.
type CommentPart struct {
	List   []Comment
	FormID string // the id that the next comment will have
	Text   string
	Max    int
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
