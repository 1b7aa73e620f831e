package kml

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"slices"

	gokml "github.com/twpayne/go-kml/v3"

	"interceptlog/internal/feature"
	"interceptlog/internal/incidents"
)

// regionProperty is the property that a layer is parted by.
const regionProperty = "region"

var folder = xml.StartElement{Name: xml.Name{Local: "Folder"}}

// waiting is a folder whose placemarks wait in a temporary file.
type waiting struct {
	file *os.File
	out  *bufio.Writer
	enc  *xml.Encoder
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
		file, err := os.CreateTemp("", "interceptlog-kml-")
		if err != nil {
			return nil, fmt.Errorf("write KML: %w", err)
		}
		out := bufio.NewWriterSize(file, 32<<10)
		w.waiting[region] = &waiting{file, out, xml.NewEncoder(out)}
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
	if err := f.out.Flush(); err != nil {
		return err
	}
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(to, f.file)
	return err
}

// drop removes the file.
func (f *waiting) drop() {
	_ = f.file.Close()
	_ = os.Remove(f.file.Name()) // what cannot be removed is the system's to clear
}
