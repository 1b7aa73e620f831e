package kml

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"

	gokml "github.com/twpayne/go-kml/v3"

	"interceptlog/internal/feature"
	"interceptlog/internal/format"
	"interceptlog/internal/incidents"
)

// regionProperty is the property that a layer is parted by.
const regionProperty = "region"

var folder = xml.StartElement{Name: xml.Name{Local: "Folder"}}

// waiting is a folder whose placemarks wait in a temporary file.
type waiting struct {
	*format.Spool
	enc *xml.Encoder
}

// folderOf gives what the placemark of a feature is written with.
func (w *Writer) folderOf(f *feature.Feature) (*xml.Encoder, error) {
	if w.regions == nil {
		return w.enc, nil
	}
	region := w.text(f, regionProperty)
	if !slices.Contains(w.regions, region) {
		region = ""
	}
	if w.first == nil {
		w.first = &region
		return w.enc, w.beginFolder(region)
	}
	if region == *w.first {
		return w.enc, nil
	}
	if w.waiting[region] == nil {
		file, err := format.NewSpool("kml")
		if err != nil {
			return nil, err
		}
		w.waiting[region] = &waiting{file, xml.NewEncoder(file)}
	}
	return w.waiting[region].enc, nil
}

func (w *Writer) beginFolder(region string) error {
	name := "Region not known"
	if region != "" {
		name = incidents.RegionCodes.Word(region)
	}
	for _, t := range []xml.Token{newline, folder} {
		if err := w.enc.EncodeToken(t); err != nil {
			return err
		}
	}
	return write(w.enc, gokml.Name(name))
}

func (w *Writer) endFolder() error {
	if err := w.enc.EncodeToken(newline); err != nil {
		return err
	}
	return w.enc.EncodeToken(folder.End())
}

// endFolders ends the folder that is streamed and writes those that wait, in the
// order of their codes, that without one last.
func (w *Writer) endFolders() error {
	if w.first == nil {
		return nil
	}
	if err := w.endFolder(); err != nil {
		return err
	}
	for _, region := range append(w.regions[:len(w.regions):len(w.regions)], "") {
		f := w.waiting[region]
		if f == nil {
			continue
		}
		if err := w.beginFolder(region); err != nil {
			return err
		}
		if err := w.enc.Flush(); err != nil {
			return err
		}
		if err := f.copy(w.out); err != nil {
			return fmt.Errorf("write KML: %w", err)
		}
		if err := w.endFolder(); err != nil {
			return err
		}
	}
	return nil
}

// copy writes the placemarks.
func (f *waiting) copy(to io.Writer) error {
	if err := f.enc.Close(); err != nil {
		return err
	}
	file, err := f.Reader()
	if err != nil {
		return err
	}
	_, err = io.Copy(to, file)
	return err
}
