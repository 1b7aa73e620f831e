package view

import "interceptlog/web/assets"

// Symbol is an APP-6 symbol: Side is friend, neutral or unknown, which the frame
// tells; Task is a code of taskWords, which the icon tells. Neither has a colour.
type Symbol struct{ Side, Task string }

// taskWords name the icons, in the order of the legend. The drawings are made by
// web/assets/build/symbols.mjs.
var taskWords = []Option{
	{Value: "fighter", Label: "fighter"},
	{Value: "bomber", Label: "bomber"},
	{Value: "patrol", Label: "patrol"},
	{Value: "recon", Label: "reconnaissance"},
	{Value: "warning", Label: "early warning"},
	{Value: "tanker", Label: "tanker"},
	{Value: "transport", Label: "transport"},
	{Value: "helicopter", Label: "helicopter"},
	{Value: "UAV", Label: "unmanned"},
	{Value: "civil", Label: "civil"},
	{Value: "aircraft", Label: "aircraft"},
	{Value: "ship", Label: "ship"},
	{Value: "installation", Label: "installation"},
}

// sideWords name the frames: an arch, a box and a clover in the air.
var sideWords = []Option{
	{Value: "friend", Label: "NATO", Hint: "arch"},
	{Value: "neutral", Label: "not NATO", Hint: "box"},
	{Value: "unknown", Label: "nation unknown", Hint: "clover"},
}

// IsTask reports whether there is an icon of that name.
func IsTask(code string) bool { return labelOf(taskWords, code) != "" }

func labelOf(options []Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Label
		}
	}
	return ""
}

// words say what the symbol says: "fighter, NATO".
func (s Symbol) words() string {
	return labelOf(taskWords, s.Task) + ", " + labelOf(sideWords, s.Side)
}

// id names the drawing in the sprite.
func (s Symbol) id() string { return s.Side + "-" + s.Task }

// href is where the drawing is.
func (s Symbol) href() string { return assets.Path("symbols.svg") + "#" + s.id() }
