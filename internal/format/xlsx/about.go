package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"interceptlog/internal/feature"
	"interceptlog/internal/incidents"
)

// about writes the sheet that says what the others are.
func (w *Writer) about() error {
	s := &sheet{name: aboutName}
	if err := w.add(s, false); err != nil {
		return err
	}
	for i, width := range []float64{24, 26, 16, 16, 44, 90} {
		if err := s.stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	for _, row := range w.aboutRows() {
		s.row++
		cells := make([]any, len(row))
		for i, text := range row {
			if text == "" {
				continue
			}
			cells[i] = s.text(text)
			if row[0] == "layer" || s.row == 1 {
				cells[i] = excelize.Cell{StyleID: w.head, Value: s.text(text)}
			}
		}
		if err := s.stream.SetRow(fmt.Sprintf("A%d", s.row), cells); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

// aboutRows are the meta, the layers, and the codebook of their columns.
func (w *Writer) aboutRows() [][]string {
	rows := [][]string{{"what", "value"}}
	if w.meta.AsOf != 0 {
		rows = append(rows, []string{"as_of", incidents.FormatInstant(w.meta.AsOf)})
	}
	rows = append(rows, []string{"filter", w.meta.Filter}, []string{"marking", w.meta.Marking})
	for _, s := range w.sheets {
		text := fmt.Sprintf("%d features", s.row-1)
		if s.more {
			text += "; goes on with the sheet before"
		}
		for _, more := range []string{s.layer.Title, s.layer.Description} {
			if more != "" {
				text += "; " + more
			}
		}
		if s.cut > 0 {
			text += fmt.Sprintf("; %d texts were longer than the 32,767 characters of a cell and are cut", s.cut)
		}
		rows = append(rows, []string{"sheet " + s.name, text})
	}
	rows = append(rows, []string{"times", "UTC, shown to the minute"}, nil, []string{"layer", "property", "type", "unit", "values", "meaning"})
	for _, s := range w.sheets {
		if s.more {
			continue // its columns are those of the sheet before
		}
		for _, p := range s.layer.Columns() {
			rows = append(rows, []string{s.name, p.Name, typeName(p), p.Unit, p.Values(), p.Meaning})
		}
	}
	return rows
}

// typeName is the type as a cell has it.
func typeName(p feature.Property) string {
	name := map[feature.Kind]string{feature.Instant: "date", feature.List: "text, items parted by ;"}[p.Kind]
	if name == "" {
		return p.Type()
	}
	if p.Nullable {
		name += " or null"
	}
	return name
}
